import type { Logger } from 'pino';
import type { DurableFiles } from '../process/durable-files.js';
import { Actions } from './config/actions.js';
import { Commits } from './config/commits.js';
import { Datastore } from './config/datastore.js';
import type { HostKernel } from './config/host-kernel.js';
import { Mutex } from './config/mutex.js';
import { OwnerLock } from './config/owner-lock.js';
import { readBootClock } from './store/boot-clock.js';
import { StateStore } from './store/state-store.js';

/** What commits are made of. */
export interface CommitParts {
  readonly datastore: Datastore;
  readonly commits: Commits;
  readonly actions: Actions;
  readonly lock: OwnerLock;
  /** Held by whoever changes the host. */
  readonly mutex: Mutex;
}

interface CommitNeeds {
  readonly stateDirectory: string;
  readonly files: DurableFiles;
  readonly kernel: HostKernel;
  readonly log: Logger;
  readonly damage: readonly string[];
  /** Hears of the end of each action. */
  readonly onActionEnd: () => void;
}

export interface StartedCommits extends CommitParts {
  /** Whether the start finished or undid what an earlier life of the agent left half done, or unconfirmed too long. */
  readonly recovered: boolean;
}

/** Reads what is known of the host, and leads the host there before anybody can ask for something else. */
export async function startCommits({
  stateDirectory,
  files,
  kernel,
  log,
  damage,
  onActionEnd,
}: CommitNeeds): Promise<StartedCommits> {
  const mutex = new Mutex();
  const store = new StateStore(stateDirectory, files);
  const datastore = new Datastore();
  const commits = new Commits(datastore, kernel, store, readBootClock);
  const lock: OwnerLock = new OwnerLock(
    () => {
      datastore.discard();
      actions.endSession();
    },
    () => actions.isBusy,
  );
  const actions = new Actions({
    datastore,
    commits,
    kernel,
    mutex,
    releaseOwner: () => {
      lock.release();
    },
    onEnd: (action, result) => {
      const problems = actions.problems.map(({ text }) => text);
      log.info({ action, result, milliseconds: actions.lastDuration, problems }, 'action');
      onActionEnd();
    },
  });
  const loaded = await store.load();
  commits.damage = [...damage, ...loaded.damage];
  for (const text of commits.damage) log.error({ damage: text }, 'a file is damaged');
  let recovered = false;
  if (loaded.state !== undefined) {
    commits.adopt(loaded.state);
    const before = loaded.state.phase;
    await actions.recover();
    recovered = before.name !== 'idle' && commits.phase.name === 'idle';
  } else {
    // What netmgr may have left here is drift: to take it away unasked could end an experiment.
    log.info('nothing is known of this host; what runs there is left as it is');
  }
  return { datastore, commits, actions, lock, mutex, recovered };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Actions } from '../../../src/agent/config/actions.js';
import { Commits } from '../../../src/agent/config/commits.js';
import { Datastore } from '../../../src/agent/config/datastore.js';
import type { HostKernel } from '../../../src/agent/config/host-kernel.js';
import { Mutex } from '../../../src/agent/config/mutex.js';
import type { Problem } from '../../../src/agent/config/problem.js';
import type { BootTime } from '../../../src/agent/store/boot-clock.js';
import { StateStore } from '../../../src/agent/store/state-store.js';
import type { Configuration } from '../../../src/mib/configuration.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { DurableFiles, type Checkpoint } from '../../../src/process/durable-files.js';

/** A kernel that records what it is told; the logic above it is what is tested with it. */
export class RecordingKernel implements HostKernel {
  /** The numbers of rows, from and to. */
  readonly done: string[] = [];
  failure: Error | undefined;
  restoreFailure: Error | undefined;

  validate(): Promise<Problem[]> {
    return Promise.resolve([]);
  }

  apply(from: Configuration, to: Configuration): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.done.push(`apply ${String(from.size)} -> ${String(to.size)}`);
    return Promise.resolve();
  }

  restore(from: Configuration, to: Configuration): Promise<void> {
    if (this.restoreFailure !== undefined) return Promise.reject(this.restoreFailure);
    this.done.push(`restore ${String(from.size)} -> ${String(to.size)}`);
    return Promise.resolve();
  }
}

/** A state directory of its own, and as many lives of an agent on it as are wanted. */
export class StateDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'netmgr-state-'));
  readonly kernel = new RecordingKernel();
  /** What time it is. */
  now: BootTime = { boot: 'first', seconds: 100 };

  /** An agent's commits as they are after its start. */
  async start(checkpoint?: Checkpoint): Promise<Life> {
    const datastore = new Datastore();
    const store = new StateStore(this.path, new DurableFiles(checkpoint));
    const commits = new Commits(datastore, this.kernel, store, () => Promise.resolve(this.now));
    const actions = new Actions({
      datastore,
      commits,
      kernel: this.kernel,
      mutex: new Mutex(),
      releaseOwner: () => undefined,
    });
    const { state, damage } = await store.load();
    if (state !== undefined) {
      commits.adopt(state);
      await actions.recover();
    }
    return { datastore, commits, actions, damage };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface Life {
  readonly datastore: Datastore;
  readonly commits: Commits;
  readonly actions: Actions;
  readonly damage: readonly string[];
}

/** Puts a site into the candidate. */
export function addSite({ datastore }: Life, site: number): void {
  datastore.candidate.set(siteTable, { site, name: `site${String(site)}`, policy: 'proxy' });
}

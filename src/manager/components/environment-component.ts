import { setTimeout as sleep } from 'node:timers/promises';
import { failuresOf, NetmgrError, rejectionsOf, throwIfAny } from '../../errors.js';
import type { AgentSession } from '../snmp/agent-session.js';
import type { CommitStatus } from '../snmp/agent-status.js';
import type { HostComponent } from './host-component.js';

/** What an apply is doing on a host. */
export type ApplyStep =
  | 'read'
  | `wait for ${string}`
  | 'write'
  | 'validate'
  | 'commit'
  | 'confirm'
  | 'roll back'
  | 'done'
  | 'unchanged';

export type ApplyListener = (hostName: string, step: ApplyStep) => void;

/** What an apply did on one host. */
export interface HostResult {
  readonly host: string;
  readonly changed: boolean;
  /** How many rows were written or removed. */
  readonly rows: number;
}

/** Milliseconds: a little more than the session of a dead manager lasts (netemuCfgOwnerTimeout). */
const LONGEST_WAIT = 70_000;
const WAIT_POLL = 1000;

/** One host under apply: what is wanted, how to speak to it, and how it was. */
interface Participant {
  readonly component: HostComponent;
  readonly session: AgentSession;
  readonly before: CommitStatus;
  rows: number;
}

/** All that is wanted of all hosts. */
export class EnvironmentComponent {
  constructor(
    readonly name: string,
    readonly hosts: readonly HostComponent[],
  ) {}

  /**
   * Applies the hosts as one transaction: all validate before any changes, all commit before any is final; a
   * failure anywhere leads every host back to what it ran before.
   *
   * @param sessions one for each host, in their order
   * @param signal ends the apply as long as no host has changed; after that it goes on to its end
   * @throws NetmgrError or ApplyError with what every host had to say
   */
  async apply(
    sessions: readonly AgentSession[],
    onStep: ApplyListener = () => undefined,
    signal?: AbortSignal,
  ): Promise<HostResult[]> {
    const participants = await this.#readAll(sessions, onStep);
    const pending = participants.filter((participant) => !isDone(participant));
    for (const participant of participants) {
      if (!pending.includes(participant)) onStep(participant.component.path, 'unchanged');
    }
    if (pending.length > 0) await this.#transaction(pending, onStep, signal);
    return participants.map((participant) => ({
      host: participant.component.path,
      changed: pending.includes(participant),
      rows: participant.rows,
    }));
  }

  async #readAll(sessions: readonly AgentSession[], onStep: ApplyListener): Promise<Participant[]> {
    const participants: Participant[] = [];
    await onAll(this.hosts, async (component) => {
      const session = sessions[this.hosts.indexOf(component)];
      if (session === undefined)
        throw new NetmgrError({ kind: 'Bug', message: `no session for ${component.path}` });
      onStep(component.path, 'read');
      const before = await readFree(session, component.path, onStep);
      participants.push({ component, session, before, rows: 0 });
    });
    return this.hosts.flatMap((host) => participants.find(({ component }) => component === host) ?? []);
  }

  async #transaction(
    pending: readonly Participant[],
    onStep: ApplyListener,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const step = (name: ApplyStep, work: (participant: Participant) => Promise<void>): Promise<void> =>
      onAll(pending, async (participant) => {
        onStep(participant.component.path, name);
        await work(participant);
      });
    try {
      await step('write', (participant) => this.#write(participant));
      await step('validate', ({ session, component }) =>
        session.act('validate', component.configuration.digest()),
      );
      if (signal?.aborted === true) {
        throw new NetmgrError({ kind: 'NotApplied', message: 'interrupted: no host was changed' });
      }
    } catch (error) {
      // Nothing was touched yet: the candidates go with the sessions.
      await releaseAll(pending);
      throw error;
    }
    try {
      await step('commit', ({ session, component }) =>
        session.act('commit', component.configuration.digest()),
      );
    } catch (error) {
      const failures = failuresOf(error);
      failures.push(...(await rollBackAll(pending, onStep)));
      await releaseAll(pending);
      throwIfAny(failures, 'nothing was applied: every host that could be reached runs what it ran before');
    }
    await step('confirm', ({ session, component }) =>
      session.act('confirm', component.configuration.digest()),
    );
    await releaseAll(pending);
    for (const { component } of pending) onStep(component.path, 'done');
  }

  async #write(participant: Participant): Promise<void> {
    const { session, component, before } = participant;
    if (before.state === 'confirmWait' && !component.configuration.digest().equals(before.runningDigest)) {
      // Left by a manager that never decided: what ran before its commit is what was agreed upon.
      await session.act('rollback', before.previousDigest);
    }
    const candidate = await session.openCandidate(this.name);
    await component.apply(candidate);
    participant.rows = candidate.changes;
  }
}

/** The agent's status once it is not busy and no other manager has a session there. */
async function readFree(session: AgentSession, path: string, onStep: ApplyListener): Promise<CommitStatus> {
  const deadline = performance.now() + LONGEST_WAIT;
  for (;;) {
    const status = await session.settled();
    if (status.owner === '') return status;
    if (performance.now() > deadline) {
      throw new NetmgrError({
        kind: 'Conflict',
        message: `another manager is at work: ${status.owner}`,
        subject: path,
        hint: 'Wait until it is done; a session ends by itself a minute after its last request.',
      });
    }
    onStep(path, `wait for ${status.owner}`);
    await sleep(WAIT_POLL);
  }
}

/** Whether the host already runs, for good, what is wanted. */
function isDone({ component, before }: Participant): boolean {
  return before.state !== 'confirmWait' && component.configuration.digest().equals(before.runningDigest);
}

/** What the host ran before this apply. */
function agreedDigest({ before }: Participant): Uint8Array {
  return before.state === 'confirmWait' ? before.previousDigest : before.runningDigest;
}

async function rollBackAll(pending: readonly Participant[], onStep: ApplyListener): Promise<NetmgrError[]> {
  const failures: NetmgrError[] = [];
  await Promise.all(
    pending.map(async (participant) => {
      onStep(participant.component.path, 'roll back');
      try {
        await participant.session.settled();
        await participant.session.act('rollback', agreedDigest(participant));
      } catch (error) {
        failures.push(
          new NetmgrError({
            kind: 'NotApplied',
            message: `could not be led back to what it ran before: ${failuresOf(error)
              .map(({ message }) => message)
              .join('; ')}`,
            subject: participant.component.path,
            hint: 'Run the same command again once the host answers: it completes or repeats the decision.',
            cause: error,
          }),
        );
      }
    }),
  );
  return failures;
}

/** Ends the sessions. One that cannot be ended now ends by its timeout, so a failure here changes nothing. */
async function releaseAll(pending: readonly Participant[]): Promise<void> {
  await Promise.allSettled(pending.map(({ session }) => session.release()));
}

/** Does the work on all at the same time, to the end on each, and then throws all failures together. */
async function onAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  throwIfAny(rejectionsOf(await Promise.allSettled(items.map(work))), 'nothing was applied');
}

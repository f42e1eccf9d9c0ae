import { randomBytes } from 'node:crypto';
import { access, constants, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import { DurableFiles, isDamage, makeDirectory, type Checkpoint } from '../../process/durable-files.js';
import { isAlive, ownIdentity } from '../../process/process-identity.js';
import { openSealedJson, sealJson } from '../../process/sealed-json.js';
import type { AgentAddress } from '../snmp/snmp-error.js';
import { inForce, withoutAgents, type Decision, type NewDecision, type StoredDecision } from './decision.js';
import { decisionFromJson, decisionToJson } from './decision-json.js';

/** Its number orders the decisions, and the random part keeps two managers apart. */
const NAME = /^([0-9]{1,15})-[0-9a-f]{8}\.json$/;
/** Milliseconds after which a temporary file is nobody's any more. */
const ABANDONED = 3_600_000;

/** A decision that is written and not taken. */
export interface BegunDecision {
  /** Takes it: this process carries it out from now on. @throws NetmgrError `NotApplied` if that cannot be noted */
  take(): Promise<StoredDecision>;
  /** Forgets it. */
  drop(): Promise<void>;
}

/** The files of the decisions that this very process carries out: two applies may be under way in it. */
const carriedOutHere = new Set<string>();

/**
 * The decisions of a manager that are not carried out on all hosts yet, each a file of its own that is there whole or
 * not at all.
 */
export class DecisionStore {
  readonly #files: DurableFiles;
  /** What this one has written, by path: a file with the same text need not be understood again. */
  readonly #written = new Map<string, { readonly text: string; readonly decision: Decision }>();

  /**
   * @param onWarning hears of files that are damaged, which are set aside, or not for this version
   * @param checkpoint hears of each step with a file before it is done
   */
  constructor(
    private readonly directory: string,
    private readonly onWarning: (warning: NetmgrError) => void = () => undefined,
    checkpoint?: Checkpoint,
  ) {
    this.#files = new DurableFiles(checkpoint);
  }

  /** Makes sure that a decision can be written. @throws NetmgrError `AccessDenied` */
  async prepare(): Promise<void> {
    try {
      await makeDirectory(this.directory);
      await access(this.directory, constants.R_OK | constants.W_OK | constants.X_OK);
      await this.#removeAbandoned();
    } catch (error) {
      throw inaccessible(this.directory, 'cannot be used for decisions', error);
    }
  }

  /** Those in force, in their order. @throws NetmgrError `AccessDenied` if the directory cannot be read */
  async read(): Promise<StoredDecision[]> {
    return inForce(await this.#readAll());
  }

  /**
   * Takes a decision, which this process carries out from now on. Once this fulfils it outlives us.
   *
   * @throws NetmgrError `NotApplied` if the disk is full
   */
  async write(decision: NewDecision): Promise<StoredDecision> {
    return (await this.begin(decision)).take();
  }

  /**
   * Writes a decision that is not taken yet, and that nobody sees before: what is long of it is done then.
   *
   * @throws NetmgrError `NotApplied` if the disk is full
   */
  async begin(next: NewDecision): Promise<BegunDecision> {
    const random = randomBytes(4).toString('hex');
    const unnamed = resolve(this.directory, `${random}.json`);
    const decision = { ...next, process: await ownIdentity(), finished: [] };
    const text = sealJson(decisionToJson(decision));
    const file = await this.#files.begin(unnamed, text).catch((error: unknown) => {
      throw notWritten(unnamed, error);
    });
    return {
      take: async () => {
        let path = unnamed;
        try {
          // In the order in which they are taken.
          const sequence = Math.max(0, ...(await this.#names()).map(sequenceOf)) + 1;
          path = resolve(this.directory, `${String(sequence)}-${random}.json`);
          carriedOutHere.add(path);
          await file.finish(path);
          this.#written.set(path, { text, decision });
          return { ...decision, sequence, path };
        } catch (error) {
          carriedOutHere.delete(path);
          await file.drop().catch(() => undefined);
          // It may be there, and not durably: nobody must find it later, since nobody will keep to it.
          await this.#files.remove(path).catch(() => undefined);
          throw notWritten(path, error);
        }
      },
      // What stays is taken away later.
      drop: () => file.drop().catch(() => undefined),
    };
  }

  /** Whether a manager is at it that lives, even if it stands still; a decision of any other is to be completed. */
  async isCarriedOut({ process: carrier, path }: StoredDecision): Promise<boolean> {
    if (carriedOutHere.has(path)) return true;
    return carrier !== undefined && carrier.pid !== process.pid && (await isAlive(carrier));
  }

  /**
   * Notes that these hosts keep to the decision, and that nobody is at the others any more. What was decided about them
   * before is forgotten. A decision to which all hosts keep goes.
   *
   * @throws NetmgrError `AccessDenied` if a file cannot be changed
   */
  async finish(agents: readonly AgentAddress[], { path, sequence }: StoredDecision): Promise<void> {
    try {
      await this.#change(sequence, (decision) => {
        if (decision.path !== path) return forgetting(decision, agents);
        const hosts = withoutAgents(decision.hosts, agents);
        const finished = decision.hosts.filter((host) => !hosts.includes(host));
        return { ...decision, process: undefined, hosts, finished: [...decision.finished, ...finished] };
      });
    } finally {
      carriedOutHere.delete(path);
    }
  }

  /**
   * Forgets what was decided about these hosts, in the decision and in those before it: something else was decided. A
   * decision about no host goes.
   *
   * @throws NetmgrError `AccessDenied` if a file cannot be changed
   */
  async strike(agents: readonly AgentAddress[], last: StoredDecision | undefined): Promise<void> {
    if (last !== undefined) await this.#change(last.sequence, (decision) => forgetting(decision, agents));
  }

  /** Changes the decisions up to that one. */
  async #change(last: number, change: (decision: StoredDecision) => StoredDecision): Promise<void> {
    // The older first: they must not come into force again.
    for (const decision of (await this.#readAll()).filter(({ sequence }) => sequence <= last)) {
      const changed = change(decision);
      try {
        if (changed.hosts.length === 0) await this.#files.remove(decision.path);
        else if (changed !== decision) await this.#write(decision.path, changed);
      } catch (error) {
        throw inaccessible(decision.path, 'is carried out and cannot be removed', error);
      }
    }
  }

  async #write(path: string, decision: Decision): Promise<void> {
    const text = sealJson(decisionToJson(decision));
    await this.#files.write(path, text);
    this.#written.set(path, { text, decision });
  }

  /** All that are on the disk, in their order. */
  async #readAll(): Promise<StoredDecision[]> {
    const decisions: StoredDecision[] = [];
    for (const name of await this.#names()) {
      const decision = await this.#read(name);
      if (decision !== undefined) decisions.push(decision);
    }
    return decisions.sort((a, b) => a.sequence - b.sequence);
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.directory)).filter((name) => NAME.test(name));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw inaccessible(this.directory, 'cannot be read', error);
    }
  }

  async #read(name: string): Promise<StoredDecision | undefined> {
    const path = resolve(this.directory, name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      // Another manager has just removed it.
      if (isAbsent(error)) return undefined;
      if (!isDamage(error)) throw inaccessible(path, 'cannot be read', error);
      await this.#setAside(path, error);
      return undefined;
    }
    const written = this.#written.get(path);
    try {
      const decision = written?.text === text ? written.decision : decisionFromJson(openSealedJson(text));
      return { ...decision, sequence: sequenceOf(name), path };
    } catch (error) {
      if (error instanceof NetmgrError && error.kind === 'Conflict') this.onWarning(notForUs(path, error));
      else await this.#setAside(path, error);
      return undefined;
    }
  }

  async #setAside(path: string, cause: unknown): Promise<void> {
    const where = await this.#files.setAside(path);
    this.onWarning(
      new NetmgrError({
        kind: 'InvalidInput',
        message: `a decision is damaged, so that an interrupted apply may not be complete; ${where}`,
        subject: path,
        hint: 'Apply the wanted files again: that makes all hosts the same.',
        cause,
      }),
    );
  }

  async #removeAbandoned(): Promise<void> {
    for (const name of await readdir(this.directory)) {
      if (!name.endsWith('.json.new')) continue;
      const path = join(this.directory, name);
      const age = await stat(path)
        .then(({ mtimeMs }) => Date.now() - mtimeMs)
        .catch(() => 0);
      if (age > ABANDONED) await rm(path, { force: true });
    }
  }
}

/** The same one where it says nothing about those hosts. */
function forgetting(decision: StoredDecision, agents: readonly AgentAddress[]): StoredDecision {
  const hosts = withoutAgents(decision.hosts, agents);
  const finished = withoutAgents(decision.finished, agents);
  const isSame = hosts.length === decision.hosts.length && finished.length === decision.finished.length;
  return isSame ? decision : { ...decision, hosts, finished };
}

const sequenceOf = (name: string): number => Number(NAME.exec(name)?.[1] ?? 0);

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const notWritten = (path: string, cause: unknown): NetmgrError =>
  new NetmgrError({
    kind: 'NotApplied',
    message: `the decision cannot be written: ${messageOf(cause)}`,
    subject: path,
    hint: 'Make room on that disk, or give another directory with --state-directory.',
    cause,
  });

function inaccessible(path: string, what: string, cause: unknown): NetmgrError {
  if (cause instanceof NetmgrError) return cause;
  return new NetmgrError({
    kind: 'AccessDenied',
    message: `${path} ${what}: ${messageOf(cause)}`,
    subject: path,
    hint: 'Give another directory with --state-directory, or mend this one: it tells what was decided.',
    cause,
  });
}

function notForUs(path: string, cause: NetmgrError): NetmgrError {
  return new NetmgrError({
    kind: 'Conflict',
    message: `a decision is left alone: ${cause.message}`,
    subject: path,
    hint: cause.hint,
  });
}

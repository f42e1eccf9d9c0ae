import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NetmgrError } from '../../errors.js';
import { Configuration } from '../../mib/configuration.js';
import { configurationFromJson, configurationToJson } from '../../mib/configuration-json.js';
import { isDamage, type DurableFiles } from '../../process/durable-files.js';
import { openSealedJson, sealJson } from '../../process/sealed-json.js';
import { stateFromJson, stateToJson, type AgentState, type Labelled, type Reference } from './agent-state.js';

const STATE = 'state.json';
const CONFIGURATIONS = 'configurations';

/** What was found on the disk. */
export interface LoadedState {
  /** Undefined: nothing is known, because there never was anything, or because it was damaged. */
  readonly state: AgentState | undefined;
  /** What was damaged, and where it lies now; empty if nothing was. */
  readonly damage: readonly string[];
}

/**
 * An agent's state on the disk: `state.json`, small and written at each step, and each configuration that it names
 * in a file of its own that is never changed. What is damaged is set aside, never overwritten.
 */
export class StateStore {
  readonly #state: string;
  readonly #configurations: string;
  /** The digests of those that are on the disk. */
  #stored = new Set<string>();

  constructor(
    directory: string,
    private readonly files: DurableFiles,
  ) {
    this.#state = join(directory, STATE);
    this.#configurations = join(directory, CONFIGURATIONS);
  }

  /** @throws NetmgrError `Conflict` if a later version wrote it, `AccessDenied` if the directory cannot be read */
  async load(): Promise<LoadedState> {
    const damage: string[] = [];
    try {
      await this.files.prepareDirectory(this.#configurations);
      this.#stored = new Set(
        (await readdir(this.#configurations)).flatMap(
          (name) => /^([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? [],
        ),
      );
      const text = await readIfThere(this.#state);
      if (text === undefined) return { state: undefined, damage };
      const state = await this.#parse(text, damage);
      if (state !== undefined && damage.length > 0 && leadsToPrevious(state)) {
        // The way back leads nowhere any more.
        return { state: { ...state, phase: { name: 'idle' } }, damage };
      }
      return { state, damage };
    } catch (error) {
      if (error instanceof NetmgrError) throw error;
      throw new NetmgrError({
        kind: 'AccessDenied',
        message: `the state cannot be read: ${messageOf(error)}`,
        subject: this.#state,
        cause: error,
      });
    }
  }

  /** Writes the state; what it no longer names goes away. @throws NetmgrError `NotApplied` if the disk is full */
  async save(state: AgentState): Promise<void> {
    const { phase, running, previous } = state;
    const named = [running, previous, ...(phase.name === 'applying' ? [phase.target] : [])];
    try {
      for (const { configuration } of named) await this.#saveConfiguration(configuration);
      await this.files.write(this.#state, sealJson(stateToJson(state)));
      await this.#removeOthers(named);
    } catch (error) {
      throw new NetmgrError({
        kind: 'NotApplied',
        message: `the state cannot be written: ${messageOf(error)}`,
        subject: this.#state,
        hint: 'Make room on the disk of the state directory, and see that it can be written.',
        cause: error,
      });
    }
  }

  async #parse(text: string, damage: string[]): Promise<AgentState | undefined> {
    try {
      const json = openSealedJson(text);
      return await stateFromJson(json, (reference, other) => this.#find(reference, other, damage));
    } catch (error) {
      if (!isDamage(error) || (error instanceof NetmgrError && error.kind === 'Conflict')) throw error;
      damage.push(await this.#setAside(this.#state, error));
      return undefined;
    }
  }

  async #find(
    { digest, label }: Reference,
    other: Labelled | undefined,
    damage: string[],
  ): Promise<Labelled> {
    const path = this.#pathOf(digest);
    try {
      const configuration = configurationFromJson(JSON.parse(await readFile(path, 'utf8')));
      if (configuration.digest().toString('hex') === digest) return { configuration, label };
      throw new NetmgrError({ kind: 'InvalidInput', message: 'the file is damaged: its digest is wrong' });
    } catch (error) {
      if (!isDamage(error)) throw error;
      // None of its rows would be a configuration too.
      if (digest === new Configuration().digest().toString('hex')) {
        return { configuration: new Configuration(), label };
      }
      this.#stored.delete(digest);
      damage.push(await this.#setAside(path, error));
      if (other !== undefined) return other;
      throw error;
    }
  }

  async #setAside(path: string, error: unknown): Promise<string> {
    return `${path}: ${messageOf(error)}; ${await this.files.setAside(path)}`;
  }

  async #saveConfiguration(configuration: Configuration): Promise<void> {
    const digest = configuration.digest().toString('hex');
    if (this.#stored.has(digest)) return;
    await this.files.write(this.#pathOf(digest), `${JSON.stringify(configurationToJson(configuration))}\n`);
    this.#stored.add(digest);
  }

  async #removeOthers(named: readonly Labelled[]): Promise<void> {
    const kept = new Set(named.map(({ configuration }) => configuration.digest().toString('hex')));
    for (const digest of [...this.#stored].filter((stored) => !kept.has(stored))) {
      // What stays is taken away by a later one; the state is on the disk already.
      await this.files.remove(this.#pathOf(digest)).then(
        () => this.#stored.delete(digest),
        () => undefined,
      );
    }
  }

  #pathOf(digest: string): string {
    return join(this.#configurations, `${digest}.json`);
  }
}

const leadsToPrevious = ({ phase }: AgentState): boolean =>
  phase.name === 'confirmWait' || phase.name === 'rollingBack';

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

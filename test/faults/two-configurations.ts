import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Dump } from '../integration/kernel-dump.js';
import { PAIR, PAIR_BANDWIDTH, type LiveLab } from '../integration/live-lab.js';

export const HOSTS = ['host1', 'host2'] as const;
export type HostName = (typeof HOSTS)[number];
/** By host. */
export const MACHINES: Readonly<Record<HostName, readonly string[]>> = {
  host1: ['proxy1', 'node2'],
  host2: ['proxy2', 'node1'],
};

/** Two configurations between which a pair of hosts is led to and fro. */
export type Name = 'one' | 'other';
export const opposite = (name: Name): Name => (name === 'one' ? 'other' : 'one');
const NAMES = ['one', 'other'] as const;

/** What an agent says of itself. */
export interface Said {
  readonly host: HostName;
  readonly state: string;
  readonly result: string;
  readonly runningDigest: string;
  readonly driftCount: number;
}

/** How a lab is looked at. */
export interface Looks {
  readonly dump: () => Promise<Dump>;
  /** What the agents say that answer. */
  readonly say: () => Promise<readonly Said[]>;
}

/** The two configurations as they look in a lab when they were applied. */
export class TwoConfigurations {
  private constructor(
    /** The virtual files. */
    readonly files: Readonly<Record<Name, string>>,
    readonly dumps: Readonly<Record<Name, Dump>>,
    /** By host, in their order. */
    readonly digests: Readonly<Record<Name, readonly string[]>>,
  ) {}

  /** Applies both. Fulfils when the configuration "one" runs. */
  static async learn(lab: LiveLab, { dump, say }: Looks): Promise<TwoConfigurations> {
    const files = { one: PAIR_BANDWIDTH, other: `${lab.directory}/other.xml` };
    await lab.write(files.other, otherThan(await lab.read(PAIR_BANDWIDTH)));
    const learn = async (name: Name): Promise<{ dump: Dump; digests: readonly string[] }> => {
      await lab.manage('apply', PAIR, files[name]);
      const digests = (await say()).map(({ runningDigest }) => runningDigest);
      expect(digests, 'all agents answer').to.have.lengthOf(HOSTS.length);
      return { dump: await dump(), digests };
    };
    // The second time is the one to compare with: the first came from nothing.
    await lab.manage('apply', PAIR, files.one);
    const other = await learn('other');
    const one = await learn('one');
    return new TwoConfigurations(
      files,
      { one: one.dump, other: other.dump },
      { one: one.digests, other: other.digests },
    );
  }

  /** Which of the two a host runs; undefined for anything else. */
  nameOf(host: HostName, digest: string | undefined): Name | undefined {
    const at = HOSTS.indexOf(host);
    return NAMES.find((name) => this.digests[name][at] === digest);
  }

  /** Which of the two all hosts run. @throws Error if they do not run the same */
  nameOfAll(said: readonly Said[]): Name {
    const names = new Set(said.map(({ host, runningDigest }) => this.nameOf(host, runningDigest)));
    const [name, ...others] = names;
    if (name !== undefined && others.length === 0) return name;
    throw new Error(`the hosts run different configurations: ${JSON.stringify(said)}`);
  }
}

/** Whether an agent neither works nor waits, and does not stand half-way. */
export const isAtRest = ({ state, result }: Said): boolean =>
  (state === 'idle' || state === 'failed') && result !== 'applyFailedPartial';

/** Waits until all agents answer and are at rest, for so many milliseconds. */
export async function untilAtRest(say: Looks['say'], patience: number): Promise<readonly Said[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const said = await say();
    if (said.length === HOSTS.length && said.every(isAtRest)) return said;
    if (Date.now() > deadline) throw new Error(`they do not come to rest: ${JSON.stringify(said)}`);
    await delay(200);
  }
}

/** Rates, an address, a member and a site's name differ, so each tool has something to do. */
function otherThan(text: string): string {
  return text
    .replace('100mbit', '50mbit')
    .replace('10.2.0.101', '10.2.0.102')
    .replaceAll('"site2"', '"site3"')
    .replace('</site>', '<access bandwidth="20mbit"/></site>');
}

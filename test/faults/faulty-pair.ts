import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { differencesOf, dumpKernel, type Dump } from '../integration/kernel-dump.js';
import { LiveLab, PAIR } from '../integration/live-lab.js';
import { faultFile, stepsFile, type Fault } from './fault.js';
import {
  HOSTS,
  isAtRest,
  MACHINES,
  TwoConfigurations,
  untilAtRest,
  type HostName,
  type Looks,
  type Name,
  type Said,
} from './two-configurations.js';

const LAB_MAIN = fileURLToPath(new URL('lab-main.ts', import.meta.url));
/** The lab whose agents can be told to fail. */
const FAULTY_LAB = ['--import', import.meta.resolve('tsx'), LAB_MAIN];
/** Milliseconds; longer than any timer that a test here sets. */
const PATIENCE = 90_000;

export interface Outcome {
  readonly ok: boolean;
  readonly errors: readonly ErrorReport[];
}

/** A lab of two hosts, whose agents fail when they are told to unless it is another program's lab. */
export class FaultyPair {
  /** The real file. */
  readonly real = PAIR;

  #armed = 0;

  private constructor(
    readonly lab: LiveLab,
    private readonly both: TwoConfigurations,
    private readonly say: Looks['say'],
  ) {}

  /**
   * Fulfils when the configuration "one" runs.
   *
   * @param patience seconds that an agent may take to answer
   */
  static async start(program: readonly string[] = FAULTY_LAB, patience = 1): Promise<FaultyPair> {
    const lab = await LiveLab.start([PAIR], {}, program);
    const say = (): Promise<Said[]> => sayOf(lab, patience);
    return new FaultyPair(lab, await TwoConfigurations.learn(lab, { dump: () => dumpOf(lab), say }), say);
  }

  /** The virtual files. */
  get files(): Readonly<Record<Name, string>> {
    return this.both.files;
  }

  /** Has the agent of a host fail, and its steps be counted anew. */
  async arm(host: HostName, fault: Fault): Promise<void> {
    await this.lab.write(stepsFile(host), '');
    this.#armed++;
    await this.lab.write(faultFile(host), JSON.stringify({ id: this.#armed, ...fault }));
  }

  /** Whether the fault has not happened, or not all of it. */
  async isArmed(host: HostName): Promise<boolean> {
    return (await this.lab.try(['test', '-e', faultFile(host)])).exitCode === 0;
  }

  /** The steps that the agent of the host came to since it was armed; it counts no more. */
  async disarm(host: HostName): Promise<readonly string[]> {
    await this.lab.run('rm', '-f', faultFile(host));
    const text = await this.lab.read(stepsFile(host));
    return text.split('\n').filter((line) => line !== '');
  }

  /** With the library, or with the program and its flags. */
  async apply(name: Name, ...flags: readonly string[]): Promise<Outcome> {
    if (flags.length === 0) {
      const { errors } = await this.lab.tryManage('apply', PAIR, this.files[name]);
      return { ok: errors.length === 0, errors };
    }
    const argv = ['netmgr', 'apply', PAIR, this.files[name], '--json', ...flags] as const;
    const { exitCode, stdout, stderr } = await this.lab.try(argv);
    expect(stdout, stderr).to.match(/^\{/);
    const { ok, errors = [] } = JSON.parse(stdout) as { ok: boolean; errors?: ErrorReport[] };
    expect(ok).to.equal(exitCode === 0);
    return { ok, errors };
  }

  /** Waits until no agent works, waits or stands half-way, and says which of the two configurations both hosts run. */
  async settled(): Promise<Name> {
    return this.both.nameOfAll(await this.rest());
  }

  /** Waits until no agent works, waits or stands half-way. */
  rest(): Promise<readonly Said[]> {
    return untilAtRest(this.say, PATIENCE);
  }

  /** Gives the agent of a host a disk of its own, of so little room that it can be filled. */
  async giveDisk(host: HostName): Promise<void> {
    const directory = `/run/netmgr-lab/agents/${host}`;
    const copy = `${directory}.copy`;
    await this.lab.run('cp', '-a', directory, copy);
    await this.lab.run('mount', '-t', 'tmpfs', '-o', 'size=512k,mode=0700', 'none', directory);
    await this.lab.run('cp', '-a', `${copy}/.`, directory);
    // It starts again on the new disk.
    const { stdout } = await this.lab.try(['cat', `${directory}.pid`]);
    await this.lab.run('kill', '-9', stdout.trim());
    await this.settled();
  }

  /** Everything in the kernel is as that configuration has it, and the agents say so. */
  async expectExactly(name: Name): Promise<void> {
    const differences = differencesOf(this.both.dumps[name], await dumpOf(this.lab));
    if (differences.length > 0) throw new Error(`not exactly "${name}":\n${differences.join('\n')}`);
    expect((await this.say()).map(({ driftCount }) => driftCount)).to.deep.equal([0, 0]);
    const snmpds = await this.lab.try(['pgrep', '-x', 'snmpd']);
    expect(snmpds.stdout.trim().split('\n'), 'one snmpd for each agent').to.have.lengthOf(HOSTS.length);
  }

  /** Where an agent says now that its host is as it should be, the kernel is. */
  async expectTruth(): Promise<void> {
    const before = await this.say();
    const dump = await dumpOf(this.lab);
    const after = await this.say();
    for (const said of before) {
      // What changed meanwhile says nothing of the moment in between.
      const isSame = after.some((later) => JSON.stringify(later) === JSON.stringify(said));
      if (!isSame || !isAtRest(said) || said.driftCount > 0) continue;
      const name = this.both.nameOf(said.host, said.runningDigest);
      if (name === undefined) throw new Error(`it runs what nobody applied: ${JSON.stringify(said)}`);
      const differences = differencesOf(ofHost(this.both.dumps[name], said.host), ofHost(dump, said.host));
      if (differences.length > 0)
        throw new Error(`${JSON.stringify(said)}, but not "${name}":\n${differences.join('\n')}`);
    }
  }
}

/** The part of one host and its machines. */
function ofHost(dump: Dump, host: HostName): Dump {
  const namespaces = [host, ...MACHINES[host]];
  return Object.fromEntries(
    Object.entries(dump).filter(([command]) => namespaces.some((name) => command.startsWith(`${name}: `))),
  );
}

async function dumpOf(lab: LiveLab): Promise<Dump> {
  const dump = await dumpKernel(lab, HOSTS, Object.values(MACHINES).flat());
  return Object.fromEntries(
    Object.entries(dump).map(([command, lines]) => {
      const stable = withoutChance(lines);
      // They were sorted with what chance had put there.
      return [command, command.includes(' route show ') ? stable.sort() : stable];
    }),
  );
}

/** Without what the kernel chooses: the numbers of filters, the number and MAC address of an IFB. */
export function withoutChance(lines: readonly string[]): string[] {
  let isIfb = false;
  return lines.map((line) => {
    if (/^\d+: /.test(line)) isIfb = /^\d+: nm-/.test(line);
    const plain = line.replace(/\bfh [0-9a-f:]+/g, 'fh').replace(/\border \d+/g, 'order');
    if (line.includes(' dev nm-')) return plain.replace(/local fe80::[0-9a-f:]+/, 'local fe80::');
    return isIfb
      ? plain
          .replace(/^\d+/, '')
          .replace(/ether [0-9a-f:]+/, 'ether')
          .replace(/fe80::[0-9a-f:]+/, 'fe80::')
      : plain;
  });
}

/** What the agents say that answer within so many seconds. */
export async function sayOf(lab: LiveLab, patience = 1): Promise<Said[]> {
  const said: Said[] = [];
  for (const host of HOSTS) {
    const objects = ['State', 'Result', 'RunningDigest', 'DriftCount'];
    const { exitCode, stdout } = await lab.try([
      ...(['snmpget', '-t', String(patience), '-r', '1', '-OqvU', host] as const),
      ...objects.map((object) => `NETEMU-MIB::netemuCfg${object}.0`),
    ]);
    const [state = '', result = '', runningDigest = '', drift = ''] = stdout.split('\n');
    if (exitCode === 0 && /^\d+$/.test(drift)) {
      said.push({ host, state, result, runningDigest, driftCount: Number(drift) });
    }
  }
  return said;
}

import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import { differencesOf, dumpKernel, type Dump, type Enter } from '../integration/kernel-dump.js';
import { LiveLab, PAIR } from '../integration/live-lab.js';
import { sayOf, withoutChance, type Outcome } from './faulty-pair.js';
import {
  HOSTS,
  MACHINES,
  TwoConfigurations,
  untilAtRest,
  type HostName,
  type Name,
  type Said,
} from './two-configurations.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const KILLED_MANAGER = fileURLToPath(new URL('killed-manager.ts', import.meta.url));
/** Milliseconds; longer than any timer that a test here sets. */
const PATIENCE = 120_000;
// So patient that a busy machine does no harm, and so short that a host that is off does not hold up the others.
const FLAGS = ['--timeout', '2000', '--retries', '2', '--confirm-timeout', '20'];

/** Which host a namespace is in; a host's own has its name. */
const placeOf = (namespace: string): HostName | undefined =>
  HOSTS.find((host) => host === namespace || MACHINES[host].includes(namespace));

const enter: Enter = (namespace) => [
  ...(['netmgr-host', placeOf(namespace) ?? '', 'exec'] as const),
  ...[namespace, '--'],
];

/** A lab of two hosts with kernels of their own, which are led between two configurations. */
export class PairOfKernels {
  private constructor(
    readonly lab: LiveLab,
    private readonly both: TwoConfigurations,
  ) {}

  /** Fulfils when the configuration "one" runs. */
  static async start(): Promise<PairOfKernels> {
    const lab = await LiveLab.start([PAIR], {}, [MAIN, 'lab', 'run', '--kernel-per-host']);
    const looks = { dump: () => dumpOf(lab), say: () => saidIn(lab) };
    return new PairOfKernels(lab, await TwoConfigurations.learn(lab, looks));
  }

  async power(host: HostName, action: 'power-off' | 'power-on'): Promise<void> {
    await this.lab.run('netmgr-host', host, action);
  }

  async apply(name: Name): Promise<Outcome> {
    const argv = ['netmgr', 'apply', PAIR, this.both.files[name], '--json', ...FLAGS] as const;
    const { exitCode, stdout, stderr } = await this.lab.try(argv);
    expect(stdout, stderr).to.match(/^\{/);
    const { ok, errors = [] } = JSON.parse(stdout) as { ok: boolean; errors?: ErrorReport[] };
    expect(ok).to.equal(exitCode === 0);
    return { ok, errors };
  }

  /** Has a manager apply, and die when all hosts have committed and nothing is decided. They wait so many seconds. */
  async commitOnly(name: Name, confirmTimeout: number): Promise<void> {
    await this.lab.try([
      ...(['sh', '-c', '"$@"; exit $?', 'sh', process.execPath, '--import'] as const),
      ...[import.meta.resolve('tsx'), KILLED_MANAGER, PAIR, this.both.files[name]],
      ...['decision', '', 'SIGKILL', '2', String(confirmTimeout)],
    ]);
    expect((await saidIn(this.lab)).map(({ state }) => state)).to.deep.equal(['confirmWait', 'confirmWait']);
  }

  /** Waits until no agent works, waits or stands half-way. */
  rest(): Promise<readonly Said[]> {
    return untilAtRest(() => saidIn(this.lab), PATIENCE);
  }

  /** What one host runs now, at rest or not. */
  async runs(host: HostName): Promise<Name | undefined> {
    const said = (await saidIn(this.lab)).find((one) => one.host === host);
    return this.both.nameOf(host, said?.runningDigest);
  }

  /** Waits until the hosts are at rest and an interrupted decision is completed, and says what both of them run. */
  async settled(): Promise<Name> {
    await this.rest();
    const { exitCode, stdout, stderr } = await this.lab.try([
      'netmgr',
      'status',
      PAIR,
      '--json',
      '--no-rates',
    ]);
    expect(exitCode, stdout + stderr).to.equal(0);
    return this.both.nameOfAll(await this.rest());
  }

  /** Everything in the kernels is as that configuration has it, and the agents say so. */
  async expectExactly(name: Name): Promise<void> {
    const differences = differencesOf(this.both.dumps[name], await dumpOf(this.lab));
    if (differences.length > 0) throw new Error(`not exactly "${name}":\n${differences.join('\n')}`);
    const said = await saidIn(this.lab);
    expect(said.map(({ driftCount }) => driftCount)).to.deep.equal([0, 0]);
    expect(said.map(({ runningDigest }) => runningDigest)).to.deep.equal(this.both.digests[name]);
  }
}

/** To be asked for the drift is to be examined, which takes its time in such a kernel. */
function saidIn(lab: LiveLab): Promise<Said[]> {
  return sayOf(lab, 10);
}

async function dumpOf(lab: LiveLab): Promise<Dump> {
  const dump = await dumpKernel(lab, HOSTS, Object.values(MACHINES).flat(), enter);
  return Object.fromEntries(
    Object.entries(dump)
      // The interfaces of a kernel that has started anew have new numbers and addresses.
      .filter(([command]) => !/^host\d: ip /.test(command))
      .map(([command, lines]) => [command, withoutChance(lines).map(withoutNumbers)]),
  );
}

function withoutNumbers(line: string): string {
  return line
    .replace(/^\d+: /, '')
    .replace(/@if\d+/, '')
    .replace(/ link-netns\w* \S+/, '');
}

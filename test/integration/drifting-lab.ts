import { setTimeout as delay } from 'node:timers/promises';
import { differencesOf, dumpKernel, withoutNumbers, type Dump } from './kernel-dump.js';
import { LiveLab, PAIR } from './live-lab.js';

/** The host where things are changed by hand. */
export const HOST = 'host1';
const MACHINES = ['proxy1', 'node2'];
/** Milliseconds for which an examination answers (netemuCfgDriftCount). */
const FRESH = 1000;

/** Of everything that netmgr makes, HOST has some. */
const VIRTUAL = `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="drifting">
  <site name="site1" network="10.1.0.0/16 fd00:1::/64">
    <node vm="proxy1" address="10.1.0.1 fd00:1::1" role="proxy"/>
    <node vm="node1" address="10.1.0.101 fd00:1::101"/>
    <access bandwidth="20mbit"/>
  </site>
  <site name="site2" network="10.2.0.0/16 fd00:2::/64">
    <node vm="proxy2" address="10.2.0.1 fd00:2::1" role="proxy"/>
    <node vm="node2" address="10.2.0.101 fd00:2::101"/>
  </site>
  <link from="site1" to="site2" bandwidth="10mbit"/>
</virtual-environment>`;

interface HostReport {
  readonly name: string;
  readonly commit: { readonly driftCount: number };
  readonly drift: readonly { readonly what: string; readonly vif: string; readonly text: string }[];
}

/** A lab in which a configuration runs, and examinations take place when something calls for them only. */
export class DriftingLab {
  private sessions = 0;

  private constructor(
    readonly lab: LiveLab,
    readonly virtual: string,
    private readonly applied: Dump,
  ) {}

  static async start(env?: Readonly<Record<string, string>>): Promise<DriftingLab> {
    const lab = await LiveLab.start([PAIR], env);
    const virtual = `${lab.directory}/drifting.xml`;
    await lab.write(virtual, VIRTUAL);
    await lab.manage('apply', PAIR, virtual);
    const drifting = new DriftingLab(lab, virtual, await dumpKernel(lab, [HOST], MACHINES));
    await drifting.set('netemuCfgAuditInterval.0', 'u', '0');
    return drifting;
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }

  /** Applies the same file again. */
  async apply(): Promise<void> {
    await this.lab.manage('apply', PAIR, this.virtual);
  }

  /** Writes objects of HOST's agent in a session of its own. */
  async set(...assignment: readonly string[]): Promise<void> {
    // What comes under the name of a session that has ended is refused.
    this.sessions += 1;
    await this.lab.run(
      ...(['snmpset', HOST, 'netemuCfgOwner.0', 's', `test ${String(this.sessions)}`] as const),
      ...assignment,
      ...['netemuCfgAction.0', 'i', '9'],
    );
  }

  /** Runs words, one after the other, in the namespace of HOST. */
  async at(...commands: readonly string[]): Promise<void> {
    for (const words of commands) await this.lab.at(HOST, words);
  }

  /** What the agent has found by itself: to ask for this leads to no examination. */
  found(): Promise<string> {
    return this.lab.run('snmpwalk', '-Oqv', HOST, 'netemuDriftText');
  }

  /** What an examination finds now, as `netmgr status` has it, and the number that it has of it. */
  async examined(): Promise<{ count: number; drift: string[] }> {
    const { stdout } = await this.lab.try(['netmgr', 'status', PAIR, '--json', '--no-rates']);
    const { hosts } = JSON.parse(stdout) as { hosts: HostReport[] };
    const host = hosts.find(({ name }) => name === HOST);
    if (host === undefined) throw new Error(stdout);
    return {
      count: host.commit.driftCount,
      drift: host.drift.map(({ what, vif, text }) => `${what} ${vif}: ${text}`),
    };
  }

  /** The same, when no earlier examination answers any more. */
  async examinedAnew(): Promise<string[]> {
    await delay(FRESH);
    return (await this.examined()).drift;
  }

  /** What HOST and its machines have other than after the apply, but for the numbers of what was made anew. */
  async differences(): Promise<string[]> {
    return differencesOf(
      withoutNumbers(this.applied, [HOST]),
      withoutNumbers(await dumpKernel(this.lab, [HOST], MACHINES), [HOST]),
    );
  }
}

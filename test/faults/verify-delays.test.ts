import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LiveLab, UML_LAB } from '../integration/live-lab.js';
import { requireBuild } from '../lab/lab-process.js';
import { skipInSample } from '../sample.js';
import { REAL, VIRTUAL } from './sabotaged-lab.js';
import { wayOf, type Report } from './verify-report.js';

interface Qdisc {
  readonly kind: string;
  readonly handle: string;
  readonly parent?: string;
}

/** What is done to the netem of what a vif receives from one peer. */
interface Sabotage {
  readonly what: string;
  readonly at: readonly (readonly [host: string, vif: string, peer: string])[];
  /** netem's parameters instead of its own; default: none. */
  readonly netem?: string;
  readonly reach?: readonly string[];
  readonly measured?: readonly string[];
}

const SABOTAGES: readonly Sabotage[] = [
  {
    what: 'a link delays for longer',
    at: [['host2', 'vif1.0', 'pa']],
    netem: 'delay 30ms',
    measured: ['latency pa > pb'],
  },
  { what: 'a link does not delay', at: [['host2', 'vif1.0', 'pa']], measured: ['latency pa > pb'] },
  {
    what: 'a link loses packets',
    at: [['host2', 'vif1.0', 'pa']],
    netem: 'delay 20ms loss 30%',
    measured: ['loss pa > pb'],
  },
  {
    what: 'a link loses more than it should',
    at: [['host2', 'vif1.0', 'pc']],
    netem: 'loss 80%',
    measured: ['loss pb > pc'],
  },
  { what: 'a link loses nothing', at: [['host2', 'vif1.0', 'pc']], measured: ['loss pb > pc'] },
  {
    what: 'a link that should be down is up',
    at: [
      ['host1', 'vif1.0', 'pc'],
      ['host1', 'vif3.0', 'pa'],
    ],
    reach: ['pa > pc', 'pc > pa'],
  },
];

/** What needs netem, in a kernel that has it. */
describe('netmgr verify and explain of delays and losses', function () {
  this.timeout(600_000);
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-verify-'));
  const real = join(directory, 'real.xml');
  const virtual = join(directory, 'virtual.xml');
  let lab: LiveLab;

  before(async function () {
    skipInSample(this, 'verify with delays and losses');
    requireBuild();
    writeFileSync(real, REAL);
    writeFileSync(
      virtual,
      VIRTUAL.replace('to="B" bandwidth="8mbit"', 'to="B" latency="20ms"')
        .replace('to="C" bandwidth="4mbit"', 'to="C" loss="40%"')
        .replace('to="C" bandwidth="2mbit"', 'to="C" state="down"'),
    );
    lab = await LiveLab.start([real], {}, UML_LAB);
    await lab.manage('apply', real, virtual);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(directory, { recursive: true });
  });

  const verify = async (): Promise<{ exitCode: number; report: Report; stdout: string }> => {
    const { exitCode, stdout } = await lab.try(['netmgr', 'verify', real, virtual, '--json']);
    return { exitCode, stdout, report: JSON.parse(stdout) as Report };
  };
  const found = ({ hosts, reach, measurements }: Report): object => ({
    // By both IP versions.
    reach: [...new Set(reach.findings.map(wayOf))].sort(),
    measured: measurements
      .filter(({ verdict }) => verdict !== 'holds')
      .map((measurement) => `${measurement.quantity} ${wayOf(measurement)}`)
      .sort(),
    hosts: hosts.filter(({ drift }) => drift.length > 0).map(({ host }) => host),
  });
  /** The class that holds what a vif receives from a peer has its number by the order of the peers' addresses. */
  const netemOf = async (host: string, vif: string, peer: string): Promise<Qdisc> => {
    const others = {
      'vif1.0 pa': 0,
      'vif1.0 pb': 0,
      'vif1.0 pc': 1,
      'vif3.0 pa': 0,
      'vif3.0 pb': 1,
    } as const;
    const qdiscs = JSON.parse(await lab.at(host, `tc -j qdisc show dev ${vif}`)) as Qdisc[];
    const netems = qdiscs
      .filter(({ kind }) => kind === 'netem')
      .sort((a, b) => a.handle.localeCompare(b.handle));
    const netem = netems[others[`${vif} ${peer}` as keyof typeof others]];
    if (netem === undefined) throw new Error(JSON.stringify(qdiscs));
    return netem;
  };

  it('has nothing to say of a network that nobody touched', async () => {
    const { exitCode, report, stdout } = await verify();
    expect(found(report), stdout).to.deep.equal({ reach: [], measured: [], hosts: [] });
    expect(exitCode).to.equal(0);
    expect(
      report.measurements.map((measurement) => `${measurement.quantity} ${wayOf(measurement)}`),
    ).to.include.members(['latency pa > pb', 'loss pb > pc', 'bandwidth na > pa']);
  });

  for (const { what, at, netem = '', reach = [], measured = [] } of SABOTAGES) {
    it(`names that ${what}, and nothing else`, async () => {
      for (const [host, vif, peer] of at) {
        const { parent = '', handle } = await netemOf(host, vif, peer);
        const change = `tc qdisc change dev ${vif} parent ${parent} handle ${handle}`;
        await lab.at(host, `${change} netem limit 1000 ${netem}`.trim());
      }
      try {
        const { exitCode, report, stdout } = await verify();
        expect(found(report), stdout).to.deep.equal({
          ...{ reach: [...reach].sort(), measured: [...measured] },
          hosts: [...new Set(at.map(([host]) => host))],
        });
        expect(exitCode).to.equal(1);
      } finally {
        await lab.manage('apply', real, virtual);
      }
    });
  }

  it('explains that a packet was lost on a link that is down', async () => {
    const { stdout, exitCode } = await lab.try([
      ...(['netmgr', 'explain', real, virtual, 'pa', 'pc', '--probe', '--json'] as const),
    ]);
    const { probe, contradictions } = JSON.parse(stdout) as {
      readonly probe: { readonly outcome: string; readonly lost?: { readonly place: string } };
      readonly contradictions: readonly string[];
    };
    expect(contradictions, stdout).to.deep.equal([]);
    expect([exitCode, probe.outcome, probe.lost?.place]).to.deep.equal([0, 'silent', 'link']);
  });

  it('explains how long a packet took that a link delays', async () => {
    const { stdout } = await lab.try([
      ...(['netmgr', 'explain', real, virtual, 'pa', 'pb', '--probe', '--json'] as const),
    ]);
    const { probe, expected } = JSON.parse(stdout) as {
      readonly probe: { readonly rtt: number };
      readonly expected: { readonly rtt: number };
    };
    expect(expected.rtt).to.equal(40_000);
    expect(probe.rtt, stdout).to.be.at.least(40_000);
  });
});

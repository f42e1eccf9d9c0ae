import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { alertRules, lookupsOf, metricsOf, type Module } from '../monitoring/files.js';
import { dashboardQueries } from '../monitoring/dashboard.js';
import { skipInSample } from '../sample.js';
import { LAB_DIRECTORY, LiveLab, PAIR, skipWithoutRoot } from './live-lab.js';
import { MonitoredLab, type Sample } from './monitored-lab.js';
import { ProbeRequests } from './probe-requests.js';

const HOST1 = '172.16.0.1';
/** The machine behind vif1.0 of host1, and one that it has a link from. */
const [MACHINE, PEER] = ['proxy1', '10.2.0.1'];
const PINGS = 3;
/** Where the pings are counted. */
const PINGED = {
  netemu: {
    name: 'netemuVifStateTxPackets',
    labels: { netemuVifStateName: 'vif1.0', netemuVifStateVmName: MACHINE },
  },
  netemu_links: {
    name: 'netemuLinkStatePackets',
    labels: { netemuLinkStateVifName: 'vif1.0', netemuLinkStatePeerName: `${PEER}/32` },
  },
};
const LOOK = 500;

const VIRTUAL = `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="monitored">
  <site name="site1" network="10.1.0.0/16 fd00:1::/64">
    <node vm="proxy1" address="10.1.0.1 fd00:1::1" role="proxy"/>
    <node vm="node1" address="10.1.0.101 fd00:1::101"/>
    <access bandwidth="20mbit"/>
  </site>
  <site name="site2" network="10.2.0.0/16 fd00:2::/64">
    <node vm="proxy2" address="10.2.0.1 fd00:2::1" role="proxy"/>
    <node vm="node2" address="10.2.0.101 fd00:2::101"/>
    <access bandwidth="20mbit"/>
  </site>
  <link from="site1" to="site2" bandwidth="10mbit"/>
</virtual-environment>`;

/** What snmpget's family says: the value by its OID. */
type Said = ReadonlyMap<string, string>;

/** What may be another one in the next answer, up or down. */
const UNSTEADY = /Measured|Backlog/;
/** What only grows. */
const GROWING = /Octets|Packets|Drops|Overlimits|Time$/;

describe('monitoring', function () {
  let monitored: MonitoredLab;
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'monitoring');
    lab = await LiveLab.start([PAIR]);
    monitored = new MonitoredLab(lab);
    const virtual = `${lab.directory}/monitored.xml`;
    await lab.write(virtual, VIRTUAL);
    await lab.manage('apply', PAIR, virtual);
    await monitored.startExporter();
    await lab.at(MACHINE, `ping -c ${String(PINGS)} -i 0.2 ${PEER}`);
  });

  after(async () => {
    if ((monitored as MonitoredLab | undefined) !== undefined) await monitored.stop();
  });

  /** What net-snmp's tools say of all that the module has. */
  async function saidOf(module: Module): Promise<Said> {
    const scalars = metricsOf(module).flatMap(({ oid, indexes }) =>
      indexes === undefined ? [`${oid}.0`] : [],
    );
    const text =
      module === 'netemu'
        ? (await lab.run('snmpget', '-OnqtU', 'host1', ...scalars)) +
          (await lab.run('snmpbulkwalk', '-OnqtU', 'host1', 'netemuVifStateTable'))
        : // The exporter has the numbers of the states of links, for they are many.
          await lab.run('snmpbulkwalk', '-OnqteU', 'host1', 'netemuLinkStateTable');
    const lines = text.split('\n').filter((line) => line !== '');
    return new Map(
      lines.map((line) => {
        const [, oid = '', value = ''] = /^\.(\S+) (.*)$/.exec(line) ?? [];
        return [oid, value.replace(/^"(.*)"$/, '$1')];
      }),
    );
  }

  for (const module of ['netemu', 'netemu_links'] as const) {
    it(`${module} has the names of vifs and links, and the values that snmpget has`, async () => {
      const before = await monitored.scrape(HOST1, module);
      const said = await saidOf(module);
      const after = await monitored.scrape(HOST1, module);
      const names = after.map(({ name }) => name).filter((name) => !name.startsWith('snmp_scrape_'));
      expect([...new Set(names)]).to.have.members(metricsOf(module).map(({ name }) => name));
      for (const metric of metricsOf(module)) {
        const rows = [...said].filter(([instance]) => instance.startsWith(`${metric.oid}.`));
        expect(rows, metric.name).to.not.be.empty;
        for (const [instance, value] of rows) {
          const index = instance.slice(metric.oid.length);
          const labels = Object.fromEntries(
            lookupsOf(metric).map(({ labelname, oid }) => [labelname, said.get(oid + index) ?? '']),
          );
          const [first, second] = [before, after].map((samples) => ofRow(samples, metric.name, labels));
          expectSame(metric.name, value, first, second);
        }
      }
      const { name, labels } = PINGED[module];
      expect(ofRow(after, name, labels)?.value).to.be.at.least(PINGS);
    });
  }

  it('answers each query of the dashboard and fires what it should, in Prometheus', async function () {
    skipInSample(this, "the dashboard's queries and the alert rules in Prometheus");
    await monitored.startPrometheus();
    const probes = new ProbeRequests(lab, 'host1', 4711);
    await probes.ask([{ kind: 'echo', vif: 'vif1.0', target: PEER }]);
    await probes.results(1);
    for (const { query } of dashboardQueries) {
      // Not every vif and link here has a limit and a latency.
      while ((await monitored.count(query.replaceAll(' > 0', ' >= 0'))) === 0) await delay(LOOK);
    }
    // How long that lasts before it is an alarm is tried by promtool, which has its own clock.
    const firing = async (): Promise<string[]> => {
      const counts = await Promise.all(alertRules().map(({ expr }) => monitored.count(expr)));
      return alertRules()
        .map(({ alert }) => alert)
        .filter((_, i) => counts[i] !== 0);
    };
    expect(await firing()).to.deep.equal([]);

    const drifted = ['NetmgrDrift', 'NetmgrVifNotApplied', 'NetmgrLinksNotApplied'];
    await lab.at('host1', 'tc qdisc del dev vif1.0 root');
    while ((await firing()).length < drifted.length) await delay(LOOK);
    expect(await firing()).to.have.members(drifted);

    const pid = (await lab.read(`${LAB_DIRECTORY}/agents/host1.pid`)).trim();
    await lab.run('kill', '-STOP', pid);
    try {
      while (!(await firing()).includes('NetmgrAgentDown')) await delay(LOOK);
    } finally {
      await lab.run('kill', '-CONT', pid);
    }
  });
});

/** The sample of a row; of an enumeration the one of the value that it has. */
function ofRow(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>>,
): Sample | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      (!(name in sample.labels) || sample.value === 1) &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  expect(found, `${name} of ${JSON.stringify(labels)}`).to.have.lengthOf(1);
  return found[0];
}

/** That what snmpget said is what the exporter told before and after. */
function expectSame(name: string, said: string, first?: Sample, second?: Sample): void {
  const told = [first, second].map((sample) => sample?.labels[name] ?? sample?.value ?? Number.NaN);
  const [from = '', to = ''] = told;
  if (typeof from === 'string') expect(told, name).to.deep.equal([said, said]);
  else if (GROWING.test(name)) expect(Number(said), name).to.be.within(from, Number(to));
  else if (!UNSTEADY.test(name)) expect(told, name).to.deep.equal([Number(said), Number(said)]);
}

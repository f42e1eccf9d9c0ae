import { expect } from 'chai';
import { Configuration } from '../../../src/mib/configuration.js';
import { mergeEnvironments } from '../../../src/manager/merge/merge.js';
import { joinChanges, type Change } from '../../../src/manager/plan/join-changes.js';
import { planHosts } from '../../../src/manager/plan/plan-host.js';
import { parseRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { realXml, virtualXml } from '../merge/environments.js';

const SITES = `
<site name="a" network="10.1.0.0/16"><node vm="ap" address="10.1.0.1" role="proxy"/><node vm="a1" address="10.1.0.11"/></site>
<site name="b" network="10.2.0.0/16"><node vm="bp" address="10.2.0.1" role="proxy"/><node vm="b1" address="10.2.0.11"/></site>
`;
const OPEN = SITES.replaceAll('network=', 'policy="open" network=');

/** What a plan says of going from one virtual file to another, on two hosts that both sites are on. */
async function changes(before: string | undefined, after: string): Promise<Change[]> {
  const machines = [
    ['ap', 'b1', 'new'],
    ['bp', 'a1'],
  ];
  const { environment: real } = await parseRealEnvironment(realXml(machines), 'real.xml');
  const was =
    before === undefined
      ? undefined
      : mergeEnvironments(real, (await parseVirtualEnvironment(virtualXml(before), 'old.xml')).environment);
  const { environment: virtual, positionOf } = await parseVirtualEnvironment(virtualXml(after), 'new.xml');
  const wanted = mergeEnvironments(real, virtual, positionOf);
  const hosts = wanted.hosts.map((host, i) => ({
    wanted: host,
    observed: was?.hosts[i]?.configuration ?? new Configuration(),
  }));
  return joinChanges(planHosts(hosts, virtual));
}

const words = (all: readonly Change[]): string[] =>
  all.map(({ action, kind, subject, what, hosts }) =>
    [action, kind, `${subject}:`, what.join(', '), 'on', hosts.join(' ')].join(' '),
  );

describe('a plan', () => {
  it('has nothing to say where nothing differs', async () => {
    expect(await changes(SITES, SITES)).to.deep.equal([]);
  });

  it('says of a link between sites what becomes of it, once for both directions and hosts', async () => {
    const link = (attributes: string): string => `${SITES}<link from="a" to="b" ${attributes}/>`;
    const [change, ...others] = await changes(
      link('bandwidth="1mbit" latency="20ms"'),
      link('bandwidth="2mbit" latency="20ms" loss="1%"'),
    );
    expect(others).to.deep.equal([]);
    expect(words(change === undefined ? [] : [change])).to.deep.equal([
      'update link a ↔ b: bandwidth 1mbit → 2mbit, loss none → 1% on h1 h2',
    ]);
    expect(change?.at).to.deep.equal({ file: 'new.xml', line: 4 });
  });

  it('tells directions and nodes apart where they differ', async () => {
    const one = '<link from="a" to="b" bandwidth="1mbit"/>';
    expect(
      words(
        await changes(SITES + one, `${SITES}<link from="a" to="b" direction="forward" bandwidth="1mbit"/>`),
      ),
    ).to.deep.equal(['update link b → a: bandwidth 1mbit → none on h1']);
    const own = '<link from="a1" to="b1" latency="5ms"/>';
    const all = await changes(OPEN + one, OPEN + one + own);
    expect(words(all)).to.deep.equal(['update link a/a1 ↔ b/b1: latency none → 5ms on h1 h2']);
  });

  it('counts the ways of nodes that one link is', async () => {
    const [change] = await changes(
      `${OPEN}<link from="a" to="b" bandwidth="1mbit"/>`,
      `${OPEN}<link from="a" to="b" bandwidth="3mbit"/>`,
    );
    expect(change).to.include({ subject: 'a ↔ b', ways: 8 });
  });

  it('says what comes and what goes with what it is like', async () => {
    const grown = SITES.replace('</site>', '<node vm="new" address="10.1.0.12"/></site>');
    expect(words(await changes(SITES, grown))).to.deep.equal([
      'create machine a/new: vif vif3.0, bridge br0, mac 00:16:3e:00:00:03, address 10.1.0.12/16 on h1',
      'update site a: + member a/new 10.1.0.12 on h1 h2',
    ]);
    expect(words(await changes(grown, SITES))).to.deep.equal([
      'update site a: - member a/new 10.1.0.12 on h1 h2',
      'delete machine a/new: vif vif3.0, bridge br0, mac 00:16:3e:00:00:03, address 10.1.0.12/16 on h1',
    ]);
  });

  it('says rules as the file does, and where their order changes', async () => {
    const [first, second] = [
      '<deny from="a" to="b" protocol="icmp"/>',
      '<allow from="a/a1" to="b/b1" protocol="tcp" port="22"/>',
    ];
    expect(words(await changes(SITES, `${SITES}${first}`))).to.deep.equal([
      'create rule deny icmp a → b:  on h1 h2',
    ]);
    const moved = await changes(`${SITES}${first}${second}`, `${SITES}${second}${first}`);
    expect(words(moved)).to.deep.equal([
      'update rule allow tcp a/a1 → b/b1 port 22: order: before others now on h1 h2',
    ]);
  });

  it('says of each thing where the file asks for it', async () => {
    const all = await changes(undefined, `${SITES}<link from="a" to="b" bandwidth="1mbit"/>`);
    expect(all.map(({ kind, subject, at }) => `${kind} ${subject} ${String(at?.line)}`)).to.deep.equal([
      ...['site a 2', 'site b 3', 'connection a ↔ b 4'],
      ...['machine a/a1 2', 'machine a/ap 2', 'machine b/b1 3', 'machine b/bp 3', 'link a ↔ b 4'],
    ]);
  });
});

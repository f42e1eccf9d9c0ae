import { expect } from 'chai';
import { failuresOf } from '../../../src/errors.js';
import { addrTable } from '../../../src/mib/addr-table.js';
import type { Configuration } from '../../../src/mib/configuration.js';
import { flowTable } from '../../../src/mib/flow-table.js';
import { linkTable } from '../../../src/mib/link-table.js';
import { memberTable } from '../../../src/mib/member-table.js';
import { profileTable } from '../../../src/mib/profile-table.js';
import { routeTable } from '../../../src/mib/route-table.js';
import { siteLinkTable } from '../../../src/mib/site-link-table.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { vifTable } from '../../../src/mib/vif-table.js';
import { readRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { readVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';
import { mergeEnvironments } from '../../../src/manager/merge/merge.js';
import { merged, realXml, virtualXml } from './environments.js';

const TWO_SITES = `
  <site name="a" network="10.1.0.0/16">
    <node vm="a1" address="10.1.0.11"/>
    <node vm="ap" address="10.1.0.1" role="proxy"/>
    <route to="10.2.0.0/16" via="ap"/>
  </site>
  <site name="b" network="10.2.0.0/16">
    <node vm="b1" address="10.2.0.11"/>
    <node vm="bp" address="10.2.0.1" role="proxy"/>
  </site>`;

/** The latency in microseconds and bandwidth in kbit/s of what a vif receives from a peer; undefined without a row. */
function received(configuration: Configuration, vif: string, peer: string): [number, number] | undefined {
  const link = configuration.rows(linkTable).find((row) => row.vif === vif && row.peer === peer);
  if (link === undefined) return undefined;
  const profile = configuration.get(profileTable, [link.profile]);
  return [profile?.bandwidth ?? 0, profile?.latency ?? 0];
}

describe('mergeEnvironments', () => {
  it('puts a link at the receiving vif, on each proxy, for every address of the sender', async () => {
    const { hosts } = await merged(
      realXml([
        ['a1', 'ap'],
        ['b1', 'bp'],
      ]),
      virtualXml(`${TWO_SITES}<link from="a" to="b" bandwidth="1mbit" latency="20ms"/>`),
    );
    const [h1, h2] = hosts.map(({ configuration }) => configuration);
    const atB = h2?.rows(linkTable) ?? [];
    expect(atB.map(({ vif, peer }) => [vif, peer])).to.deep.equal([
      ['vif2.0', '10.1.0.1'],
      ['vif2.0', 'fe80::216:3eff:fe00:2'],
    ]);
    expect(new Set(atB.map(({ group }) => group)).size, 'one link, one class').to.equal(1);
    expect(h2 && received(h2, 'vif2.0', '10.1.0.1')).to.deep.equal([1000, 20_000]);
    expect(h1 && received(h1, 'vif2.0', '10.2.0.1')).to.deep.equal([1000, 20_000]);
    expect(h1?.rows(siteLinkTable)).to.have.length(1);
  });

  it('shapes one way only where the link has a direction', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${TWO_SITES}<link from="a" to="b" direction="forward" bandwidth="1mbit"/>`),
    );
    const configuration = hosts[0]?.configuration;
    expect(configuration && received(configuration, 'vif4.0', '10.1.0.1')).to.deep.equal([1000, 0]);
    expect(configuration && received(configuration, 'vif2.0', '10.2.0.1')).to.deep.equal([0, 0]);
  });

  it('gives each direction of a pair its own parameters', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(
        `${TWO_SITES}<link from="a" to="b" direction="forward" bandwidth="1mbit"/><link from="b" to="a" direction="forward" bandwidth="2mbit" latency="5ms"/>`,
      ),
    );
    const configuration = hosts[0]?.configuration;
    expect(configuration && received(configuration, 'vif4.0', '10.1.0.1')).to.deep.equal([1000, 0]);
    expect(configuration && received(configuration, 'vif2.0', '10.2.0.1')).to.deep.equal([2000, 5000]);
  });

  it('adds the latencies of both access lines to that of the link, and limits both ways of a line', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(
        `<site name="a" network="10.1.0.0/16"><access bandwidth="100mbit" latency="200us"/>
           <node vm="a1" address="10.1.0.11"><access latency="3ms"/></node>
           <node vm="ap" address="10.1.0.1" role="proxy"/></site>
         <site name="b" network="10.2.0.0/16"><node vm="b1" address="10.2.0.11"/><node vm="bp" address="10.2.0.1" role="proxy"/></site>
         <link from="a" to="b" latency="20ms"/>`,
      ),
    );
    const configuration = hosts[0]?.configuration;
    if (configuration === undefined) throw new Error('no host');
    expect(received(configuration, 'vif4.0', '10.1.0.1')).to.deep.equal([0, 20_200]);
    const a1 = configuration.rows(vifTable).find(({ vif }) => vif === 'vif1.0');
    expect(configuration.get(profileTable, [a1?.rxProfile ?? 0])).to.include({
      bandwidth: 100_000,
      latency: 3200,
    });
    expect(configuration.get(profileTable, [a1?.txProfile ?? 0])).to.include({
      bandwidth: 100_000,
      latency: 0,
    });
  });

  it('lets a line differ by direction, the node before the site', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap']]),
      virtualXml(`<site name="a" network="10.1.0.0/16">
        <access bandwidth="16mbit" latency="5ms"><sent bandwidth="1mbit"/></access>
        <node vm="a1" address="10.1.0.11"><access latency="7ms"><received latency="9ms"/></access></node>
        <node vm="ap" address="10.1.0.1"/>
      </site>`),
    );
    const [host] = hosts.map(({ configuration }) => configuration);
    const line = (vif: string): number[] => {
      const row = host?.rows(vifTable).find((one) => one.vif === vif);
      const [tx, rx] = [row?.txProfile, row?.rxProfile].map((index) => host?.get(profileTable, [index ?? 0]));
      return [tx?.bandwidth ?? 0, tx?.latency ?? 0, rx?.bandwidth ?? 0, rx?.latency ?? 0];
    };
    // What a1 receives passes ap's line on its way out, and its own on its way in.
    expect(line('vif1.0')).to.deep.equal([1000, 0, 16_000, 14_000]);
    expect(line('vif2.0')).to.deep.equal([1000, 0, 16_000, 12_000]);
  });

  it('gives neighbours with unusual lines rows of their own', async () => {
    const { hosts } = await merged(
      realXml([['n1', 'n2', 'n3', 'n4']]),
      virtualXml(
        `<site name="a" network="10.1.0.0/16"><access latency="1ms"/>
           <node vm="n1" address="10.1.0.1"/><node vm="n2" address="10.1.0.2"/><node vm="n3" address="10.1.0.3"/>
           <node vm="n4" address="10.1.0.4"><access latency="9ms"/></node></site>`,
      ),
    );
    const configuration = hosts[0]?.configuration;
    if (configuration === undefined) throw new Error('no host');
    expect(received(configuration, 'vif1.0', '10.1.0.4')).to.deep.equal([0, 10_000]);
    expect(received(configuration, 'vif1.0', '10.1.0.2'), 'the usual one').to.equal(undefined);
    const n1 = configuration.rows(vifTable).find(({ vif }) => vif === 'vif1.0');
    expect(configuration.get(profileTable, [n1?.rxProfile ?? 0])).to.include({ latency: 2000 });
  });

  it('lets the more specific link win, parameter by parameter, between neighbours too', async () => {
    const open = TWO_SITES.replaceAll('/16">', '/16" policy="open">').replace(/<route.*\n/, '');
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${open}
        <link from="a1" to="bp" direction="forward" latency="90ms"/>
        <link from="a1" to="b" bandwidth="2mbit"/>
        <link from="a" to="b" bandwidth="10mbit" latency="20ms"/>
        <link from="a1" to="ap" latency="5ms"/>`),
    );
    const [host] = hosts.map(({ configuration }) => configuration);
    if (host === undefined) throw new Error('no host');
    const from = { a1: '10.1.0.11', ap: '10.1.0.1', b1: '10.2.0.11', bp: '10.2.0.1' };
    expect(received(host, 'vif4.0', from.a1), 'a1 to bp').to.deep.equal([2000, 90_000]);
    expect(received(host, 'vif1.0', from.bp), 'bp to a1').to.deep.equal([2000, 20_000]);
    expect(received(host, 'vif3.0', from.a1), 'a1 to b1').to.deep.equal([2000, 20_000]);
    expect(received(host, 'vif3.0', from.ap), 'ap to b1').to.deep.equal([10_000, 20_000]);
    // Its only neighbour: what is usual for it.
    expect(received(host, 'vif2.0', from.a1), 'a1 to ap').to.equal(undefined);
    const usual = host.rows(vifTable).find(({ vif }) => vif === 'vif2.0')?.rxProfile ?? 0;
    expect(host.get(profileTable, [usual])?.latency).to.equal(5000);
  });

  it('refuses what has no effect, where it stands', async () => {
    const thrown: unknown = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${TWO_SITES}
        <link from="a" to="b" distribution="normal"/>
        <link from="a1" to="ap" latency="5ms" framing="ethernet"/>`),
    ).catch((error: unknown) => error);
    expect(failuresOf(thrown).map(({ message, at }) => [at?.line, message])).to.deep.equal([
      [12, 'framing without bandwidth has no effect'],
      [11, 'distribution without jitter has no effect'],
    ]);
  });

  it('opens a way between two nodes by a link of theirs, which has what the link of their sites says besides', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${TWO_SITES}
        <link from="a" to="b" bandwidth="10mbit"/>
        <link from="a1" to="b1" direction="forward" latency="5ms"/>`),
    );
    const [host] = hosts.map(({ configuration }) => configuration);
    if (host === undefined) throw new Error('no host');
    expect(received(host, 'vif3.0', '10.1.0.11'), 'a1 to b1').to.deep.equal([10_000, 5000]);
    expect(received(host, 'vif1.0', '10.2.0.11'), 'b1 to a1').to.deep.equal([10_000, 0]);
    expect(received(host, 'vif3.0', '10.1.0.1'), 'ap to b1').to.equal(undefined);
    const routes = host.rows(routeTable).map((row) => `${row.vif} ${row.destination} ${row.nextHop}`);
    expect(routes).to.include.members(['vif1.0 10.2.0.11 ', 'vif3.0 10.1.0.11 ']);
    const flows = host.rows(flowTable);
    expect(flows.map(({ action, protocol }) => [action, protocol])).to.deep.equal(
      Array.from({ length: 4 }, () => ['permit', -1]),
    );
    expect(flows.map(({ fromAddress, toAddress }) => `${fromAddress} ${toAddress}`)).to.include.members([
      '10.1.0.11 10.2.0.11',
      '10.2.0.11 10.1.0.11',
    ]);
  });

  it('writes a rule as one row for each pair of addresses and each protocol of an IP version, in the order of the file', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${TWO_SITES}
        <deny from="a" to="b" protocol="icmp"/>
        <allow from="a/a1" to="any" protocol="tcp" port="80-443"/>`),
    );
    const rows = hosts[0]?.configuration.rows(flowTable) ?? [];
    const sites = hosts[0]?.configuration.rows(siteTable) ?? [];
    const [a, b] = ['a', 'b'].map((name) => sites.find((site) => site.name === name)?.site);
    expect(
      rows.map((row) => [row.index, row.action, row.fromSite, row.toSite, row.protocol, row.fromAddress]),
    ).to.deep.equal([
      [1, 'deny', a, b, 1, ''],
      [2, 'deny', a, b, 58, ''],
      [3, 'permit', a, 0, 6, '10.1.0.11'],
      [4, 'permit', a, 0, 6, 'fe80::216:3eff:fe00:1'],
    ]);
    expect(rows.at(-1)).to.include({ toPortMin: 80, toPortMax: 443, toAddress: '', fromPrefixLength: 128 });
  });

  it('leads what goes between routed sites through their proxies, at one rate at each', async () => {
    const routed = TWO_SITES.replaceAll('/16">', '/16" policy="routed">').replace(/<route.*\n/, '');
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${routed}<link from="a" to="b" bandwidth="2mbit" latency="10ms"/>`),
    );
    const [host] = hosts.map(({ configuration }) => configuration);
    if (host === undefined) throw new Error('no host');
    const links = host.rows(linkTable).map((row) => [row.vif, `${row.peer}/${String(row.peerPrefixLength)}`]);
    expect(links).to.have.deep.members([
      ['vif2.0', '10.2.0.0/16'],
      ['vif2.0', 'fe80::216:3eff:fe00:4/128'],
      ['vif4.0', '10.1.0.0/16'],
      ['vif4.0', 'fe80::216:3eff:fe00:2/128'],
    ]);
    expect(received(host, 'vif4.0', '10.1.0.0')).to.deep.equal([2000, 10_000]);
    const routes = host.rows(routeTable).map((row) => `${row.vif} ${row.destination} ${row.nextHop}`);
    expect(routes).to.have.members([
      'vif1.0 10.2.0.0 10.1.0.1',
      'vif2.0 10.2.0.1 ',
      'vif2.0 10.2.0.0 10.2.0.1',
      'vif3.0 10.1.0.0 10.2.0.1',
      'vif4.0 10.1.0.1 ',
      'vif4.0 10.1.0.0 10.1.0.1',
    ]);
    const forwarding = host.rows(vifTable).filter(({ forwarding: what }) => what === 'sites');
    expect(forwarding.map(({ vif }) => vif)).to.have.members(['vif2.0', 'vif4.0']);
    const macs = host.rows(memberTable).filter(({ macAddress }) => macAddress !== '');
    expect(new Set(macs.map(({ macAddress }) => macAddress))).to.deep.equal(
      new Set(['00:16:3e:00:00:02', '00:16:3e:00:00:04']),
    );
  });

  it('leads what comes through a proxy over the line of that proxy', async () => {
    const routed = TWO_SITES.replaceAll('/16">', '/16" policy="routed"><access latency="5ms"/>')
      .replace(/<route.*\n/, '')
      .replace(
        'address="10.2.0.1" role="proxy"/>',
        'address="10.2.0.1" role="proxy"><access latency="40ms"/></node>',
      )
      .replace(
        '<node vm="b1" address="10.2.0.11"/>',
        '<node vm="b1" address="10.2.0.11"/><node vm="b2" address="10.2.0.12"/><node vm="b3" address="10.2.0.13"/>',
      );
    const { hosts } = await merged(
      realXml([['a1', 'ap', 'b1', 'bp', 'b2', 'b3']]),
      virtualXml(`${routed}<link from="a" to="b"/>`),
    );
    const [host] = hosts.map(({ configuration }) => configuration);
    if (host === undefined) throw new Error('no host');
    expect(received(host, 'vif3.0', '10.2.0.1'), 'bp to b1').to.deep.equal([0, 45_000]);
    expect(received(host, 'vif3.0', '10.1.0.0'), 'a to b1').to.deep.equal([0, 45_000]);
    const groups = host.rows(linkTable).filter(({ vif }) => vif === 'vif3.0');
    expect(new Set(groups.map(({ group }) => group)).size).to.equal(1);
  });

  it('opens the way of each of the nodes that a machine is', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'b1', 'm']]).replace(
        'bridge="br0"/></vm></host>',
        'bridge="br0"/><vif name="vif9.0" mac="00:16:3e:00:00:99" bridge="br0"/></vm></host>',
      ),
      virtualXml(`
        <site name="a" network="10.1.0.0/16"><node vm="a1" address="10.1.0.11"/><node vm="m" vif="vif3.0" address="10.1.0.12"/></site>
        <site name="b" network="10.2.0.0/16"><node vm="b1" address="10.2.0.11"/></site>
        <site name="c" network="10.3.0.0/16"><node vm="m" vif="vif9.0" address="10.3.0.12"/></site>
        <link from="m" to="b1" latency="5ms"/>`),
    );
    const pairs = (hosts[0]?.configuration.rows(flowTable) ?? []).map(
      (row) => `${row.fromAddress} ${row.toAddress}`,
    );
    expect(pairs).to.include.members(['10.1.0.12 10.2.0.11', '10.3.0.12 10.2.0.11']);
  });

  it('refuses a link of single nodes between routed sites', async () => {
    const routed = TWO_SITES.replaceAll('/16">', '/16" policy="routed">');
    const thrown: unknown = await merged(
      realXml([['a1', 'ap', 'b1', 'bp']]),
      virtualXml(`${routed}<link from="a" to="b"/>\n<link from="a1" to="b1" latency="5ms"/>`),
    ).catch((error: unknown) => error);
    expect(failuresOf(thrown).map(({ message }) => message)).to.have.lengthOf(1);
    expect(failuresOf(thrown)[0]?.message).to.match(/^what goes between routed sites has one rate/);
  });

  it('routes to the other site through the proxy, except on the proxy, which reaches its peers on the link', async () => {
    const { hosts } = await merged(
      realXml([
        ['a1', 'ap'],
        ['b1', 'bp'],
      ]),
      virtualXml(`${TWO_SITES}<link from="a" to="b"/>`),
    );
    const routes = hosts[0]?.configuration.rows(routeTable);
    expect(
      routes?.map(({ vif, destination, prefixLength, nextHop }) => [vif, destination, prefixLength, nextHop]),
    ).to.deep.equal([
      ['vif1.0', '10.2.0.0', 16, '10.1.0.1'],
      ['vif2.0', '10.2.0.1', 32, ''],
    ]);
  });

  it('tells each host of all members, with their link-local addresses', async () => {
    const { hosts } = await merged(
      realXml([['a1', 'ap'], ['b1', 'bp'], ['unmanaged']]),
      virtualXml(TWO_SITES),
    );
    const [h1, h2, h3] = hosts;
    expect(h1?.configuration.rows(memberTable)).to.have.length(8);
    expect(h1?.configuration.rows(memberTable)).to.deep.equal(h2?.configuration.rows(memberTable));
    expect(h3?.configuration.size, 'a host without nodes').to.equal(0);
    expect(
      h1?.configuration.rows(addrTable).map(({ address, prefixLength }) => [address, prefixLength]),
    ).to.deep.equal([
      ['10.1.0.11', 16],
      ['10.1.0.1', 16],
    ]);
  });

  it('keeps the numbers of what stays when something else is edited', async () => {
    const real = realXml([['a1', 'ap', 'b1', 'bp']]);
    const before = await merged(real, virtualXml(`${TWO_SITES}<link from="a" to="b" bandwidth="1mbit"/>`));
    const after = await merged(
      real,
      virtualXml(
        `<site name="0" network="10.9.0.0/16"/>${TWO_SITES}<link from="a" to="b" bandwidth="2mbit"/>`,
      ),
    );
    const members = (environment: typeof before): unknown =>
      environment.hosts[0]?.configuration.rows(memberTable);
    expect(members(after)).to.deep.equal(members(before));
  });

  it('reports all conflicts at once, each with its line', async () => {
    const virtual = virtualXml(
      `\n<site name="a" network="10.1.0.0/16">\n<node vm="ghost" address="10.1.0.1"/>\n<node vm="a1" vif="vif9.0" address="10.1.0.2"/>\n</site>`,
    );
    let thrown: unknown;
    try {
      await merged(realXml([['a1']]), virtual);
    } catch (error) {
      thrown = error;
    }
    const failures = failuresOf(thrown);
    expect(failures.map(({ kind, at }) => [kind, at?.file, at?.line])).to.deep.equal([
      ['Conflict', 'virtual.xml', 3],
      ['Conflict', 'virtual.xml', 4],
    ]);
    expect(failures[0]?.message).to.include('ghost');
    expect(failures[1]?.hint).to.include('vif1.0');
  });

  it('refuses a node with the address of a host, which would lose its manager', async () => {
    const virtual = virtualXml(
      '<site name="a" network="172.16.0.0/16"><node vm="a1" address="172.16.0.1"/></site>',
    );
    const thrown: unknown = await merged(realXml([['a1']]), virtual).catch((error: unknown) => error);
    expect(failuresOf(thrown).map(({ kind, message }) => [kind, message])).to.deep.equal([
      ['Conflict', '172.16.0.1 is the address of h1 in the real file'],
    ]);
  });

  it('makes of the grid what the paper has: 32 machines, 3 pairs of proxies, both ways', async () => {
    const [real, virtual] = await Promise.all([
      readRealEnvironment('fixtures/real-env/grid.xml'),
      readVirtualEnvironment('fixtures/virtual-env/grid.xml'),
    ]);
    const { hosts } = mergeEnvironments(real.environment, virtual.environment);
    const all = <T>(rowsOf: (configuration: Configuration) => T[]): T[] =>
      hosts.flatMap(({ configuration }) => rowsOf(configuration));
    expect(all((configuration) => configuration.rows(vifTable))).to.have.length(32);
    // Each of three proxies receives from two others, by IPv4, IPv6 and link-local address.
    expect(all((configuration) => configuration.rows(linkTable))).to.have.length(18);
    expect(
      new Set(all((configuration) => configuration.rows(profileTable).map(({ name }) => name))),
    ).to.deep.equal(new Set(['1mbit 20ms']));
  });
});

import { expect } from 'chai';
import type { Graph, GraphEdge } from '../../../src/manager/graph/graph.js';
import { realXml, virtualXml } from '../merge/environments.js';
import { graphOf } from './environments.js';

const SITES = `
<site name="a" network="10.1.0.0/16 fd00:1::/64"><node vm="ap" address="10.1.0.1 fd00:1::1" role="proxy"/><node vm="a1" address="10.1.0.11"/></site>
<site name="b" network="10.2.0.0/16" policy="open"><node vm="bp" address="10.2.0.1" role="proxy"/><node vm="b1" address="10.2.0.11"/></site>
`;
const REAL = realXml([
  ['ap', 'b1'],
  ['bp', 'a1', 'unused'],
]);

const sites = (body: string): Promise<Graph> => graphOf(REAL, virtualXml(SITES + body));

const edgeText = ({ kind, from, to, direction, state, words }: GraphEdge): string =>
  [
    kind,
    from,
    direction === 'both' ? '-' : '>',
    to,
    ...(state === 'down' ? ['(down)'] : []),
    words.join(', '),
  ]
    .join(' ')
    .trim();
const edges = async (body: string): Promise<string[]> => (await sites(body)).edges.map(edgeText);

describe('the graph of what is wanted', () => {
  it('has the sites with their nodes, each on its host', async () => {
    const graph = await sites('');
    expect(graph).to.deep.equal({
      name: 'test',
      shows: 'sites',
      hosts: [
        { name: 'h1', address: '172.16.0.1' },
        { name: 'h2', address: '172.16.0.2' },
      ],
      groups: [
        { id: 'a', kind: 'site', name: 'a', words: ['10.1.0.0/16', 'fd00:1::/64', 'policy proxy'] },
        { id: 'b', kind: 'site', name: 'b', words: ['10.2.0.0/16', 'policy open'] },
      ],
      nodes: [
        {
          ...{ id: 'a/ap', kind: 'proxy', name: 'ap', group: 'a', host: 'h1' },
          ...{ addresses: ['10.1.0.1', 'fd00:1::1'], words: [] },
        },
        {
          ...{ id: 'a/a1', kind: 'node', name: 'a1', group: 'a', host: 'h2' },
          ...{ addresses: ['10.1.0.11'], words: [] },
        },
        {
          ...{ id: 'b/bp', kind: 'proxy', name: 'bp', group: 'b', host: 'h2' },
          ...{ addresses: ['10.2.0.1'], words: [] },
        },
        {
          ...{ id: 'b/b1', kind: 'node', name: 'b1', group: 'b', host: 'h1' },
          ...{ addresses: ['10.2.0.11'], words: [] },
        },
      ],
      edges: [],
    });
  });

  it('says links in the words of the files', async () => {
    expect(
      await edges(
        `<link from="a" to="b" bandwidth="1500kbit" latency="20ms" jitter="2ms" distribution="normal" loss="0.5%"/>
         <link from="a1" to="b1" loss="0%" state="up"/>`,
      ),
    ).to.deep.equal([
      'link a - b 1500kbit, 20ms, jitter 2ms, loss 0.5%, distribution normal',
      // It takes back what the link of the sites says.
      'link a/a1 - b/b1 loss 0%, state up',
    ]);
  });

  it('has one edge for two directions that are alike, and two for others', async () => {
    const link = (from: string, to: string, rest: string): string =>
      `<link from="${from}" to="${to}" direction="forward" ${rest}/>`;
    expect(
      await edges(
        [
          ...[link('a', 'b', 'latency="1ms"'), link('b', 'a', 'latency="1000us"')],
          ...[link('a1', 'b1', 'latency="1ms"'), link('b1', 'a1', 'latency="2ms"')],
          ...[link('ap', 'bp', 'latency="1ms"'), link('bp', 'ap', 'latency="1ms" state="down"')],
          link('a', 'b1', 'bandwidth="1mbit"'),
        ].join('\n'),
      ),
    ).to.deep.equal([
      'link a - b 1ms',
      'link a/a1 > b/b1 1ms',
      'link b/b1 > a/a1 2ms',
      'link a/ap > b/bp 1ms',
      'link b/bp > a/ap (down) 1ms, state down',
      'link a > b/b1 1mbit',
    ]);
  });

  it('leads a link of a machine to all sites that it is a node of', async () => {
    const real = realXml([['a1', 'c1', 'm']]).replace(
      /(<vm name="m">)(<vif name="vif3.0")( mac="[^"]*3")/,
      '$1<vif name="x" mac="00:16:3e:00:01:00" bridge="br0"/>$2$3',
    );
    const body = `
      <site name="a" network="10.1.0.0/16" policy="open"><node vm="m" vif="x" address="10.1.0.2"/></site>
      <site name="b" network="10.2.0.0/16" policy="open"><node vm="m" vif="vif3.0" address="10.2.0.2"/></site>
      <site name="c" network="10.3.0.0/16" policy="open"><node vm="c1" address="10.3.0.2"/></site>
      <link from="m" to="c1" latency="1ms"/>`;
    const graph = await graphOf(real, virtualXml(body));
    expect(graph.edges.map(edgeText)).to.deep.equal(['link a/m - c/c1 1ms', 'link b/m - c/c1 1ms']);
    expect(graph.nodes.map(({ id, words }) => [id, words])).to.deep.equal([
      ['a/m', ['vif x']],
      ['b/m', ['vif vif3.0']],
      ['c/c1', []],
    ]);
  });

  it('numbers rules, and joins those of one kind between the same ends', async () => {
    const graph = await sites(`
      <allow from="a" to="any" protocol="tcp" port="80"/>
      <deny from="a" to="b/b1"/>
      <allow from="a" to="any" protocol="udp" port="1000-2000"/>
      <allow from="b/b1" to="a" protocol="icmp"/>
      <deny from="b/b1" to="a"/>`);
    expect(graph.edges.map(edgeText)).to.deep.equal([
      'allow a > outside world #1 allow tcp port 80, #3 allow udp port 1000-2000',
      'deny a > b/b1 #2 deny',
      'allow b/b1 > a #4 allow icmp',
      'deny b/b1 > a #5 deny',
    ]);
    expect(graph.nodes.at(-1)).to.include({ id: 'outside world', kind: 'outside', name: 'any' });
  });

  it('has no outside world where no rule is about it, and a site of that name is a site', async () => {
    expect((await sites('<deny from="a" to="b"/>')).nodes.map(({ kind }) => kind)).to.not.include('outside');
    const graph = await graphOf(
      REAL,
      virtualXml(`${SITES}<site name="any" network="10.9.0.0/16"/><deny from="a" to="any"/>`),
    );
    expect(graph.edges.map(edgeText)).to.deep.equal(['deny a > any #1 deny']);
  });

  it('says lines, routes and overlays', async () => {
    const graph = await graphOf(
      REAL,
      virtualXml(`
        <site name="a" network="10.1.0.0/16" overlay="vxlan" overlay-vni="7" overlay-port="4790">
          <node vm="ap" address="10.1.0.1" role="proxy"/>
          <node vm="a1" address="10.1.0.11"><access latency="3ms" mtu="1400B"><received loss="1%"/></access></node>
          <route to="10.2.0.0/16" via="ap" metric="5"/>
          <access bandwidth="16mbit" latency="5ms"><sent bandwidth="1mbit"/></access>
        </site>`),
    );
    expect(graph.groups[0]?.words).to.deep.equal([
      ...['10.1.0.0/16', 'policy proxy', 'overlay vxlan vni 7 port 4790'],
      ...['each node: 16mbit 5ms', 'each node: sends 1mbit', 'route 10.2.0.0/16 via ap metric 5'],
    ]);
    expect(graph.nodes[1]?.words).to.deep.equal(['3ms mtu 1400B', 'receives loss 1%']);
  });
});

describe('the graph of what is there', () => {
  const PHYSICAL = realXml([['one', 'br0'], []]).replace(
    '</real-environment>',
    `<switch name="sw"/><router name="gw" address="172.16.0.254"/>
     <link from="h1" to="sw" bandwidth="100mbit" latency="100us" mtu="9000B"/><link from="sw" to="gw"/></real-environment>`,
  );

  it('has hosts with bridges and machines, and the physical network', async () => {
    const graph = await graphOf(
      PHYSICAL.replace(
        'name="h1" address="172.16.0.1"',
        '$& hypervisor="xen" version="3.1" memory="2GiB" cpus="1"',
      ).replace('<vm name="one">', '<vm name="one" memory="256MiB">'),
    );
    expect(graph.groups).to.deep.equal([
      { id: 'h1', kind: 'host', name: 'h1', words: ['172.16.0.1', 'xen 3.1', '2GiB', '1 cpu'] },
      { id: 'h2', kind: 'host', name: 'h2', words: ['172.16.0.2'] },
    ]);
    expect(graph.nodes.map(({ id, kind, words }) => [id, kind, ...words])).to.deep.equal([
      ['sw', 'switch'],
      ['gw', 'router'],
      ['h1/bridge br0', 'bridge', 'no uplink'],
      ['h1/one', 'machine', '256MiB'],
      // A machine with the name of the bridge is another thing.
      ['h1/br0', 'machine'],
      ['h2/bridge br0', 'bridge', 'no uplink'],
    ]);
    expect(graph.edges.map(edgeText)).to.deep.equal([
      'physical h1 - sw 100mbit, 100us, mtu 9000B',
      'physical sw - gw',
      'vif h1/one - h1/bridge br0 vif1.0',
      'vif h1/br0 - h1/bridge br0 vif2.0',
    ]);
  });
});

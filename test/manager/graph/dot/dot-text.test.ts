import { expect } from 'chai';
import { dotText } from '../../../../src/manager/graph/dot/dot-text.js';
import type { Graph } from '../../../../src/manager/graph/graph.js';
import { realXml, virtualXml } from '../../merge/environments.js';
import { graphOf, manyMachines } from '../environments.js';

const SITES = `
<site name="a" network="10.1.0.0/16"><node vm="ap" address="10.1.0.1" role="proxy"/><node vm="a1" address="10.1.0.11"/></site>
<site name="b" network="10.2.0.0/16"><node vm="bp" address="10.2.0.1" role="proxy"/><node vm="b1" address="10.2.0.11"/></site>
`;
const REAL = realXml([
  ['ap', 'b1'],
  ['bp', 'a1'],
]);

const dot = async (body: string): Promise<string> => dotText(await graphOf(REAL, virtualXml(SITES + body)));

/** The lines of edges between these ends. */
const edgesOf = (text: string, from: string, to: string): string[] =>
  text.split('\n').filter((line) => line.trim().startsWith(`"${from}" -> "${to}" `));

describe('a graph in the language of Graphviz', () => {
  it('draws proxies and nodes with links in shapes of their own, with their hosts', async () => {
    const text = await dot('<link from="a1" to="b1" latency="1ms"/>');
    const line = (id: string): string => text.split('\n').find((one) => one.includes(`"${id}" [shape`)) ?? '';
    expect(line('a/ap')).to.contain('shape="hexagon"').and.contain('on h1').and.contain('10.1.0.1');
    expect(line('a/a1')).to.contain('shape="box"').and.contain('on h2');
    const [tint] = /fillcolor="#[0-9a-f]+"/.exec(line('a/ap')) ?? [];
    expect(tint).to.be.a('string');
    expect(line('b/b1')).to.contain(tint);
    expect(line('b/bp')).to.not.contain(tint);
  });

  it('ends edges of sites at their frames', async () => {
    const [edge] = edgesOf(
      await dot('<link from="a" to="b" bandwidth="1mbit" latency="20ms"/>'),
      'a/ap',
      'b/bp',
    );
    expect(edge).to.contain('ltail="cluster a" lhead="cluster b"').and.contain('dir="none"');
    expect(edge).to.contain('>1mbit 20ms<').and.not.contain('style=');
  });

  it('ends an edge that leads to the own site at what stands for all of it', async () => {
    const text = await dot('<deny from="a/a1" to="a"/><deny from="b" to="b" protocol="icmp"/>');
    expect(edgesOf(text, 'a/a1', 'all of a')).to.have.lengthOf(1);
    expect(edgesOf(text, 'all of b', 'all of b')).to.have.lengthOf(1);
    expect(text.match(/"all of [ab]" \[shape/g)).to.have.lengthOf(2);
  });

  it('tells one way, down, allow and deny apart by more than colours', async () => {
    const text = await dot(`
      <link from="a" to="b" direction="forward" latency="1ms" state="down"/>
      <allow from="a" to="b" protocol="tcp" port="22"/><deny from="b" to="a"/>`);
    const [link, allow] = edgesOf(text, 'a/ap', 'b/bp');
    expect(link).to.contain('style="dashed"').and.not.contain('dir=');
    expect(allow).to.contain('arrowhead="normal"').and.contain('>#1 allow tcp port 22<');
    expect(edgesOf(text, 'b/bp', 'a/ap')[0])
      .to.contain('arrowhead="tee"')
      .and.contain('>#2 deny<');
    for (const words of [
      ...['arrow: link one way', 'dashed: down', 'thin green arrow: allow', 'thin red bar: deny'],
      'the first that matches decides',
    ]) {
      expect(text).to.contain(words);
    }
  });

  it('explains nothing that is not there', async () => {
    const text = await dot('');
    for (const words of ['way', 'down', 'allow', 'deny', 'share a box']) expect(text).to.not.contain(words);
    expect(text)
      .to.contain('2 sites, 4 nodes, 2 hosts, 0 links')
      .and.contain('>h1<')
      .and.contain('172.16.0.2');
  });

  it('shows a site without nodes, and a host without machines', async () => {
    expect(await dot('<site name="c" network="10.3.0.0/16"/>'))
      .to.contain('"all of c"')
      .and.contain('no machines');
    expect(dotText(await graphOf(realXml([['a'], []])))).to.contain('subgraph "cluster h2"');
  });

  it('is the same text for the same files', async () => {
    const [real, virtual] = manyMachines();
    const [first, second] = [await graphOf(real, virtual), await graphOf(real, virtual)];
    expect(dotText(first))
      .to.equal(dotText(second))
      .and.to.not.equal(dotText(first, { all: true }));
    expect(JSON.stringify(first)).to.equal(JSON.stringify(second));
  });

  it('folds what is alike of many machines, and only then', async () => {
    const many = await graphOf(...manyMachines());
    expect(dotText(many)).to.contain('<B>5 machines</B>').and.contain('share a box');
    expect(dotText(many, { all: true }))
      .to.not.contain('5 machines')
      .and.not.contain('share a box');
  });

  it('has no text of the files outside of quotes and labels', () => {
    const hostile = '];"x\\"-><B>&amp;\n\u202e\\';
    const graph: Graph = {
      ...{ name: hostile, shows: 'sites', hosts: [{ name: hostile, address: hostile }] },
      groups: [{ id: hostile, kind: 'site', name: hostile, words: [hostile] }],
      nodes: ['node', 'proxy'].map((kind) => ({
        ...{ id: `${hostile}/${kind}`, kind: kind as 'node', name: hostile, group: hostile, host: hostile },
        ...{ addresses: [hostile], words: [hostile] },
      })),
      edges: [
        {
          ...{ kind: 'link', from: hostile, to: `${hostile}/node`, direction: 'forward', state: 'up' },
          words: [hostile],
        },
      ],
    };
    const text = dotText(graph);
    const inQuotes = '"];\\"x\\\\\\"-><B>&amp;\\\\u{a}\\\\u{202e}\\\\"';
    const inLabels = '];&#34;x\\&#34;-&#62;&#60;B&#62;&#38;amp;\\u{a}\\u{202e}\\';
    expect(text).to.contain(`digraph ${inQuotes} {`);
    const rest = text.replaceAll(inQuotes.slice(1, -1), '').replaceAll(inLabels, '');
    expect(rest).to.not.match(/\u202e|amp;|\\/);
  });
});

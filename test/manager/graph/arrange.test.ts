import { expect } from 'chai';
import { arrange, MOST_BOXES, type Arrangement } from '../../../src/manager/graph/arrange.js';
import type { Graph, GraphNode } from '../../../src/manager/graph/graph.js';
import { graphOf, manyMachines } from './environments.js';

const node = (name: string, more: Partial<GraphNode> = {}): GraphNode => ({
  ...{ id: `s/${name}`, kind: 'node', name, group: 's', host: 'h1', addresses: [`10.0.0.${name.slice(1)}`] },
  ...{ words: [], ...more },
});

const graph = (nodes: readonly GraphNode[], edges: Graph['edges'] = []): Graph => ({
  ...{ name: 'test', shows: 'sites', hosts: [], nodes, edges },
  groups: [{ id: 's', kind: 'site', name: 's', words: [] }],
});

/** Of each shelf its host, and the names in each box. */
const shelves = ({ clusters }: Arrangement): unknown[] =>
  clusters.flatMap((cluster) =>
    cluster.shelves.map(({ host, boxes }) => [host, ...boxes.map(({ names, count }) => [count, ...names])]),
  );
const singles = ({ clusters }: Arrangement): string[] =>
  clusters.flatMap((cluster) => cluster.singles.map(({ name }) => name));

const several = (count: number): GraphNode[] =>
  Array.from({ length: count }, (_, i) => node(`n${String(i + 1)}`));

describe('the arrangement of a graph', () => {
  it('puts nodes on a shelf for each host, and what has an edge or is a proxy beside it', () => {
    const nodes = [
      node('n1'),
      node('n2', { host: 'h2' }),
      node('n3'),
      node('n4', { kind: 'proxy' }),
      node('n5'),
    ];
    const arranged = arrange(
      graph(nodes, [
        { kind: 'deny', from: 's', to: 's/n3', direction: 'forward', state: 'up', words: ['#1 deny'] },
      ]),
    );
    expect(singles(arranged)).to.deep.equal(['n3', 'n4']);
    expect(shelves(arranged)).to.deep.equal([
      ['h1', [1, 'n1'], [1, 'n5']],
      ['h2', [1, 'n2']],
    ]);
  });

  it(`has a box for each of ${String(MOST_BOXES)} machines`, () => {
    const arranged = arrange(graph(several(MOST_BOXES)));
    expect(arranged.clusters[0]?.shelves[0]?.boxes).to.have.lengthOf(MOST_BOXES);
    expect(arranged.clusters[0]?.shelves[0]?.boxes[0]?.addresses).to.deep.equal(['10.0.0.1']);
  });

  it('has one for all that are alike on a host, where there are more', () => {
    const nodes = several(MOST_BOXES + 1).map((one, i) => {
      if (i === 9) return { ...one, host: 'h2' };
      if (i === 19) return { ...one, words: ['1mbit'] };
      return i === 29 ? { ...one, kind: 'proxy' as const } : one;
    });
    const arranged = arrange(graph(nodes));
    expect(shelves(arranged)).to.deep.equal([
      ['h1', [38, 'n1 … n9', 'n11 … n19', 'n21 … n29', 'n31 … n41'], [1, 'n20']],
      ['h2', [1, 'n10']],
    ]);
    expect(singles(arranged)).to.deep.equal(['n30']);
    expect(shelves(arrange(graph(nodes), true))[0]).to.have.lengthOf(40);
  });

  it('loses none of many machines, in sites and in hosts', async () => {
    const [real, virtual] = manyMachines();
    for (const many of [await graphOf(real), await graphOf(real, virtual)]) {
      for (const all of [false, true]) {
        const { clusters } = arrange(many, all);
        const boxes = clusters.flatMap((cluster) => cluster.shelves.flatMap((shelf) => shelf.boxes));
        const inBoxes = boxes.reduce((sum, { count }) => sum + count, 0);
        expect(inBoxes + clusters.flatMap((cluster) => cluster.singles).length).to.equal(300);
        if (!all) expect(boxes).to.have.lengthOf.at.most(70);
      }
    }
  });

  it('puts a machine beside its only bridge, and joins one of several by edges', () => {
    const bridge = (name: string): GraphNode => node(name, { kind: 'bridge', id: name });
    const vif = (machine: string, to: string): Graph['edges'][number] => ({
      ...{ kind: 'vif', from: `s/${machine}`, to, direction: 'both', state: 'up', words: [`vif-${machine}`] },
    });
    const arranged = arrange(
      graph(
        [bridge('b1'), bridge('b2'), ...['m1', 'm2', 'm3'].map((name) => node(name, { kind: 'machine' }))],
        [vif('m1', 'b1'), vif('m2', 'b1'), vif('m2', 'b2')],
      ),
    );
    expect(singles(arranged)).to.deep.equal(['m2']);
    expect(arranged.edges.map(({ from, to }) => [from, to])).to.deep.equal([
      ['s/m2', 'b1'],
      ['s/m2', 'b2'],
    ]);
    expect(
      arranged.clusters[0]?.shelves.map((shelf) => [
        shelf.bridge?.id,
        ...shelf.boxes.map(({ names, words }) => [...names, ...words]),
      ]),
    ).to.deep.equal([['b1', ['m1', 'vif-m1']], ['b2'], [undefined, ['m3']]]);
  });
});

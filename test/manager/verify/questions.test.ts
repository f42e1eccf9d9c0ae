import { expect } from 'chai';
import { PhysicalPaths } from '../../../src/manager/feasibility/physical-paths.js';
import type { PlacedNode } from '../../../src/manager/merge/placed-node.js';
import { latencyOf, lossOf, type WantedNetwork } from '../../../src/manager/merge/wanted-network.js';
import { delayQuestions } from '../../../src/manager/verify/delay.js';
import { rateQuestions } from '../../../src/manager/verify/rate.js';
import { reachQuestions } from '../../../src/manager/verify/reach.js';
import { mostTellingFirst, roundsOf } from '../../../src/manager/verify/rounds.js';
import { realXml, virtualXml, wantedNetwork } from '../merge/environments.js';

const REAL = realXml([
  ['p1', 'a1', 'b1'],
  ['p2', 'a2'],
  ['p3', 'a3'],
]);

/** Three sites on three hosts, each of a proxy and nodes. */
function sites(more: string, policy = 'proxy'): string {
  const site = (i: number, nodes: string): string =>
    `<site name="S${String(i)}" network="10.${String(i)}.0.0/24" policy="${policy}"><node vm="p${String(i)}" address="10.${String(i)}.0.1" role="proxy"/>${nodes}</site>`;
  const node = (name: string, address: string): string => `<node vm="${name}" address="${address}"/>`;
  return virtualXml(
    `${site(1, node('a1', '10.1.0.2') + node('b1', '10.1.0.3'))}${site(2, node('a2', '10.2.0.2'))}${site(3, node('a3', '10.3.0.2'))}${more}`,
  );
}

const LINK = '<link from="S1" to="S2" bandwidth="10mbit" latency="20ms"/>';

function nodeOf(network: WantedNetwork, name: string): PlacedNode {
  const found = network.nodes.find(({ node }) => node.vm === name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}

/** Who should be answered by whom, as `from>to`. */
function answered(network: WantedNetwork): Set<string> {
  return new Set(
    reachQuestions(network)
      .filter(({ expected }) => expected === 'answer')
      .map(({ from, to }) => `${from.node.vm}>${to.node.vm}`),
  );
}

describe('what a packet may do, by the files', () => {
  it('passes within a site, between proxies that a link joins, and nowhere else', async () => {
    expect(answered(await wantedNetwork(REAL, sites(LINK)))).to.deep.equal(
      new Set([
        ...['p1>a1', 'p1>b1', 'a1>p1', 'a1>b1', 'b1>p1', 'b1>a1'],
        ...['p2>a2', 'a2>p2', 'p3>a3', 'a3>p3', 'p1>p2', 'p2>p1'],
      ]),
    );
  });

  it('is decided by the first rule that is about it', async () => {
    const network = await wantedNetwork(
      REAL,
      sites(
        '<allow from="S1/a1" to="S3" protocol="tcp" port="80-90"/><deny from="S1" to="S3/a3"/><allow from="S1/b1" to="S3"/><deny from="S1/p1" to="S1/b1" protocol="icmp"/>',
      ),
    );
    const [a1, b1, p1, a3, p3] = ['a1', 'b1', 'p1', 'a3', 'p3'].map((name) => nodeOf(network, name));
    if (!a1 || !b1 || !p1 || !a3 || !p3) throw new Error('nodes');
    const passes = (from: PlacedNode, to: PlacedNode, protocol: 'tcp' | 'icmp', port?: number): boolean =>
      network.decide(from, to, { protocol, ...(port !== undefined && { port }) }).passes;
    expect(passes(a1, a3, 'tcp', 85)).to.equal(true);
    expect(passes(a1, a3, 'tcp', 91)).to.equal(false);
    expect(passes(a1, a3, 'icmp')).to.equal(false);
    expect(passes(b1, a3, 'icmp')).to.equal(false);
    expect(passes(b1, p3, 'icmp')).to.equal(true);
    // Answers pass, questions back do not.
    expect(passes(p3, b1, 'icmp')).to.equal(false);
    expect(passes(p1, b1, 'icmp')).to.equal(false);
    expect(passes(b1, p1, 'icmp')).to.equal(true);
    expect(network.decide(b1, a3, { protocol: 'icmp' }).by).to.equal('rule');
  });

  it('goes through the proxies of routed sites, one leg after the other', async () => {
    const network = await wantedNetwork(
      REAL,
      sites(LINK, 'routed').replaceAll('role="proxy"/>', 'role="proxy"><access latency="1ms"/></node>'),
    );
    const legs = network.legs(nodeOf(network, 'a1'), nodeOf(network, 'a2'));
    expect(legs.map(({ from, to }) => `${from.node.vm}>${to.node.vm}`)).to.deep.equal([
      'a1>p1',
      'p1>p2',
      'p2>a2',
    ]);
    expect(latencyOf(legs).microseconds).to.equal(24_000);
    expect(answered(network).has('a1>a2')).to.equal(true);
    expect(answered(network).has('a1>a3')).to.equal(false);
  });

  it('is lost as often as any of the legs loses it', async () => {
    const network = await wantedNetwork(
      REAL,
      sites(
        '<link from="S1" to="S2" loss="10%" corrupt="10%"/><link from="p1" to="p2" direction="forward" gemodel-p="1%" gemodel-r="9%"/>',
      ),
    );
    const [p1, p2] = [nodeOf(network, 'p1'), nodeOf(network, 'p2')];
    expect(lossOf(network.legs(p2, p1))).to.be.closeTo(0.19, 1e-9);
    expect(lossOf(network.legs(p1, p2))).to.be.closeTo(0.19, 1e-9);
  });
});

describe('what is probed', () => {
  it('is each ordered pair; what should not be answered is asked past the routes, by both IP versions', async () => {
    const questions = reachQuestions(await wantedNetwork(REAL, sites(LINK)));
    const of = (from: string, to: string): unknown[] =>
      questions
        .filter((one) => one.from.node.vm === from && one.to.node.vm === to)
        .map(({ target, request }) => [target.toString(), request.onLink, request.count]);
    expect(of('a1', 'a2')).to.deep.equal([
      ['10.2.0.2', true, 1],
      ['fe80::216:3eff:fe00:5', true, 1],
    ]);
    expect(of('p1', 'p2')).to.deep.equal([['10.2.0.1', false, 3]]);
    expect(new Set(questions.map(({ from, to }) => `${from.path} ${to.path}`)).size).to.equal(7 * 6);
  });

  it('asks often enough that chance loses not all', async () => {
    const lossy = await wantedNetwork(REAL, sites('<link from="S1" to="S2" loss="50%"/>'));
    const [question] = reachQuestions(lossy).filter(
      ({ from, to }) => from.node.vm === 'p1' && to.node.vm === 'p2',
    );
    // 0.75 of all are lost there or back: 0.75 ^ 49 < 1e-6.
    expect(question?.request.count).to.equal(49);
    const cut = await wantedNetwork(REAL, sites('<link from="S1" to="S2" state="down"/>'));
    expect(answered(cut).has('p1>p2')).to.equal(false);
  });

  it('is the round trip of each pair with a latency or a loss, once', async () => {
    const questions = delayQuestions(await wantedNetwork(REAL, sites(LINK)));
    expect(
      questions.map(({ from, to, legs }) => [from.node.vm, to.node.vm, latencyOf(legs).microseconds]),
    ).to.deep.equal([['p1', 'p2', 40_000]]);
  });

  it('is each way with a bandwidth, by what narrows it most', async () => {
    const network = await wantedNetwork(
      REAL,
      sites(
        '<link from="S1" to="S2" bandwidth="10mbit"/><link from="S2" to="S3" direction="forward" bandwidth="100mbit"/>',
      ).replace(
        '<node vm="p2" address="10.2.0.1" role="proxy"/>',
        '<node vm="p2" address="10.2.0.1" role="proxy"><access><received bandwidth="5mbit"/></access></node>',
      ),
    );
    const asked = rateQuestions(network).map(({ from, to, asked: rate, request }) => [
      `${from.node.vm}>${to.node.vm}`,
      Math.round(rate),
      request.bandwidth,
      request.size,
    ]);
    const udp = (rate: number): number[] => {
      const data = (rate * 1472) / 1514;
      return [Math.round(data), Math.ceil((data * 1.1) / 1000), 1472];
    };
    expect(asked).to.deep.equal([
      ['p1>p2', ...udp(5e6)],
      ['p2>p1', ...udp(10e6)],
      ['p2>p3', Math.round((100e6 * 1448) / 1514), 0, 1448],
      ['a2>p2', ...udp(5e6)],
      // A link of one direction joins both; what p2 receives its own line limits.
      ['p3>p2', ...udp(5e6)],
    ]);
  });
});

describe('the rounds of streams', () => {
  it('have no sender and no receiver in two, and no more of a physical link than it has, and begin with one of each link', async () => {
    const network = await wantedNetwork(
      REAL,
      sites(
        '<link from="S1" to="S2" bandwidth="60mbit"/><link from="S1" to="S3" bandwidth="1mbit"/>',
        'open',
      ),
    );
    const rates = mostTellingFirst(rateQuestions(network));
    const nameOf = ({ from, to }: (typeof rates)[number]): string => `${from.site.name}>${to.site.name}`;
    expect(rates.slice(0, 4).map(nameOf).sort()).to.deep.equal(['S1>S2', 'S1>S3', 'S2>S1', 'S3>S1']);
    const link = (from: string): object => ({ from, to: 'switch', bandwidth: { bitsPerSecond: 100e6 } });
    const physical = {
      hosts: ['h1', 'h2', 'h3'].map((name) => ({ name })),
      links: ['h1', 'h2', 'h3'].map(link),
    };
    const rounds = roundsOf(rates, new PhysicalPaths(physical as never));
    expect(rounds.flat()).to.have.length(rates.length);
    for (const round of rounds) {
      const ways = round.map(({ from, to }) => [from.path, to.path] as const);
      expect(new Set(ways.map(([from]) => from)).size).to.equal(ways.length);
      expect(new Set(ways.map(([, to]) => to)).size).to.equal(ways.length);
      expect(ways.some(([from, to]) => ways.some((other) => other[0] === to && other[1] === from))).to.equal(
        false,
      );
      for (const host of ['h1', 'h2']) {
        const sent = round.filter(({ from }) => from.host.name === host);
        expect(sent.reduce((sum, { asked }) => sum + asked, 0)).to.be.at.most(100e6);
      }
    }
    expect(rounds.length).to.be.lessThan(rates.length);
  });
});

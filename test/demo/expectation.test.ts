import { expect } from 'chai';
import { pairsOf, readEndpoints, type Endpoint } from '../../src/demo/endpoints.js';
import { isProxy, mayReach, wantedPath } from '../../src/demo/expectation.js';
import { roundsOf } from '../../src/demo/rounds.js';
import type { VirtualEnvironment } from '../../src/manager/model/virtual-environment.js';
import { readRealEnvironment } from '../../src/manager/xml/read-real-environment.js';
import {
  parseVirtualEnvironment,
  readVirtualEnvironment,
} from '../../src/manager/xml/read-virtual-environment.js';

const real = async (name: string): ReturnType<typeof readRealEnvironment> =>
  readRealEnvironment(`fixtures/real-env/${name}.xml`);

/** The pair of fixtures/ with other links, policies and lines. */
async function pair(links: string, policy = 'proxy', access = ''): Promise<[VirtualEnvironment, Endpoint[]]> {
  const site = (n: string): string => `<site name="site${n}" network="10.${n}.0.0/16" policy="${policy}">
    <node vm="proxy${n}" address="10.${n}.0.1" role="proxy"/>
    <node vm="node${n}" address="10.${n}.0.101"/>${access}
  </site>`;
  const text = `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="pair">
    ${site('1')}${site('2')}${links}</virtual-environment>`;
  const { environment } = await parseVirtualEnvironment(text, 'pair.xml');
  return [environment, readEndpoints((await real('pair')).environment, environment)];
}

const reaching = (virtual: VirtualEnvironment, endpoints: readonly Endpoint[]): string[] =>
  pairsOf(endpoints)
    .filter(([from, to]) => from.site !== to.site && mayReach(virtual, from, to))
    .map(([from, to]) => `${from.machine} ${to.machine}`);

describe('what the demo expects', () => {
  it('counts 992 pairs of the grid, of which 324 reach each other', async () => {
    const { environment } = await readVirtualEnvironment('fixtures/virtual-env/grid.xml');
    const endpoints = readEndpoints((await real('grid')).environment, environment);
    const pairs = pairsOf(endpoints);
    expect(pairs).to.have.length(992);
    // 10, 13 and 9 nodes within their sites, and three proxies among each other.
    expect(pairs.filter(([from, to]) => mayReach(environment, from, to))).to.have.length(90 + 156 + 72 + 6);
    const host = endpoints.find(({ machine }) => machine === 'vmgridpeer2');
    expect(host).to.include({ vif: 'vif8.0', device: 'eth0', linkLocal: 'fe80::216:3eff:fe00:200' });
  });

  it('lets only proxies of linked sites reach each other, whatever the direction of the link', async () => {
    expect(reaching(...(await pair('')))).to.deep.equal([]);
    for (const direction of ['forward', 'both']) {
      const link = `<link from="site1" to="site2" direction="${direction}" bandwidth="1mbit"/>`;
      expect(reaching(...(await pair(link)))).to.deep.equal(['proxy1 proxy2', 'proxy2 proxy1']);
    }
  });

  it('lets all nodes of linked open sites reach each other', async () => {
    expect(reaching(...(await pair('', 'open')))).to.deep.equal([]);
    expect(reaching(...(await pair('<link from="site1" to="site2"/>', 'open')))).to.have.length(8);
  });

  it('takes one way of a link, and lines at both ends', async () => {
    const [virtual, [one, , two]] = await pair(
      '<link from="site1" to="site2" direction="forward" bandwidth="1mbit" latency="20ms"/>',
      'proxy',
      '<access bandwidth="10mbit" latency="1ms"/>',
    );
    if (one === undefined || two === undefined) throw new Error('no proxies');
    expect([one, two].every(isProxy)).to.equal(true);
    expect(wantedPath(virtual, one, two).bandwidth).to.equal(1e6);
    expect(wantedPath(virtual, one, two).latency.toString()).to.equal('22ms');
    expect(wantedPath(virtual, two, one).bandwidth).to.equal(1e7);
    expect(wantedPath(virtual, two, one).latency.toString()).to.equal('2ms');
  });

  it('measures at once only what does not disturb each other', async () => {
    const { environment } = await readVirtualEnvironment('fixtures/virtual-env/grid.xml');
    const endpoints = readEndpoints((await real('grid')).environment, environment);
    const rounds = roundsOf(pairsOf(endpoints.filter(isProxy)));
    expect(rounds.map((round) => round.length)).to.deep.equal([3, 3]);
    for (const round of rounds) {
      expect(new Set(round.map(([from]) => from)).size).to.equal(round.length);
      expect(new Set(round.map(([, to]) => to)).size).to.equal(round.length);
    }
  });
});

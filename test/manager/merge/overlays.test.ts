import { expect } from 'chai';
import { overlayMachineTable } from '../../../src/mib/overlay-machine-table.js';
import { overlayTable } from '../../../src/mib/overlay-table.js';
import { overlayVtepTable } from '../../../src/mib/overlay-vtep-table.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { vifTable } from '../../../src/mib/vif-table.js';
import type { Configuration } from '../../../src/mib/configuration.js';
import { failuresOf } from '../../../src/errors.js';
import { merged, realXml, virtualXml } from './environments.js';

// Machines a… in site A, b… in site B, c… in site C; a1, b1 and c1 are the proxies.
const REAL = realXml([['a1', 'a2', 'c1'], ['a3', 'b1', 'b2'], ['b3', 'c2'], ['d1']]);
const SITE = (letter: string, count: number, more = 'overlay="vxlan"'): string => {
  const network = letter.charCodeAt(0) - 96;
  const nodes = Array.from({ length: count }, (_, i) => {
    const role = i === 0 ? ' role="proxy"' : '';
    return `<node vm="${letter}${String(i + 1)}" address="10.${String(network)}.0.${String(i + 1)}"${role}/>`;
  });
  return `<site name="${letter.toUpperCase()}" network="10.${String(network)}.0.0/16" ${more}>${nodes.join('')}</site>`;
};

/** What each host has of each site's overlay: the hosts it sends to, and the machines behind each. */
async function overlays(virtual: string, real = REAL): Promise<Record<string, Record<string, unknown>>> {
  const environment = await merged(real, virtualXml(virtual));
  return Object.fromEntries(
    environment.hosts.map(({ host, configuration }) => [host.name, ofHost(configuration)]),
  );
}

function ofHost(configuration: Configuration): Record<string, unknown> {
  const nameOf = new Map(configuration.rows(siteTable).map(({ site, name }) => [site, name]));
  const vteps = configuration.rows(overlayVtepTable);
  const machines = configuration.rows(overlayMachineTable);
  return Object.fromEntries(
    configuration.rows(overlayTable).map(({ site }) => {
      const to = vteps.filter((row) => row.site === site && row.role === 'remote');
      const behind = to.map(({ address }): [string, string[]] => [
        `h${address.slice(-1)}`,
        machines
          .filter((row) => row.site === site && row.vtep === address)
          .map(({ mac }) => mac.slice(-2))
          .sort(),
      ]);
      return [nameOf.get(site) ?? '', Object.fromEntries(behind)];
    }),
  );
}

const messages = async (virtual: string, real = REAL): Promise<string[]> => {
  try {
    await merged(real, virtualXml(virtual));
    return [];
  } catch (error) {
    return failuresOf(error).map(({ message }) => message);
  }
};

describe('the merge of overlays', () => {
  it('joins the hosts of a site, each with all machines of the others', async () => {
    expect(await overlays(SITE('a', 3))).to.deep.equal({
      h1: { A: { h2: ['04'] } },
      h2: { A: { h1: ['01', '02'] } },
      h3: {},
      h4: {},
    });
  });

  it('makes none for a site on one host, nor for one without overlay', async () => {
    expect(await overlays(SITE('a', 2) + SITE('b', 3, ''))).to.deep.equal({ h1: {}, h2: {}, h3: {}, h4: {} });
  });

  it('joins the hosts of linked proxies with the overlay of either site, and with no more of it than they reach', async () => {
    const found = await overlays(
      `${SITE('a', 3)}${SITE('b', 3)}${SITE('c', 2)}<link from="A" to="C" latency="1ms"/><link from="B" to="C" latency="1ms"/>`,
    );
    expect(found).to.deep.equal({
      // c1 is here, and b1 on h2; c1 reaches a1, which is here too.
      h1: { A: { h2: ['04'] }, B: { h2: ['05'] }, C: { h2: [], h3: ['08'] } },
      // b1 is here: what it and b2 send to all goes to h3, and to h1 for c1. Of C it reaches c1.
      h2: { A: { h1: ['01', '02'] }, B: { h1: [], h3: ['07'] }, C: { h1: ['03'] } },
      // b3 and c2 are no proxies.
      h3: { B: { h2: ['05', '06'] }, C: { h1: ['03'] } },
      h4: {},
    });
  });

  it('joins all nodes of linked open sites', async () => {
    const open = 'policy="open" overlay="vxlan"';
    const found = await overlays(`${SITE('a', 2, open)}${SITE('b', 3, open)}<link from="A" to="B"/>`);
    expect(found).to.deep.equal({
      h1: { A: { h2: [], h3: [] }, B: { h2: ['05', '06'], h3: ['07'] } },
      h2: { A: { h1: ['01', '02'] }, B: { h1: [], h3: ['07'] } },
      h3: { A: { h1: ['01', '02'] }, B: { h1: [], h2: ['05', '06'] } },
      h4: {},
    });
  });

  it('says which network, port, bridge and address', async () => {
    const { hosts } = await merged(
      REAL,
      virtualXml(SITE('a', 3, 'overlay="vxlan" overlay-vni="4711" overlay-port="8472"')),
    );
    const [first] = hosts;
    const [row] = first?.configuration.rows(overlayTable) ?? [];
    expect(row).to.include({ vni: 4711, port: 8472, bridge: 'br0' });
    const local = first?.configuration.rows(overlayVtepTable).filter(({ role }) => role === 'local');
    expect(local?.map(({ address }) => address)).to.deep.equal(['172.16.0.1']);
  });

  it('leaves room for what the overlay adds, for all nodes of a site that has one', async () => {
    const mtus = async (real: string, virtual: string): Promise<Record<string, number>> => {
      const { hosts } = await merged(real, virtualXml(virtual));
      const rows = hosts.flatMap(({ configuration }) => configuration.rows(vifTable));
      return Object.fromEntries(rows.map(({ vmName, mtu }) => [vmName, mtu]));
    };
    const sites = SITE('a', 3) + SITE('d', 1) + SITE('b', 1, '');
    expect(await mtus(REAL, sites)).to.deep.equal({ a1: 1450, a2: 1450, a3: 1450, d1: 0, b1: 0 });
    const version6 = REAL.replaceAll('address="172.16.0.', 'address="fd00:ffff::');
    expect(await mtus(version6, SITE('a', 3))).to.deep.equal({ a1: 1430, a2: 1430, a3: 1430 });
  });

  it('gives a site the same network whatever other sites there are, and other environments others', async () => {
    const networks = async (virtual: string): Promise<(number | undefined)[]> => {
      const { hosts } = await merged(REAL, virtual);
      return hosts
        .slice(0, 1)
        .flatMap(({ configuration }) => configuration.rows(overlayTable).map(({ vni }) => vni));
    };
    const [alone] = await networks(virtualXml(SITE('a', 3)));
    const both = await networks(virtualXml(SITE('b', 3) + SITE('a', 3) + SITE('c', 2)));
    expect(both).to.include(alone).and.to.have.lengthOf(2);
    expect(new Set(both).size).to.equal(2);
    expect(await networks(virtualXml(SITE('a', 3)).replace('name="test"', 'name="other"'))).not.to.include(
      alone,
    );
  });

  it('refuses what cannot be', async () => {
    const vni = 'overlay="vxlan" overlay-vni="7"';
    expect(await messages(SITE('a', 3, vni) + SITE('b', 3, vni))).to.deep.equal([
      'the overlays of A and B have the same VXLAN network 7',
    ]);
    expect(await messages(SITE('a', 3, vni) + SITE('b', 3, `${vni} overlay-port="4790"`))).to.deep.equal([]);
    expect(await messages(`${SITE('a', 3)}${SITE('b', 3, '')}<link from="A" to="B"/>`)).to.deep.equal([
      'A has an overlay and B has none, so that the link does not join them between hosts',
    ]);
    expect(await messages(`${SITE('a', 2)}${SITE('c', 1, '')}<link from="A" to="C"/>`)).to.deep.equal([]);
    const mixed = REAL.replace('address="172.16.0.2"', 'address="fd00::2"');
    expect(await messages(SITE('a', 3), mixed)).to.deep.equal([
      'the overlay of A joins hosts with an IPv4 address and hosts with an IPv6 address',
    ]);
    const bridges = REAL.replace('bridge="br0"', 'bridge="br1"').replace(
      '<bridge name="br0"/>',
      '<bridge name="br0"/><bridge name="br1"/>',
    );
    expect(await messages(SITE('a', 3), bridges)).to.deep.equal([
      'machines of h1 that the overlay of A joins are at the bridges br1, br0',
    ]);
  });
});

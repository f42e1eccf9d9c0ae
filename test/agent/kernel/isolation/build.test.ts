import { expect } from 'chai';
import { buildIsolation } from '../../../../src/agent/kernel/isolation/build.js';
import type { SiteMember, SitePolicy } from '../../../../src/agent/kernel/isolation/model.js';
import { IpNetwork } from '../../../../src/units/ip-network.js';

const member = (site: number, text: string, role: SiteMember['role'] = 'node'): SiteMember => ({
  site,
  network: IpNetwork.parse(text),
  role,
});
const sites = (...policies: SitePolicy[]): { id: number; policy: SitePolicy }[] =>
  policies.map((policy, index) => ({ id: index + 1, policy }));
const MEMBERS = [
  member(1, '10.1.0.1/32', 'proxy'),
  member(1, '10.1.0.2/32'),
  member(2, '10.2.0.1/32', 'proxy'),
  member(2, 'fd00::2/128'),
];
const pass = (a: string, b: string): string =>
  `-m set --match-set netmgr-${a} src -m set --match-set netmgr-${b} dst -j ACCEPT`;

describe('buildIsolation', () => {
  it('writes nothing without members', () => {
    const { sets, rules } = buildIsolation({ sites: sites('open'), members: [], siteLinks: [], flows: [] });
    expect(sets.size).to.equal(0);
    expect(rules[4].forward).to.deep.equal([]);
  });

  it('closes sites and joins the proxies of linked ones', () => {
    const input = {
      sites: sites('proxy', 'open'),
      members: MEMBERS,
      siteLinks: [[1, 2]] as const,
      flows: [],
    };
    const { sets, rules } = buildIsolation(input);
    expect([...sets.keys()].sort()).to.deep.equal([
      'netmgr-all-v4',
      'netmgr-all-v6',
      'netmgr-proxies-1-v4',
      'netmgr-proxies-2-v4',
      'netmgr-site-1-v4',
      'netmgr-site-2-v4',
      'netmgr-site-2-v6',
    ]);
    expect(rules[4].forward).to.deep.equal([
      '-m set --match-set netmgr-all-v4 src -m pkttype --pkt-type multicast -j ACCEPT',
      '-m set --match-set netmgr-all-v4 src -m pkttype --pkt-type broadcast -j ACCEPT',
      pass('site-1-v4', 'site-1-v4'),
      pass('site-2-v4', 'site-2-v4'),
      pass('proxies-1-v4', 'proxies-2-v4'),
      pass('proxies-2-v4', 'proxies-1-v4'),
      '-m set --match-set netmgr-all-v4 src -j DROP',
      '-m set --match-set netmgr-all-v4 dst -j DROP',
    ]);
    expect(rules[4].input).to.deep.equal([
      '-m set --match-set netmgr-all-v4 src -m physdev --physdev-is-in -j DROP',
    ]);
    expect(rules[6].forward).to.have.length(5);
  });

  it('joins all of two open sites, and nothing of an isolated one', () => {
    const linked = (...policies: SitePolicy[]): readonly string[] =>
      buildIsolation({ sites: sites(...policies), members: MEMBERS, siteLinks: [[2, 1]], flows: [] }).rules[4]
        .forward;
    expect(linked('open', 'open')).to.include(pass('site-1-v4', 'site-2-v4'));
    expect(linked('open', 'isolated')).to.have.length(6);
  });

  it('refuses an address of two sites, and of a proxy and a node', () => {
    const build =
      (...members: SiteMember[]) =>
      (): unknown =>
        buildIsolation({ sites: sites('open', 'open'), members, siteLinks: [], flows: [] });
    expect(build(member(1, '10.0.0.0/8'), member(2, '10.9.0.0/16')))
      .to.throw('10.9.0.0/16 (node of site 2) is within 10.0.0.0/8 (node of site 1)')
      .with.property('kind', 'Conflict');
    expect(build(member(1, '10.0.0.1/32', 'proxy'), member(1, '10.0.0.0/30'))).to.throw('within');
    expect(build(member(1, '10.0.0.1/32'), member(1, '10.0.0.0/30'))).not.to.throw();
  });
});

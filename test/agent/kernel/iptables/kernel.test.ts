import { expect } from 'chai';
import fc from 'fast-check';
import { NO_RULES, type IptablesState } from '../../../../src/agent/kernel/iptables/model.js';
import { parseIptables } from '../../../../src/agent/kernel/iptables/parse.js';
import {
  applyIptables,
  detectIptables,
  readIptables,
  readRuleCounts,
} from '../../../../src/agent/kernel/iptables/read.js';
import { writeIptables } from '../../../../src/agent/kernel/iptables/write.js';
import { addIpsets, readIpsets, removeIpsets } from '../../../../src/agent/kernel/ipset/read.js';
import { writeIpsetAdditions } from '../../../../src/agent/kernel/ipset/write.js';
import { buildIsolation, type Isolation } from '../../../../src/agent/kernel/isolation/build.js';
import type {
  Flow,
  FlowEnd,
  FlowProtocol,
  SitePolicy,
} from '../../../../src/agent/kernel/isolation/model.js';
import { IpNetwork } from '../../../../src/units/ip-network.js';
import { readFixture } from '../fixture.js';
import { makeScratch, type Scratch } from '../scratch.js';

const policy = fc.constantFrom<SitePolicy>('isolated', 'proxy', 'routed', 'open');

const end: fc.Arbitrary<FlowEnd> = fc.oneof(
  fc.constant({}),
  fc.constantFrom({ site: 1 }, { site: 2 }),
  fc.constantFrom('10.1.1.0/24', '10.1.2.7/32', 'fd00::1/128').map((text) => ({
    site: 1,
    network: IpNetwork.parse(text),
  })),
);

const flow: fc.Arbitrary<Flow> = fc
  .record({
    from: end,
    to: end,
    protocol: fc.constantFrom<FlowProtocol | undefined>(undefined, 1, 6, 17, 58),
    port: fc.constantFrom<readonly [number, number] | undefined>(undefined, [22, 22], [1000, 65535]),
    action: fc.constantFrom<Flow['action']>('permit', 'deny'),
  })
  .map(({ protocol, port, ...rest }) => ({
    ...rest,
    index: 1,
    ...(protocol === undefined ? {} : { protocol }),
    ...(port !== undefined && (protocol === 6 || protocol === 17) ? { ports: port } : {}),
  }));

const isolation: fc.Arbitrary<Isolation> = fc
  .record({
    policies: fc.array(policy, { minLength: 2, maxLength: 3 }),
    members: fc.uniqueArray(
      fc.record({ site: fc.nat(), host: fc.integer({ min: 1, max: 9 }), proxy: fc.boolean() }),
      {
        selector: ({ host }) => host,
      },
    ),
    version6: fc.boolean(),
    flows: fc.array(flow, { maxLength: 3 }),
  })
  .map(({ policies, members, version6, flows }) =>
    buildIsolation({
      sites: policies.map((one, index) => ({ id: index + 1, policy: one })),
      members: members.flatMap(({ site, host, proxy }) =>
        [`10.1.${String(host)}.0/24`, ...(version6 ? [`fd00::${String(host)}/128`] : [])].map((text) => ({
          site: (site % policies.length) + 1,
          network: IpNetwork.parse(text),
          role: proxy ? ('proxy' as const) : ('node' as const),
        })),
      ),
      siteLinks: [[1, 2]],
      flows,
    }),
  );

describe('ipset and iptables on a real kernel', function () {
  this.timeout(120_000);
  let scratch: Scratch;
  let variant: 'nft' | 'legacy';

  before(async () => {
    const probe = await makeScratch();
    variant = (await detectIptables(probe.run)) ?? 'nft';
    await probe.remove();
  });

  beforeEach(async () => {
    scratch = await makeScratch();
  });

  afterEach(() => scratch.remove());

  const apply = async (to: Isolation): Promise<void> => {
    const sets = await readIpsets(scratch.run);
    await addIpsets(scratch.run, sets, to.sets);
    for (const version of [4, 6] as const) {
      const rules = await readIptables(scratch.run, version, variant);
      await applyIptables(scratch.run, version, variant, rules, to.rules[version]);
    }
    await removeIpsets(scratch.run, await readIpsets(scratch.run), to.sets);
  };
  const dump = async (): Promise<string> => {
    const texts = [
      await scratch.sh('ipset save'),
      await scratch.sh(`iptables-${variant}-save -t filter`),
      await scratch.sh(`ip6tables-${variant}-save -t filter`),
    ];
    return texts.join('').replaceAll(/^#.*$|\[\d+:\d+\]|initval \S+/gm, '');
  };

  it('reaches any policy from any other, with what others made left alone', async () => {
    await scratch.sh('ipset create foreign hash:ip');
    for (const program of [`iptables-${variant}`, `ip6tables-${variant}`]) {
      await scratch.sh(`${program} -N THEIRS`);
      await scratch.sh(`${program} -A FORWARD -j THEIRS`);
      await scratch.sh(`${program} -A INPUT -p tcp --dport 22 -j ACCEPT`);
    }
    const before = await dump();
    await fc.assert(
      fc.asyncProperty(isolation, async (to) => {
        await apply(to);
        expect(await readIpsets(scratch.run)).to.deep.equal(to.sets);
        for (const version of [4, 6] as const) {
          const held = await readIptables(scratch.run, version, variant);
          expect(held.forward).to.deep.equal(to.rules[version].forward);
          expect(held.input).to.deep.equal(to.rules[version].input);
          expect(writeIptables(held, to.rules[version])).to.equal('');
          const counts = await readRuleCounts(scratch.run, version, variant);
          const { forward, input, replies = [] } = to.rules[version];
          const rulesOf = (chain: string): string[] =>
            counts.filter((count) => count.chain === chain).map(({ rule }) => rule);
          expect(rulesOf('NETMGR-FORWARD')).to.deep.equal(forward);
          expect(rulesOf('NETMGR-REPLIES')).to.deep.equal(replies);
          const ours = counts.filter(({ chain }) => chain.startsWith('NETMGR-'));
          expect(ours).to.have.lengthOf(forward.length + input.length + replies.length);
        }
      }),
      { numRuns: 6 },
    );
    await apply({ sets: new Map(), rules: { 4: NO_RULES, 6: NO_RULES } });
    expect(await dump()).to.equal(before);
  });

  it('says what its rules have matched, each by its place', async () => {
    const to: IptablesState = {
      forward: [],
      input: ['-p tcp -j DROP', '-p udp -j ACCEPT'],
      jumpsFirst: true,
    };
    await applyIptables(scratch.run, 4, variant, NO_RULES, to);
    await scratch.sh('ip link set lo up');
    await scratch.run(['socat', '-u', '-', 'UDP4:127.0.0.1:9'], { input: '12345\n' });
    const place = { table: 'filter', chain: 'NETMGR-INPUT' };
    const counts = await readRuleCounts(scratch.run, 4, variant);
    expect(counts.filter(({ chain }) => chain === place.chain)).to.deep.equal([
      { ...place, number: 1, rule: '-p tcp -j DROP', packets: 0n, octets: 0n },
      { ...place, number: 2, rule: '-p udp -j ACCEPT', packets: 1n, octets: 34n },
    ]);
  });

  it('reads what others have where forwarded packets come by, and policies that drop', async () => {
    const tool = `iptables-${variant}`;
    await scratch.sh(`${tool} -P FORWARD DROP`);
    await scratch.sh(`${tool} -P INPUT DROP`);
    for (const chain of ['THEIRS', 'DEEPER', 'LEFT', 'ELSEWHERE']) await scratch.sh(`${tool} -N ${chain}`);
    const comment = ['-m', 'comment', '--comment', 'a -j ELSEWHERE'] as const;
    await scratch.run([tool, '-A', 'FORWARD', ...comment, '-j', 'THEIRS']);
    await scratch.sh(`${tool} -A THEIRS -g DEEPER`);
    await scratch.sh(`${tool} -A DEEPER -p udp -j DROP`);
    await scratch.sh(`${tool} -A ELSEWHERE -j DROP`);
    await scratch.sh(`${tool} -A LEFT -j DROP`);
    await scratch.sh(`${tool} -A INPUT -p tcp -j ACCEPT`);
    await scratch.sh(`${tool} -t raw -A PREROUTING -s 192.0.2.1 -j DROP`);
    await scratch.sh(`${tool} -t mangle -A POSTROUTING -p tcp -j DROP`);
    await scratch.sh(`${tool} -t nat -A PREROUTING -p tcp -j ACCEPT`);
    await scratch.sh(`${tool} -N EMPTY`);
    await scratch.sh(`${tool} -A FORWARD -j EMPTY`);
    const forged = ['-m', 'comment', '--comment', 'x\n[0:0] -A FORWARD -j ACCEPT'] as const;
    await scratch.run([tool, '-A', 'FORWARD', ...forged, '-j', 'DROP']);
    const counts = await readRuleCounts(scratch.run, 4, variant);
    expect(counts.map(({ table, chain, number, rule }) => [table, chain, number, rule])).to.have.deep.members(
      [
        ['filter', 'FORWARD', 0, 'policy DROP'],
        ['filter', 'FORWARD', 1, '-m comment --comment "a -j ELSEWHERE" -j THEIRS'],
        ['filter', 'FORWARD', 2, '-j EMPTY'],
        ['filter', 'FORWARD', 3, '-m comment --comment "x\n[0:0] -A FORWARD -j ACCEPT" -j DROP'],
        ['filter', 'EMPTY', 0, 'policy RETURN'],
        ['nat', 'PREROUTING', 1, '-p tcp -j ACCEPT'],
        ['filter', 'THEIRS', 1, '-g DEEPER'],
        ['filter', 'DEEPER', 1, '-p udp -j DROP'],
        ['raw', 'PREROUTING', 1, '-s 192.0.2.1/32 -j DROP'],
        ['mangle', 'POSTROUTING', 1, '-p tcp -j DROP'],
      ],
    );
  });

  it('puts its jumps first again, once', async () => {
    const to: IptablesState = {
      forward: ['-s 10.0.0.0/8 -j DROP'],
      input: ['-s 10.0.0.0/8 -j DROP'],
      jumpsFirst: true,
    };
    await applyIptables(scratch.run, 4, variant, NO_RULES, to);
    await scratch.sh(`iptables-${variant} -I FORWARD 1 -j ACCEPT`);
    await scratch.sh(`iptables-${variant} -A INPUT -j NETMGR-INPUT`);
    const held = await readIptables(scratch.run, 4, variant);
    expect(held.jumpsFirst).to.equal(false);
    await applyIptables(scratch.run, 4, variant, held, to);
    expect((await readIptables(scratch.run, 4, variant)).present?.inputJumps).to.equal(1);
    const saved = await scratch.sh(`iptables-${variant}-save -t filter`);
    expect(saved).to.match(/-A FORWARD -j NETMGR-FORWARD\n-A FORWARD -j ACCEPT/);
  });

  it('changes nothing when one rule is wrong, and says which line', async () => {
    const wrong: IptablesState = {
      forward: ['-s 10.0.0.0/8 -j DROP', '-m set --match-set nosuch src -j DROP'],
      input: [],
      jumpsFirst: true,
    };
    const failure: unknown = await applyIptables(scratch.run, 4, variant, NO_RULES, wrong).catch(
      (error: unknown) => error,
    );
    expect(failure)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/nosuch/);
    expect((await readIptables(scratch.run, 4, variant)).present?.chains).to.deep.equal([]);
  });

  it('reads what iptables-legacy and ipset save on another kernel', async () => {
    const state = parseIptables(await readFixture('iptables-legacy-save.txt'));
    expect(state.jumpsFirst).to.equal(true);
    expect(state.forward).to.have.length(4);
    const again = parseIptables(await readFixture('ip6tables-legacy-save.txt'));
    expect(writeIptables(again, { ...again })).to.equal('');
  });

  it('never writes a name or a rule that could be more', () => {
    const set = { family: 4 as const, members: new Set<string>() };
    expect(() => writeIpsetAdditions(new Map(), new Map([['netmgr-a\nflush', set]]))).to.throw('no name');
    expect(() => writeIpsetAdditions(new Map(), new Map([['foreign', set]]))).to.throw('no name');
    const rules = { forward: ['-j ACCEPT\n-F'], input: [], jumpsFirst: true };
    expect(() => writeIptables(NO_RULES, rules)).to.throw('no rule');
  });
});

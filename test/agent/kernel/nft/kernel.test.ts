import { expect } from 'chai';
import { buildNftTable } from '../../../../src/agent/kernel/nft/build.js';
import type { BridgeVif } from '../../../../src/agent/kernel/nft/model.js';
import { parseNft } from '../../../../src/agent/kernel/nft/parse.js';
import { readOtherHooks } from '../../../../src/agent/kernel/nft/other-hooks.js';
import { applyNft, readNft, readNftCounts } from '../../../../src/agent/kernel/nft/read.js';
import { writeNft } from '../../../../src/agent/kernel/nft/write.js';
import { IpNetwork } from '../../../../src/units/ip-network.js';
import type { Flow, IsolationInput } from '../../../../src/agent/kernel/isolation/model.js';
import { readFixture } from '../fixture.js';
import type { Scratch } from '../scratch.js';
import { isolation, eachWithBridgedMachines, VIFS } from '../bridged-machines.js';

describe('nft on a real kernel', function () {
  this.timeout(120_000);
  let host: Scratch;
  let machines: Scratch[];

  eachWithBridgedMachines((made) => ({ host, machines } = made));

  const reaches = async (from: number, to: string): Promise<boolean> =>
    (await machines[from - 1]?.run(['ping', '-c', '1', '-W', '1', to], { accept: [0, 1, 2] }))?.exitCode ===
    0;
  const forget = async (): Promise<void> => {
    for (const machine of machines) await machine.sh('ip neigh flush dev eth0');
  };
  const apply = async (vifs: readonly BridgeVif[], input: IsolationInput): Promise<void> => {
    await applyNft(host.run, (await readNft(host.run)).table, buildNftTable(vifs, input));
    await forget();
  };

  it('reads back what it wrote, and runs nothing when nothing differs', async () => {
    const flows: Flow[] = [
      {
        index: 7,
        from: { site: 1 },
        to: { site: 2, network: IpNetwork.parse('10.0.0.4/32') },
        action: 'permit',
      },
      { index: 8, from: {}, to: { site: 1 }, protocol: 6, ports: [22, 22], action: 'permit' },
    ];
    const proxies = VIFS.map((vif) => ({
      ...vif,
      forwarding: vif.role === 'proxy' ? ('outside' as const) : ('nothing' as const),
    }));
    for (const [policy, own, vifs] of [
      ['proxy', [], VIFS],
      ['open', [], VIFS],
      ['isolated', flows, VIFS],
      ['routed', [], proxies],
      ['routed', flows, proxies],
    ] as const) {
      const input = { ...isolation(policy), flows: own };
      const wanted = buildNftTable(vifs, input);
      await apply(vifs, input);
      const held = await readNft(host.run);
      expect(held.table?.sets).to.deep.equal(wanted?.sets);
      expect(held.table?.chains).to.deep.equal(wanted?.chains);
      expect(writeNft(held.table, wanted)).to.equal('');
    }
  });

  it('leaves no table of ours and each of others', async () => {
    await host.sh('nft add table bridge theirs');
    const before = await host.sh('nft list ruleset');
    await apply(VIFS, isolation('proxy'));
    await apply([], isolation('proxy'));
    expect(await host.sh('nft list ruleset')).to.equal(before);
    expect((await readNft(host.run)).table).to.equal(undefined);
  });

  it('lets ARP and neighbour discovery reach whom the sender may reach', async () => {
    for (const [policy, expected] of [
      ['proxy', [true, true, false, false]],
      ['open', [true, true, true, true]],
      ['isolated', [true, false, false, false]],
    ] as const) {
      await apply(VIFS, isolation(policy));
      const pairs = [
        [1, 2],
        [1, 3],
        [1, 4],
        [2, 3],
      ] as const;
      for (const [index, [from, to]] of pairs.entries()) {
        expect(
          await reaches(from, `10.0.0.${String(to)}`),
          `${policy} ${String(from)}→${String(to)} IPv4`,
        ).to.equal(expected[index]);
        expect(
          await reaches(from, `fd00::${String(to)}`),
          `${policy} ${String(from)}→${String(to)} IPv6`,
        ).to.equal(expected[index]);
      }
    }
  });

  it('drops what a guarded vif sends with an address or a MAC of another, and counts it', async () => {
    await apply(VIFS, isolation('open'));
    const [machine] = machines;
    if (machine === undefined) throw new Error('no machine');
    expect(await reaches(1, '10.0.0.2')).to.equal(true);
    await machine.sh('ip addr add 10.0.0.77/24 dev eth0');
    await machine.sh('ip neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent');
    const spoofed = await machine.run(['ping', '-c', '1', '-W', '1', '-I', '10.0.0.77', '10.0.0.2'], {
      accept: [0, 1],
    });
    expect(spoofed.exitCode).to.equal(1);
    const { drops } = await readNft(host.run);
    expect(Number(drops.guard)).to.be.at.least(1);
    const counts = await readNftCounts(host.run);
    const { chains } = (await readNft(host.run)).table ?? { chains: new Map<string, string[]>() };
    // The first line of a chain that the kernel calls says where.
    const placed = counts.map(({ chain, number, rule }) => {
      const rules = (chains.get(chain) ?? []).filter((line) => !line.startsWith('type '));
      return rules[number - 1] === rule;
    });
    expect(placed).to.include(true).and.to.not.include(false);
    const ofGuard = counts.filter(({ chain }) => chain === 'guard');
    expect(ofGuard.reduce((sum, { packets }) => sum + packets, 0n)).to.equal(drops.guard);
    await machine.sh('ip link set eth0 address 02:00:00:00:00:99');
    await forget();
    expect(await reaches(1, '10.0.0.2')).to.equal(false);
    await apply(
      VIFS.map((vif) => ({ ...vif, guard: false })),
      isolation('open'),
    );
    expect(await reaches(1, '10.0.0.2')).to.equal(true);
  });

  it('names what others have the kernel call for what a bridge forwards, and nothing else', async () => {
    await apply(VIFS, isolation('open'));
    const hook = (family: string, table: string, name: string, where: string, kind = 'filter'): string =>
      `table ${family} ${table} { chain ${name} { type ${kind} hook ${where}; policy accept; }; }\n`;
    const theirs = [
      hook('inet', 'fw', 'theirs', 'forward priority 10'),
      hook('inet', 'filter', 'pre', 'prerouting priority 0'),
      hook('inet', 'fw', 'own', 'input priority 0'),
      hook('inet', 'fw', 'moves', 'prerouting priority -100', 'nat'),
      hook('ip', 'theirs', 'post', 'postrouting priority 0'),
      hook('bridge', 'filter', 'forward', 'forward priority -200'),
      hook('netdev', 'nd', 'ingress', 'ingress device lo priority 0'),
      hook('ip', 'filter', 'FORWARD', 'forward priority 0'),
      'table inet fw { chain plain { }; }\n',
      hook('ip', 'filter', 'forward', 'forward priority 1'),
      'table inet fw { chain said { comment "x"; type filter hook forward priority 3; }; }\n',
    ];
    await host.run(['nft', '-f', '-'], { input: theirs.join('') });
    const found = await readOtherHooks(host.run, 'nft');
    expect(found.map(({ family, count: { table, chain } }) => `${family} ${table} ${chain}`)).to.have.members(
      [
        ...[
          'inet fw theirs',
          'inet filter pre',
          'ipv4 theirs post',
          'bridge filter forward',
          'netdev nd ingress',
        ],
        ...['inet fw moves', 'ipv4 filter forward', 'inet fw said'],
      ],
    );
    const legacy = await readOtherHooks(host.run, 'legacy');
    expect(legacy.map(({ count: { table, chain } }) => `${table} ${chain}`)).to.include('filter FORWARD');
    expect(found.find(({ count: { chain } }) => chain === 'theirs')?.count.rule).to.equal(
      'type filter hook forward priority filter + 10; policy accept;',
    );
  });

  it('refuses a guarded vif without a MAC, and a name that could be more', () => {
    const [first] = VIFS;
    if (first === undefined) throw new Error('no vif');
    const { mac, ...bare } = first;
    expect(mac).not.to.equal(undefined);
    expect(() => buildNftTable([bare], isolation('open')))
      .to.throw('needs the MAC')
      .with.property('kind', 'InvalidInput');
    expect(() => buildNftTable([{ ...first, vif: 'a" }' }], isolation('open'))).to.throw('interface name');
  });

  it('reads what another kernel lists', async () => {
    const { table } = parseNft(await readFixture('nft-list.txt'));
    expect([...(table?.sets.get('senders4')?.elements ?? [])]).to.deep.equal([
      '10.0.0.0/30 : goto from-site-1',
      '10.0.0.4 : goto from-proxies-1',
    ]);
    expect(table?.sets.get('guarded')?.elements).to.deep.equal(new Set(['"v0"', '"vif1.0"']));
    expect(table?.chains.get('from-site-1')).to.deep.equal(['oifname @site-1 accept', 'counter drop']);
  });
});

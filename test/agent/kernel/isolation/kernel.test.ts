import { expect } from 'chai';
import { buildNftTable } from '../../../../src/agent/kernel/nft/build.js';
import { applyNft } from '../../../../src/agent/kernel/nft/read.js';
import { NO_RULES } from '../../../../src/agent/kernel/iptables/model.js';
import { applyIptables, detectIptables } from '../../../../src/agent/kernel/iptables/read.js';
import { addIpsets } from '../../../../src/agent/kernel/ipset/read.js';
import { buildIsolation } from '../../../../src/agent/kernel/isolation/build.js';
import { isolation, eachWithBridgedMachines, VIFS } from '../bridged-machines.js';
import type { Scratch } from '../scratch.js';

describe('isolation on a real kernel', function () {
  this.timeout(120_000);
  let host: Scratch;
  let machines: Scratch[];

  eachWithBridgedMachines((made) => ({ host, machines } = made));

  beforeEach(async () => {
    await host.sh('ip addr add 10.0.0.100/24 dev br0');
    await host.sh('ip addr add fd00::100/64 dev br0 nodad');
    await host.sh('sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1');
  });

  const reaches = async (from: number, to: string): Promise<boolean> =>
    (await machines[from - 1]?.run(['ping', '-c', '1', '-W', '1', to], { accept: [0, 1, 2] }))?.exitCode ===
    0;

  /** Whom each machine knows by its MAC, so that it is iptables that decides about unicast. */
  const introduce = async (): Promise<void> => {
    for (const machine of machines) {
      for (const [index, { mac }] of VIFS.entries()) {
        for (const address of [`10.0.0.${String(index + 1)}`, `fd00::${String(index + 1)}`]) {
          await machine.sh(`ip neigh replace ${address} lladdr ${String(mac)} dev eth0 nud permanent`);
        }
      }
    }
  };

  it('lets the proxies of linked sites through, and nobody else, nor to the host', async () => {
    expect(await reaches(2, '10.0.0.4')).to.equal(true);
    expect(await reaches(1, '10.0.0.100')).to.equal(true);
    const variant = (await detectIptables(host.run)) ?? 'nft';
    const { sets, rules } = buildIsolation(isolation('proxy'));
    await addIpsets(host.run, new Map(), sets);
    for (const version of [4, 6] as const) {
      await applyIptables(host.run, version, variant, NO_RULES, rules[version]);
    }
    await introduce();
    const expectReach = async (): Promise<void> => {
      for (const prefix of ['10.0.0.', 'fd00::']) {
        expect(await reaches(1, `${prefix}2`), `1→2 ${prefix}`).to.equal(true);
        expect(await reaches(1, `${prefix}3`), `1→3 ${prefix}`).to.equal(true);
        expect(await reaches(2, `${prefix}3`), `2→3 ${prefix}`).to.equal(false);
        expect(await reaches(2, `${prefix}4`), `2→4 ${prefix}`).to.equal(false);
        expect(await reaches(1, `${prefix}100`), `1→host ${prefix}`).to.equal(false);
      }
    };
    await expectReach();
    await applyNft(host.run, undefined, buildNftTable(VIFS, isolation('proxy')));
    for (const machine of machines) {
      await machine.sh('ip neigh flush dev eth0 nud permanent');
    }
    await expectReach();
  });
});

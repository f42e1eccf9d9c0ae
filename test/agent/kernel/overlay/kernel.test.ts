import { expect } from 'chai';
import fc from 'fast-check';
import { readLinks, type Link } from '../../../../src/agent/kernel/ip/links.js';
import type { Overlay, OverlayState } from '../../../../src/agent/kernel/overlay/model.js';
import { overlayName } from '../../../../src/agent/kernel/overlay/overlay-name.js';
import { addOverlays, readOverlays, removeOverlays } from '../../../../src/agent/kernel/overlay/read.js';
import {
  writeFdb,
  writeOverlayAdditions,
  writeOverlayRemovals,
} from '../../../../src/agent/kernel/overlay/write.js';
import { makeScratch, type Scratch } from '../scratch.js';

const SITES = [1, 77, 4_294_967_295];
const VTEPS = {
  4: ['10.0.0.2', '10.0.0.3', '172.16.255.254'],
  6: ['fd00::2', '2001:db8::1', 'fe80::1'],
} as const;
const MACS = ['02:00:00:00:00:01', '02:00:00:00:00:0a', '00:16:3e:00:01:08', 'fa:ff:ff:ff:ff:ff'];

function arbitraryOverlay(site: number): fc.Arbitrary<Overlay> {
  return fc.constantFrom(4 as const, 6 as const).chain((version) =>
    fc
      .record({
        // One network for each site, or one more, so that two sites never have the same.
        vni: fc.constantFrom(site % 0xffffff, (site % 0xffffff) + 1000),
        port: fc.constantFrom(4789, 8472),
        local: fc.constant(version === 4 ? '10.0.0.1' : 'fd00::1'),
        bridge: fc.constantFrom('br0', 'br1'),
        vteps: fc.subarray([...VTEPS[version]]),
        machines: fc.array(fc.tuple(fc.constantFrom(...MACS), fc.constantFrom(...VTEPS[version]))),
      })
      .map(({ vni, port, local, bridge, vteps, machines }) => ({
        site,
        tunnel: { vni, port, local, plain: true },
        bridge,
        mtu: 1500,
        up: true,
        marked: true,
        closed: true,
        vteps: new Set(vteps),
        machines: new Map(machines),
        pinned: new Map(machines.map(([mac]) => [mac, true])),
      })),
  );
}

/** Overlays of some sites; each machine is behind one of them. */
const arbitraryState: fc.Arbitrary<OverlayState> = fc
  .tuple(fc.subarray(SITES), fc.tuple(...SITES.map(arbitraryOverlay)))
  .map(([sites, overlays]) => {
    const taken = new Set<string>();
    const chosen = overlays.filter(({ site }) => sites.includes(site));
    return new Map(
      chosen.map((overlay) => {
        const machines = new Map([...overlay.machines].filter(([mac]) => !taken.has(mac)));
        for (const mac of machines.keys()) taken.add(mac);
        const pinned = new Map([...machines.keys()].map((mac) => [mac, true]));
        return [overlayName(overlay.site), { ...overlay, machines, pinned }];
      }),
    );
  });

describe('overlays on a real kernel', function () {
  this.timeout(120_000);
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = await makeScratch();
    await scratch.sh('ip link add br0 type bridge');
    await scratch.sh('ip link add br1 type bridge');
  });

  afterEach(() => scratch.remove());

  const links = async (): Promise<Map<string, Link>> =>
    new Map((await readLinks(scratch.run)).map((link) => [link.name, link]));
  const read = async (): Promise<OverlayState> => readOverlays(scratch.run, (await links()).values());
  const bring = async (wanted: OverlayState): Promise<void> => {
    const [interfaces, held] = [await links(), await read()];
    await removeOverlays(scratch.run, held, wanted);
    await addOverlays(scratch.run, interfaces, held, wanted);
  };
  const linesTo = async (wanted: OverlayState): Promise<string> => {
    const held = await read();
    return (
      writeOverlayRemovals(held, wanted) +
      writeOverlayAdditions(await links(), held, wanted) +
      writeFdb(held, wanted)
    );
  };
  const one = (change: Partial<Overlay> = {}): OverlayState =>
    new Map([
      [
        'nmv-1',
        {
          ...{
            site: 1,
            tunnel: { vni: 5, port: 4789, local: '10.0.0.1', plain: true },
            bridge: 'br0',
            mtu: 1500,
          },
          ...{ up: true, marked: true, closed: true, vteps: new Set(['10.0.0.2']) },
          ...{
            machines: new Map([['02:00:00:00:00:01', '10.0.0.2']]),
            pinned: new Map([['02:00:00:00:00:01', true]]),
          },
          ...change,
        },
      ],
    ]);

  it('becomes whatever is wanted from whatever is there, and reads back what it wrote', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryState, async (wanted) => {
        await bring(wanted);
        expect(await read()).to.deep.equal(wanted);
        expect(await linesTo(wanted)).to.equal('');
      }),
      { numRuns: 12 },
    );
  });

  it('changes what is wanted otherwise, and leaves the rest', async () => {
    const tunnel = { vni: 6, port: 4789, local: '10.0.0.1', plain: true };
    const second = [...one({ site: 2, tunnel, machines: new Map(), pinned: new Map() }).values()];
    const both = new Map([...one(), ...second.map((overlay) => ['nmv-2', overlay] as const)]);
    await bring(one());
    const { ifindex } = (await links()).get('nmv-1') ?? {};
    expect(await linesTo(both)).not.to.match(/nmv-1\b/);
    await bring(both);
    await bring(one());
    expect((await links()).get('nmv-1')?.ifindex).to.equal(ifindex);
    expect([...(await links()).keys()]).not.to.include('nmv-2');
  });

  const DAMAGES: readonly (readonly [what: string, command: string])[] = [
    ['without its mark', 'ip link set dev nmv-1 alias netmgr:other'],
    ['at another bridge', 'ip link set dev nmv-1 master br1'],
    ['at no bridge', 'ip link set dev nmv-1 nomaster'],
    ['down', 'ip link set dev nmv-1 down'],
    ['with an open port', 'ip link set dev nmv-1 type bridge_slave isolated off'],
    ['with a learning port', 'bridge link set dev nmv-1 learning on'],
    ['with a port that gets no broadcasts', 'ip link set dev nmv-1 type bridge_slave bcast_flood off'],
    ['with another destination', 'bridge fdb append 00:00:00:00:00:00 dev nmv-1 dst 10.0.0.9 self'],
    [
      'with a destination at another port',
      'bridge fdb append 00:00:00:00:00:00 dev nmv-1 dst 10.0.0.2 port 999 self',
    ],
    ['without its destinations', 'bridge fdb del 00:00:00:00:00:00 dev nmv-1 dst 10.0.0.2 self'],
    ['with a machine elsewhere', 'bridge fdb replace 02:00:00:00:00:01 dev nmv-1 dst 10.0.0.9 self'],
    ['with another machine', 'bridge fdb add 02:00:00:00:00:77 dev nmv-1 dst 10.0.0.2 self'],
    ['with another machine at the bridge', 'bridge fdb add 02:00:00:00:00:77 dev nmv-1 master static'],
    ['with a machine that is not held on to', 'bridge fdb replace 02:00:00:00:00:01 dev nmv-1 master static'],
    ['without a machine at the bridge', 'bridge fdb del 02:00:00:00:00:01 dev nmv-1 master'],
    ['narrower', 'ip link set dev nmv-1 mtu 1400'],
    ['that learns', 'ip link set dev nmv-1 type vxlan learning'],
    ['away', 'ip link del dev nmv-1'],
  ];
  it('notices and mends what others change', async () => {
    await bring(one());
    for (const [what, command] of DAMAGES) {
      await scratch.sh(command);
      expect(await linesTo(one()), what).not.to.equal('');
      await bring(one());
      expect(await read(), what).to.deep.equal(one());
    }
  });

  it('leaves the bridge its address and its MTU', async () => {
    await scratch.sh('ip link add v0 mtu 1400 master br0 type veth peer name v1');
    await scratch.sh('ip link set br0 up');
    const { mac, mtu } = (await links()).get('br0') ?? {};
    await bring(one());
    expect((await links()).get('br0')).to.include({ mac, mtu });
  });

  it('takes over one that it had begun, and takes away one that is left over', async () => {
    await scratch.sh('ip link add nmv-1 type vxlan id 5 local 10.0.0.1 dstport 4789 nolearning');
    await bring(one());
    expect(await read()).to.deep.equal(one());
    await bring(new Map());
    expect([...(await links()).keys()]).not.to.include('nmv-1');
  });

  it("refuses somebody else's interface of the same name, and leaves VXLANs of others", async () => {
    await scratch.sh('ip link add theirs type vxlan id 9 local 10.0.0.1 dstport 4789');
    await bring(new Map());
    expect([...(await links()).keys()]).to.include('theirs');
    expect(scratch.commands.map((words) => words.join(' '))).not.to.include('bridge -j fdb show');
    await scratch.sh('ip link add nmv-1 type bridge');
    const interfaces = await links();
    expect(() => writeOverlayAdditions(interfaces, new Map(), one()))
      .to.throw('not netmgr')
      .with.property('kind', 'Conflict');
  });
});

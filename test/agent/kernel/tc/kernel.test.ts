import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { expandTree } from '../../../../src/agent/kernel/tc/expand.js';
import { filterKey, isReached } from '../../../../src/agent/kernel/tc/filter.js';
import { ifbName, SINK } from '../../../../src/agent/kernel/tc/ifb-name.js';
import {
  DEFAULT_CLASS,
  FIRST_PEER_CLASS,
  nothingAt,
  UNLIMITED,
  type TcCounters,
  type TcState,
  type TcTree,
} from '../../../../src/agent/kernel/tc/model.js';
import { applyTc, readTc } from '../../../../src/agent/kernel/tc/read.js';
import { writeTc } from '../../../../src/agent/kernel/tc/write.js';
import { IpAddress, IpNetwork } from '../../../../src/units/ip-network.js';
import { makeScratch, type Scratch } from '../scratch.js';
import { addVifs } from './add-vifs.js';
import { HASH_DAMAGES } from './hash-damages.js';
import { tree } from './trees.js';

const SEND_FROM = fileURLToPath(new URL('send-from.mjs', import.meta.url));
const VIFS = ['vif1.0', 'tap_2'];
const RUNS = { numRuns: 15 };

/** What a state is made of, without what a kernel rounds and without the handles it chooses. */
const shape = (state: TcState): unknown =>
  [...state.values()]
    .filter(({ root }) => root)
    .map((device) => ({
      vif: device.vif,
      classes: [...device.classes.keys()].sort(),
      parents: [...device.classes.values()].map(({ parent }) => parent).sort(),
      limit: device.classes.get(1)?.ceil,
      filters: device.filters.map(filterKey).sort(),
      unreached: device.filters.filter((filter) => !isReached(device, filter)),
      strange: device.strangeFilters ?? [],
      qdiscs: device.qdiscs
        .map(({ classMinor, below, handle, qdisc }) =>
          [classMinor, below, handle, qdisc.kind, 'limit' in qdisc ? qdisc.limit : 0].join(' '),
        )
        .sort(),
      tx: device.tx?.limit,
      redirect: device.redirect !== false,
      copies: device.copies === true,
    }));

const stateOf = (...trees: TcTree[]): TcState => new Map(trees.map((one) => [one.vif, expandTree(one)]));

describe('tc on a real kernel', function () {
  this.timeout(300_000);
  let scratch: Scratch;
  let withNetem: boolean;

  beforeEach(async () => {
    scratch = await makeScratch();
    await addVifs(scratch, VIFS);
    withNetem = await scratch.sh('tc qdisc add dev peer0 root netem delay 1ms').then(
      async () => {
        await scratch.sh('tc qdisc del dev peer0 root');
        return true;
      },
      () => false,
    );
  });

  afterEach(() => scratch.remove());

  const read = async (): Promise<TcState> => (await readTc(scratch.run, VIFS)).devices;

  it('goes from any state to any other and is done then', async () => {
    const states = fc.tuple(tree('vif1.0', withNetem), tree('tap_2', withNetem));
    await fc.assert(
      fc.asyncProperty(states, async (trees) => {
        const wanted = stateOf(...trees);
        await applyTc(scratch.run, await read(), wanted);
        const held = await read();
        expect(shape(held)).to.deep.equal(shape(wanted));
        expect(writeTc(held, wanted)).to.equal('');
      }),
      RUNS,
    );
  });

  it('goes on from a batch that stopped anywhere, and back', async () => {
    const pair = fc.tuple(tree('vif1.0', withNetem), tree('vif1.0', withNetem), fc.nat());
    await fc.assert(
      fc.asyncProperty(pair, async ([first, second, cut]) => {
        // From nothing: a burst that is read and written again is a little less each time, and still the same to us.
        await applyTc(scratch.run, await read(), new Map());
        await applyTc(scratch.run, await read(), stateOf(first));
        const before = await read();
        const lines = writeTc(before, stateOf(second)).split('\n').slice(0, -1);
        const done = lines.slice(0, cut % (lines.length + 1));
        await scratch.sh('tc -batch -', done.map((line) => `${line}\n`).join(''));
        const middle = await read();
        await applyTc(scratch.run, middle, stateOf(second));
        expect(writeTc(await read(), stateOf(second))).to.equal('');
        await applyTc(scratch.run, await read(), before);
        const undone = await read();
        expect(shape(undone)).to.deep.equal(shape(before));
        expect(writeTc(undone, stateOf(first))).to.equal('');
      }),
      RUNS,
    );
  });

  it('leaves nothing of ours and all of others', async () => {
    await scratch.sh('tc qdisc add dev peer1 root handle 7: pfifo limit 77');
    await scratch.sh('tc qdisc add dev peer1 ingress');
    const dump = async (): Promise<string> =>
      (await scratch.sh('tc qdisc show')) + (await scratch.sh('tc filter show dev vif1.0 ingress'));
    const before = await dump();
    await fc.assert(
      fc.asyncProperty(tree('vif1.0', withNetem), async (wanted) => {
        await applyTc(scratch.run, await read(), stateOf(wanted));
        await applyTc(scratch.run, await read(), new Map());
        expect(await dump()).to.equal(before);
      }),
      { numRuns: 5 },
    );
  });

  it('runs one process to read, one to write and none for nothing', async () => {
    const wanted = stateOf({
      vif: 'vif1.0',
      parent: UNLIMITED,
      default: {},
      classes: new Map(),
      filters: [],
    });
    await applyTc(scratch.run, await read(), wanted);
    expect(scratch.commands).to.have.length(2);
    await applyTc(scratch.run, await read(), wanted);
    expect(scratch.commands).to.have.length(3);
  });

  it('never takes the root away on the way of a change', async () => {
    const wanted = { vif: 'vif1.0', parent: UNLIMITED, default: {}, classes: new Map(), filters: [] };
    await applyTc(scratch.run, await read(), stateOf(wanted));
    const limited = {
      ...wanted,
      parent: 5_000_000,
      default: { tbf: { rate: 80_000, burst: 6056, limit: 9000 } },
    };
    expect(writeTc(await read(), stateOf(limited))).not.to.match(/root|del/);
  });

  it('refuses a root of somebody else and says whose', async () => {
    await scratch.sh('tc qdisc add dev vif1.0 root handle 1: pfifo');
    const wanted = stateOf({
      vif: 'vif1.0',
      parent: UNLIMITED,
      default: {},
      classes: new Map(),
      filters: [],
    });
    const before = await read();
    expect(before.get('vif1.0')?.foreign).to.deep.equal([{ kind: 'pfifo', handle: '1:', at: 'root' }]);
    expect(() => writeTc(before, wanted))
      .to.throw('pfifo 1:')
      .with.property('kind', 'Conflict');
    expect(writeTc(before, new Map())).to.equal('');
  });

  it('replaces the noqueue that libvirt gives a tap, and makes it again', async () => {
    await scratch.sh('tc qdisc add dev vif1.0 root handle 8001: noqueue');
    const before = await read();
    const { foreign } = before.get('vif1.0') ?? { foreign: [] };
    expect(foreign).to.deep.equal([{ kind: 'noqueue', handle: '8001:', at: 'root', remake: '' }]);
    const rest = { parent: UNLIMITED, default: {}, classes: new Map(), filters: [] };
    const wanted = stateOf({ vif: 'vif1.0', ...rest });
    await applyTc(scratch.run, before, wanted);
    const during = await read();
    expect(during.get('vif1.0')).to.deep.include({ root: true, foreign: [] });
    const original = new Map([['vif1.0', { ...nothingAt('vif1.0'), foreign }]]);
    await applyTc(scratch.run, during, original);
    const after = await read();
    expect(after.get('vif1.0')).to.deep.equal(before.get('vif1.0'));
    expect(writeTc(after, original)).to.equal('');
  });

  it('refuses an ingress of somebody else, and takes an empty one beside our IFB as ours', async () => {
    await scratch.sh('tc qdisc add dev vif1.0 ingress');
    expect((await read()).get('vif1.0')?.ingress).to.equal(true);
    for (const owner of ['vif1.0', SINK]) await scratch.sh(`ip link del ${ifbName(owner)}`);
    const before = await read();
    expect(before.get('vif1.0')?.foreign).to.deep.equal([
      { kind: 'ingress', handle: 'ffff:', at: 'ingress' },
    ]);
    const tx = { rate: 8_000_000, burst: 6056, limit: 60_000 };
    const wanted = { vif: 'vif1.0', parent: UNLIMITED, default: {}, classes: new Map(), filters: [], tx };
    expect(() => writeTc(before, stateOf(wanted)))
      .to.throw('ingress')
      .with.property('kind', 'Conflict');
  });

  const SENDING = {
    vif: 'vif1.0',
    parent: UNLIMITED,
    default: {},
    classes: new Map(),
    filters: [],
    tx: { rate: 8_000_000, burst: 6056, limit: 60_000 },
  };

  it('leaves no empty priority behind', async () => {
    const to = (...networks: string[]): TcState =>
      stateOf({
        ...SENDING,
        filters: networks.map((text) => ({ network: IpNetwork.parse(text), classMinor: DEFAULT_CLASS })),
      });
    const priorities = async (): Promise<string[]> =>
      [...(await scratch.sh('tc filter show dev vif1.0')).matchAll(/pref (\d+)/g)].map(
        ([, pref = '']) => pref,
      );
    await applyTc(scratch.run, await read(), to('10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/24', 'fd00::/64'));
    expect(new Set(await priorities())).to.have.length(1);
    await applyTc(scratch.run, await read(), to('10.1.0.0/16'));
    expect(new Set(await priorities())).to.have.length(1);
    await applyTc(scratch.run, await read(), to());
    expect(await priorities()).to.deep.equal([]);
  });

  it('leads each packet to the class of the longest prefix that it comes from, whatever came first', async () => {
    const nested = [
      ...[
        '0.0.0.0/0',
        '10.0.0.0/8',
        '10.1.0.0/16',
        '10.1.0.0/20',
        '10.1.2.0/24',
        '10.1.2.1/32',
        '10.17.2.1/32',
      ],
      ...['10.2.2.1/32', '10.2.16.1/32', '10.2.2.2/32', '::/0', 'fd00::/12', 'fd00:1::/33', 'fd00:1::/64'],
      ...['fd00:1::1/128', 'fd00:11::1/128', 'fd00:2::1/128', 'fd00:1::101/128', 'fd00:1::107/128'],
    ].map((text) => IpNetwork.parse(text));
    const isHost = ({ address, prefixLength }: IpNetwork): boolean => prefixLength === address.bits;
    const sources = [
      ...nested.filter(isHost).map(({ address }) => address.toString()),
      ...['10.1.2.3', '10.1.3.1', '10.99.0.1', '192.0.2.1', 'fd00:1::7', 'fd00:3::1', '2001:db8::1'],
    ].map((text) => IpAddress.parse(text));
    const targets = ['198.51.100.1', '2001:db8:1::1'].map((text) => IpAddress.parse(text));
    await scratch.sh(
      'ip -batch -',
      [
        'link set peer0 up',
        ...sources.map(
          (one) =>
            `addr add ${one.toString()}/${String(one.bits)} dev vif1.0${one.version === 6 ? ' nodad' : ''}`,
        ),
        ...targets.flatMap((one) => [
          `neigh add ${one.toString()} lladdr 02:00:00:00:00:01 dev vif1.0`,
          `route add ${one.toString()} dev vif1.0`,
        ]),
        '',
      ].join('\n'),
    );
    const counts = async (): Promise<ReadonlyMap<number, TcCounters>> =>
      (await readTc(scratch.run, VIFS)).counters.get('vif1.0')?.classes ?? new Map<number, TcCounters>();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(nested), async (networks) => {
        const filters = networks.map((network) => ({
          network,
          classMinor: FIRST_PEER_CLASS + nested.indexOf(network),
        }));
        const classes = new Map(filters.map(({ classMinor }) => [classMinor, {}]));
        const tree = { vif: 'vif1.0', parent: UNLIMITED, default: {}, classes, filters };
        await applyTc(scratch.run, await read(), stateOf(tree));
        const before = await counts();
        for (const target of targets) {
          const own = sources.filter(({ version }) => version === target.version);
          await scratch.sh([process.execPath, SEND_FROM, target, ...own].join(' '));
        }
        const after = await counts();
        const longest = sources.map(
          (source) =>
            filters
              .filter(({ network }) => network.contains(source))
              .reduce((best, one) => Math.max(best, one.network.prefixLength * 1e6 + one.classMinor), 0) %
            1e6,
        );
        for (const { network, classMinor } of filters) {
          const packets = (after.get(classMinor)?.packets ?? 0n) - (before.get(classMinor)?.packets ?? 0n);
          const due = longest.filter((minor) => minor === classMinor).length;
          const own = expect(Number(packets), network.toString());
          // What the kernel sends by itself to groups comes from no address of ours.
          if (network.toString() === '::/0') own.to.be.at.least(due);
          else own.to.equal(due);
        }
      }),
      { numRuns: 6 },
    );
  });

  const HUB = stateOf({
    vif: 'vif1.0',
    parent: UNLIMITED,
    default: {},
    classes: new Map([[0x10, {}]]),
    filters: ['10.1.0.1/32', '10.2.0.1/32', '10.3.0.0/16', 'fd00:1::1/128'].map((text) => ({
      network: IpNetwork.parse(text),
      classMinor: 0x10,
    })),
  });
  for (const [what, ...lines] of HASH_DAMAGES) {
    it(`finds and mends that ${what}`, async () => {
      await applyTc(scratch.run, await read(), HUB);
      await scratch.sh('tc -batch -', lines.map((line) => `${line}\n`).join(''));
      const repair = writeTc(await read(), HUB);
      expect(repair).to.not.equal('');
      await applyTc(scratch.run, await read(), HUB);
      const mended = await read();
      expect(writeTc(mended, HUB)).to.equal('');
      expect(shape(mended)).to.deep.equal(shape(HUB));
    });
  }

  it('mends a redirect whose IFB is gone, and takes it away', async () => {
    await applyTc(scratch.run, await read(), stateOf(SENDING));
    const loseIfb = async (): Promise<void> => {
      await scratch.sh(`ip link del ${ifbName('vif1.0')}`);
      expect((await read()).get('vif1.0')).to.include({ ingress: true, astray: 'nowhere' });
    };
    await loseIfb();
    await scratch.sh(`ip link add ${ifbName('vif1.0')} up type ifb`);
    await applyTc(scratch.run, await read(), stateOf(SENDING));
    expect(await scratch.sh('tc filter show dev vif1.0 ingress')).to.contain(`device ${ifbName('vif1.0')}`);
    expect(writeTc(await read(), stateOf(SENDING))).to.equal('');
    await loseIfb();
    await applyTc(scratch.run, await read(), new Map());
    expect(await scratch.sh('tc qdisc show dev vif1.0')).to.not.contain('ingress');
  });

  it('leaves an ingress that others have put filters into', async () => {
    await applyTc(scratch.run, await read(), stateOf(SENDING));
    const theirs = 'ingress protocol ip prio 7 u32 match ip src 10.9.0.0/16 flowid :1';
    await scratch.sh(`tc filter add dev vif1.0 ${theirs}`);
    expect(writeTc(await read(), stateOf(SENDING))).to.equal('');
    await applyTc(scratch.run, await read(), new Map());
    const left = await scratch.sh('tc filter show dev vif1.0 ingress');
    expect(left).to.contain('pref 7 ').and.not.contain('pref 20045');
  });

  it('reads what is there when a vif is gone', async () => {
    const state = (await readTc(scratch.run, ['gone0', ...VIFS, 'gone1'])).devices;
    expect([...state.keys()]).to.deep.equal(VIFS);
  });

  it('says which line failed in the words of tc', async () => {
    const wanted = stateOf({
      vif: 'nosuch',
      parent: UNLIMITED,
      default: {},
      classes: new Map(),
      filters: [],
    });
    const failure: unknown = await applyTc(scratch.run, new Map(), wanted).catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('kind', 'CommandFailed');
    expect(failure)
      .to.have.property('message')
      .that.matches(/^Cannot find device "nosuch" \(line 1: qdisc add dev nosuch root handle 4e4d: htb/);
  });

  it('counts by class what the machine was sent, and apart what it sent', async () => {
    const machine = await makeScratch();
    try {
      await scratch.sh(`ip link set peer0 netns ${machine.name}`);
      await machine.sh('ip addr add 10.9.0.2/24 dev peer0');
      await machine.sh('ip link set peer0 up');
      await scratch.sh('ip addr add 10.9.0.1/24 dev vif1.0');
      const rate = { rate: 80_000_000, burst: 10_000, limit: 500_000 };
      const wanted = {
        ...SENDING,
        classes: new Map([[0x10, { tbf: rate }]]),
        filters: [{ network: IpNetwork.parse('10.9.0.1/32'), classMinor: 0x10 }],
        tx: rate,
        copies: true as const,
      };
      await applyTc(scratch.run, await read(), stateOf(wanted));
      await scratch.sh('ping -c 3 -i 0.2 -s 1000 10.9.0.2');
      const counters = (await readTc(scratch.run, VIFS)).counters.get('vif1.0');
      // A copy of each, and none of them comes back.
      const dropped = `/sys/class/net/${ifbName(SINK)}/statistics/rx_dropped`;
      expect(Number(await scratch.sh(`cat ${dropped}`))).to.be.at.least(3);
      expect(Number(counters?.classes.get(0x10)?.packets)).to.equal(3);
      expect(Number(counters?.classes.get(0x10)?.octets)).to.equal(3 * 1042);
      expect(Number(counters?.tx?.octets)).to.be.within(3 * 1042, 6 * 1042 - 1);
      expect(counters?.rx.octets).to.satisfy((octets: bigint) => octets >= 3126n);
    } finally {
      await machine.remove();
    }
  });
});

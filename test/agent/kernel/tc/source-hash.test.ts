import { expect } from 'chai';
import fc from 'fast-check';
import { hashPlaceOf, hashTableOf } from '../../../../src/agent/kernel/tc/source-hash.js';
import { IpAddress, IpNetwork } from '../../../../src/units/ip-network.js';

const network = fc
  .tuple(
    fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
    fc.nat(),
  )
  .map(([octets, length]) => {
    const address = IpAddress.ofOctets(octets);
    return IpNetwork.containing(address, length % (address.bits + 1));
  });

const HUNDREDS = Array.from({ length: 1000 }, (_, i) => i);
const hex = (number: number): string => number.toString(16);

/** How the addresses of a thousand peers may look. */
const LAYOUTS: Readonly<Record<string, (i: number) => string>> = {
  'one after the other': (i) => `10.1.${String(i >> 8)}.${String(i & 255)}`,
  'the first of many networks': (i) => `10.${String(i % 250)}.${String(Math.floor(i / 250))}.1`,
  'the first of many small networks': (i) => `10.1.${String(i % 250)}.${String(Math.floor(i / 250))}`,
  'ten of ten of ten': (i) => `10.${[i % 10, Math.floor(i / 10) % 10, Math.floor(i / 100)].join('.')}`,
  'one after the other, IPv6': (i) => `fd00:1::${hex(i)}`,
  'the first of many sites, IPv6': (i) => `fd00:${hex(i)}::1`,
  'the first of many subnets, IPv6': (i) => `fd00:1:2:${hex(i)}::1`,
  'made of MAC addresses': (i) => `fe80::216:3eff:fe00:${hex(((i % 250) << 8) + Math.floor(i / 250))}`,
};

describe('the hash by source', () => {
  it('leads to each table on the way, from the bucket that the address chooses', () => {
    fc.assert(
      fc.property(network, (one) => {
        const { path, bucket } = hashPlaceOf(one);
        const tables = path.map((id) => hashTableOf(id));
        expect(tables.map((table) => table?.id)).to.deep.equal(path);
        expect(tables.map((table) => table?.version)).to.deep.equal(path.map(() => one.version));
        expect(tables.map((table) => table?.holder?.id)).to.deep.equal([undefined, ...path.slice(0, -1)]);
        expect(bucket).to.be.lessThan(tables.at(-1)?.buckets ?? 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('has numbers that users may choose, and each once', () => {
    const places = new Map<string, number>();
    for (let id = 0; id < 0x1000; id++) {
      const table = hashTableOf(id);
      if (table === undefined) continue;
      expect(id).to.be.within(1, 0x7ff);
      const place = JSON.stringify(table.holder ?? id);
      expect(places.get(place), `the table before ${String(id)} at ${place}`).to.equal(undefined);
      places.set(place, id);
    }
    expect(places.size).to.equal(33 + 256 + 129 + 16 + 128 + 1024);
  });

  for (const [name, addressOf] of Object.entries(LAYOUTS)) {
    it(`compares a packet with few of a thousand: ${name}`, () => {
      const counts = new Map<string, number>();
      for (const i of HUNDREDS) {
        const { path, bucket } = hashPlaceOf(IpNetwork.ofHost(IpAddress.parse(addressOf(i))));
        const key = `${String(path.at(-1))} ${String(bucket)}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(Math.max(...counts.values())).to.be.at.most(128);
    });
  }
});

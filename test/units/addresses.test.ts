import { isIP, isIPv4, isIPv6 } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { IpAddress, IpNetwork } from '../../src/units/ip-network.js';
import { MacAddress } from '../../src/units/mac-address.js';
import { expectInvalid } from './expect-invalid.js';

const address = fc.oneof(fc.ipV4(), fc.ipV6());
/** Of which addresses, and what looks like them, are made. */
const CHARACTERS = Array.from('0123456789abcdef.:x%/ ');
const octetsOf = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: size, maxLength: size });

describe('IpAddress', () => {
  it('reads back what it writes, by text and by octets', () => {
    fc.assert(
      fc.property(fc.oneof(octetsOf(4), octetsOf(16)), (octets) => {
        const read = IpAddress.ofOctets(octets);
        expect(isIP(read.toString())).to.equal(octets.length === 4 ? 4 : 6);
        expect(IpAddress.parse(read.toString()).equals(read)).to.equal(true);
        expect(IpAddress.parse(read.toString()).octets).to.deep.equal(octets);
        expect(read.bits).to.equal(octets.length * 8);
      }),
    );
  });

  it('takes what the system takes, but for zones', () => {
    fc.assert(
      fc.property(
        fc.oneof(address, fc.string({ unit: fc.constantFrom('0', '1', 'a', 'f', '.', ':') })),
        (text) => {
          expect(IpAddress.tryParse(text) !== undefined).to.equal(isIP(text) !== 0);
        },
      ),
    );
    expect(IpAddress.parse('::10.1.0.2').toString()).to.equal('::a01:2');
    expect(IpAddress.parse('::ffff:10.1.0.2').toString()).to.equal('::ffff:a01:2');
  });

  it('shortens the first of the longest runs of zeros', () => {
    for (const [text, short] of [
      ['0:0:0:0:0:0:0:0', '::'],
      ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
      ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
      ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
      ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ] as const) {
      expect(IpAddress.parse(text).toString()).to.equal(short);
    }
  });

  it('has one text for each address', () => {
    fc.assert(
      fc.property(address, (text) => {
        const read = IpAddress.parse(text);
        expect(IpAddress.parse(text.toUpperCase()).toString()).to.equal(read.toString());
        expect(read.version).to.equal(isIPv4(text) ? 4 : 6);
      }),
    );
    expect(IpAddress.parse('2001:DB8:0:0:0:0:0:1').toString()).to.equal('2001:db8::1');
    expect(IpAddress.parse('fe80::0216:3eff:fe00:0100').toString()).to.equal('fe80::216:3eff:fe00:100');
  });

  for (const text of [
    '',
    '10.1',
    '10.1.0.256',
    '010.1.0.1',
    '0x7f.0.0.1',
    '10.1.0.1/16',
    '10.1.0.1 ',
    'fe80::1%eth0',
    '::1::',
    '1:2:3',
    'host1',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => void expectInvalid(() => IpAddress.parse(text)));
  }

  it('takes no text that the system would not', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...CHARACTERS) }), (text) => {
        if (!isIPv4(text) && !isIPv6(text)) expectInvalid(() => IpAddress.parse(text));
      }),
    );
  });

  it('refuses any other number of octets', () => {
    for (const size of [0, 3, 5, 15, 17]) expectInvalid(() => IpAddress.ofOctets(new Uint8Array(size)));
  });
});

/** Bits of the octets as text. */
const bitsOf = (octets: Uint8Array): string =>
  [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');

describe('IpNetwork', () => {
  const network = fc.tuple(fc.oneof(octetsOf(4), octetsOf(16)), fc.nat(128)).map(([octets, length]) => {
    const prefix = Math.min(length, octets.length * 8);
    const kept = octets.map((octet, i) => octet & (0xff << (8 - Math.min(8, Math.max(0, prefix - i * 8)))));
    return IpNetwork.of(IpAddress.ofOctets(kept), prefix);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(network, (one) => {
        expect(IpNetwork.parse(one.toString()).toString()).to.equal(one.toString());
      }),
    );
  });

  it('contains the addresses that begin with its bits', () => {
    fc.assert(
      fc.property(network, fc.oneof(octetsOf(4), octetsOf(16)), (one, octets) => {
        const other = IpAddress.ofOctets(octets);
        const begins = bitsOf(octets).startsWith(bitsOf(one.address.octets).slice(0, one.prefixLength));
        expect(one.contains(other)).to.equal(other.version === one.version && begins);
        expect(one.contains(one.address)).to.equal(true);
      }),
    );
  });

  it('overlaps another one when one contains the other, whichever is asked', () => {
    fc.assert(
      fc.property(network, network, (a, b) => {
        expect(a.overlaps(b)).to.equal(a.contains(b.address) || b.contains(a.address));
        expect(a.overlaps(b)).to.equal(b.overlaps(a));
      }),
    );
  });

  for (const text of [
    '10.1.0.0',
    '10.1.0.0/',
    '10.1.0.0/33',
    '10.1.0.1/16',
    'fd00::/129',
    'fd00::1/64',
    '10.1.0.0/-1',
    '10.1.0.0/16/16',
    '/16',
  ]) {
    it(`refuses ${text}`, () => void expectInvalid(() => IpNetwork.parse(text)));
  }

  it('says how a network with host bits is written', () => {
    expect(expectInvalid(() => IpNetwork.parse('10.1.2.3/16')).hint).to.contain('10.1.0.0/16');
  });
});

describe('MacAddress', () => {
  const station = octetsOf(6).map((octets) => octets.with(0, (octets[0] ?? 0) & 0xfe));

  it('reads back what it writes, by text and by octets', () => {
    fc.assert(
      fc.property(station, (octets) => {
        const mac = MacAddress.ofOctets(octets);
        expect(mac.octets).to.deep.equal(octets);
        expect(MacAddress.parse(mac.toString().toUpperCase()).toString()).to.equal(mac.toString());
      }),
    );
  });

  it('gives the link-local address of RFC 4291, another one for each MAC', () => {
    expect(MacAddress.parse('00:16:3e:00:01:08').linkLocalAddress().toString()).to.equal(
      'fe80::216:3eff:fe00:108',
    );
    expect(MacAddress.parse('02:00:00:00:00:01').linkLocalAddress().toString()).to.equal('fe80::ff:fe00:1');
    fc.assert(
      fc.property(station, station, (a, b) => {
        const [one, other] = [MacAddress.ofOctets(a), MacAddress.ofOctets(b)];
        const same = one.linkLocalAddress().equals(other.linkLocalAddress());
        expect(same).to.equal(one.toString() === other.toString());
      }),
    );
  });

  for (const text of [
    '',
    '00:16:3e:00:01',
    '00:16:3e:00:01:08:09',
    '00-16-3e-00-01-08',
    '0:16:3e:0:1:8',
    '01:00:5e:00:00:01',
    'ff:ff:ff:ff:ff:ff',
    '00:16:3e:00:01:0g',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => void expectInvalid(() => MacAddress.parse(text)));
  }
});

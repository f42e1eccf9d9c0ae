import { randomBytes, randomInt } from 'node:crypto';

/**
 * One end of a wire between two User-Mode Linux kernels, as the kernel's argument without `vec0:`. Its frames travel
 * in UDP over this machine's loopback: that needs neither root nor a program in between, and an end whose other end is
 * switched off loses what it sends and nothing else.
 */
export type Wire = string;

const FIRST_PORT = 4096;
const COOKIE_OCTETS = 4;

/** Wires between kernels, both ends of each. No other lab on this machine has the same. */
export function wiresOf(count: number): readonly (readonly [Wire, Wire])[] {
  // All of 127.0.0.0/8 is this machine's: an address of our own spares us the search for free ports.
  const address = `127.${[randomInt(1, 255), randomInt(256), randomInt(1, 255)].join('.')}`;
  return Array.from({ length: count }, (_, index) => {
    const ports = [FIRST_PORT + 2 * index, FIRST_PORT + 2 * index + 1] as const;
    // Somebody else's datagrams have another cookie, and are dropped.
    const cookie = `0x${randomBytes(COOKIE_OCTETS).toString('hex')}`;
    const end = (own: 0 | 1): Wire =>
      [
        ...['transport=l2tpv3', 'udp=1', `src=${address}`, `dst=${address}`],
        ...[`srcport=${String(ports[own])}`, `dstport=${String(ports[1 - own])}`],
        ...['rx_session=1', 'tx_session=1', `rx_cookie=${cookie}`, `tx_cookie=${cookie}`],
        // A host's address stays the same when it is switched on again, or its neighbours would look for the old one.
        `mac=02:4e:4d:${macOctets(index, own)}`,
      ].join(',');
    return [end(0), end(1)];
  });
}

function macOctets(index: number, own: 0 | 1): string {
  const octets = [index >> 8, index & 0xff, own];
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}

import type { IpAddress } from '../../units/ip-network.js';
import type { PlacedNode } from '../merge/placed-node.js';
import {
  latencyOf,
  limitOf,
  linkOf,
  lossOf,
  type Leg,
  type Limit,
  type WantedNetwork,
} from '../merge/wanted-network.js';
import { mtuOf } from '../merge/overlay-mtu.js';
import { firstOfEach } from './reach.js';
import type { Failed, StreamRequest, StreamResult } from '../probe/prober.js';
import { verdictOf, type Measurement } from './verdict.js';

/** Milliseconds of a stream. */
export const STREAM_DURATION = 5000;
/** Milliseconds of it that a receiver leaves out. */
const UNCOUNTED = 2000;
/** From this rate on, bits per second, TCP is used where nothing is lost: it costs the machines less. */
const TCP_FROM = 20e6;
/** Microseconds: beyond, TCP takes too long to find its rate, and its buffers hold too little. */
const LONGEST_ROUND_TRIP = 100_000;
/** What UDP sends, as a share of what the way can carry. */
const OVERLOAD = 1.1;
const ALLOWED = { below: 0.05, above: 0.03 } as const;

/** Where receivers listen; iperf3's own. */
const STREAM_PORT = 5201;

/** Octets of headers, and what tc counts of Ethernet; on the wire there are preamble, check sum and gap besides. */
const IP = { 4: 20, 6: 40 } as const;
const UDP = 8;
/** With time stamps (RFC 7323). */
const TCP = 32;
const ETHERNET = { frame: 14, ethernet: 14 + 24 } as const;

/** A one-way way whose bandwidth is asked. */
export interface RateQuestion {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  readonly legs: readonly Leg[];
  /** Data per second in bits that the way can carry. */
  readonly asked: number;
  readonly request: StreamRequest;
}

/** One for each ordered pair of nodes that a bandwidth lies between, with the least of what limits it. */
export function rateQuestions(network: WantedNetwork): RateQuestion[] {
  return network.nodes.flatMap((from) =>
    network.nodes.flatMap((to): RateQuestion[] => {
      if (from.node.vm === to.node.vm) return [];
      const target = firstOfEach(from, to)[0];
      if (target === undefined) return [];
      const legs = network.legs(from, to);
      const limit = limitOf(legs);
      if (limit === undefined) return [];
      const protocol = protocolOf(limit.bandwidth, network, legs, from, to);
      if (protocol === undefined) return [];
      const { size, share } = dataOf(protocol, target, legs, limit.framing);
      // Losses come before the limit of their link, and behind that of the sender's own line.
      const lost = lossOf(legs);
      const asked = limit.bandwidth * share * (limit.isSenders ? 1 - lost : 1);
      const sent = (limit.bandwidth * share * OVERLOAD) / (limit.isSenders ? 1 : 1 - lost);
      const bandwidth = protocol === 'tcp' ? 0 : Math.ceil(sent / 1000);
      const request = { from, to, target, duration: STREAM_DURATION, bandwidth, size, port: STREAM_PORT };
      return [{ from, to, legs, asked, request }];
    }),
  );
}

/** UDP, except where it is fast and TCP does as well; undefined where rules let neither pass, or nothing does. */
function protocolOf(
  bandwidth: number,
  network: WantedNetwork,
  legs: readonly Leg[],
  from: PlacedNode,
  to: PlacedNode,
): 'tcp' | 'udp' | undefined {
  const passes = (protocol: 'tcp' | 'udp'): boolean =>
    network.decide(from, to, { protocol, port: STREAM_PORT }).passes;
  // iperf3 speaks of what it does over TCP.
  const roundTrip = [...legs, ...network.legs(to, from)];
  if (!passes('tcp') || lossOf(roundTrip) === 1) return undefined;
  const isShort = latencyOf(roundTrip).microseconds <= LONGEST_ROUND_TRIP;
  if (bandwidth >= TCP_FROM && lossOf(legs) === 0 && isShort) return 'tcp';
  return passes('udp') ? 'udp' : undefined;
}

/** The data of a full packet, in octets, and its share of what a link counts of it. */
function dataOf(
  protocol: 'tcp' | 'udp',
  { version }: IpAddress,
  legs: readonly Leg[],
  framing: Limit['framing'],
): { readonly size: number; readonly share: number } {
  const mtu = Math.min(...legs.flatMap(({ from, to }) => [mtuOf(from), mtuOf(to)]));
  const size = mtu - IP[version] - (protocol === 'tcp' ? TCP : UDP);
  return { size, share: size / (mtu + ETHERNET[framing]) };
}

export function judgeRate(
  { from, to, legs, asked, request }: RateQuestion,
  result: StreamResult | Failed,
): Measurement {
  // One packet more or less may be counted.
  const grain = (request.size * 8000) / (STREAM_DURATION - UNCOUNTED);
  const tolerance = { below: asked * ALLOWED.below + grain, above: asked * ALLOWED.above + grain };
  const known = { quantity: 'bandwidth' as const, from, to, link: linkOf(legs), asked, tolerance };
  if ('failure' in result) {
    return { ...known, measured: undefined, verdict: 'unknown', note: result.failure };
  }
  const measured = result.duration === 0 ? 0 : (result.octets * 8e6) / result.duration;
  return { ...known, measured, verdict: verdictOf(asked, measured, tolerance) };
}

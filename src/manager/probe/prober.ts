import type { PlacedNode } from '../merge/placed-node.js';
import type { IpAddress } from '../../units/ip-network.js';

/** Echo requests from inside one machine to one address. */
export interface EchoRequest {
  readonly from: PlacedNode;
  readonly target: IpAddress;
  /** Leave by the machine's own interface, whatever its routes say. */
  readonly onLink: boolean;
  readonly count: number;
  /** Milliseconds between two of them. */
  readonly interval: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
  /** Octets of data in each, which is sent whole or not at all. */
  readonly size: number;
}

/** What came of it. */
export interface EchoResult {
  readonly sent: number;
  readonly received: number;
  /** Round trips in microseconds; 0 if none was answered. */
  readonly rttMin: number;
  readonly rttAvg: number;
  readonly rttMax: number;
}

/** Data that is sent from inside one machine to another, and counted there. */
export interface StreamRequest {
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  /** Of the receiver. */
  readonly target: IpAddress;
  /** Milliseconds. */
  readonly duration: number;
  /** Data per second that is sent as UDP, in kbit/s; 0 is TCP. */
  readonly bandwidth: number;
  /** Octets of data of each datagram. */
  readonly size: number;
  /** Where the receiver listens. */
  readonly port: number;
}

export interface StreamResult {
  /** Octets of data that the receiver counted, and the microseconds in which it did. */
  readonly octets: number;
  readonly duration: number;
}

/** One TCP connection that is begun, or one UDP datagram, from inside one machine. */
export interface PortRequest {
  readonly from: PlacedNode;
  readonly target: IpAddress;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Milliseconds that an answer may take. */
  readonly timeout: number;
}

/** What came of it. */
export interface PortResult {
  readonly isAnswered: boolean;
  /** Whether the answer is that nobody listens there. */
  readonly isRefused: boolean;
}

/** A probe that could not be made. */
export interface Failed {
  readonly failure: string;
}

/** Of a probe of which nothing is known. */
export const NO_RESULT: Failed = { failure: 'no result' };

/** Who has the probes made. */
export interface Prober {
  /**
   * All at once. The results are in the order of the requests.
   *
   * @param answering nodes that answer meanwhile by IPv4 to whom they have no route to
   */
  echo(
    requests: readonly EchoRequest[],
    answering?: readonly PlacedNode[],
  ): Promise<readonly (EchoResult | Failed)[]>;
  /** All at once; they should not share a machine. */
  stream(requests: readonly StreamRequest[]): Promise<readonly (StreamResult | Failed)[]>;
}

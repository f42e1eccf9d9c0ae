import { BitRate } from '../../units/bit-rate.js';
import { ByteCount } from '../../units/byte-count.js';
import { Duration } from '../../units/duration.js';
import { IpAddress } from '../../units/ip-network.js';
import { Host } from './host.js';
import { Contains, Parsed } from './decorators.js';

/** What is there: the real-environment file. */
export class RealEnvironment {
  readonly name!: string;
  @Contains(() => Credentials)
  readonly credentials!: readonly Credentials[];
  @Contains(() => Switch)
  readonly switches!: readonly Switch[];
  @Contains(() => Host)
  readonly hosts!: readonly Host[];
  @Contains(() => PhysicalLink)
  readonly links!: readonly PhysicalLink[];
  @Contains(() => Router)
  readonly routers!: readonly Router[];
}

/** How the manager proves itself to agents. The secrets themselves are never in the file. */
export class Credentials {
  readonly name!: string;
  /** The SNMPv3 user. */
  readonly user!: string;
  readonly auth!: 'SHA-256';
  readonly priv!: 'AES-128';
  /** `env:NAME` or `file:PATH`: where the two secrets are. */
  readonly from!: string;
}

export class Switch {
  readonly name!: string;
}

export class Router {
  readonly name!: string;
  @Parsed((text) => IpAddress.parse(text))
  readonly address!: IpAddress;
}

/** A physical link between hosts, switches and routers. */
export class PhysicalLink {
  readonly from!: string;
  readonly to!: string;
  @Parsed((text) => BitRate.parse(text))
  readonly bandwidth?: BitRate;
  @Parsed((text) => Duration.parse(text))
  readonly latency?: Duration;
  /** The largest packet that it lets pass. */
  @Parsed((text) => ByteCount.parse(text))
  readonly mtu?: ByteCount;
}

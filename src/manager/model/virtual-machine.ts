import { ByteCount } from '../../units/byte-count.js';
import { MacAddress } from '../../units/mac-address.js';
import { Contains, Parsed } from './decorators.js';

export class VirtualMachine {
  readonly name!: string;
  @Parsed((text) => ByteCount.parse(text))
  readonly memory?: ByteCount;
  /** By which the host knows it. */
  readonly uuid?: string;
  /** The name or ID of a container, or `pid:` and a number. */
  readonly container?: string;
  /** Who sets the addresses and routes inside it. */
  readonly addressing!: 'netmgr' | 'guest';
  @Contains(() => Vif)
  readonly vifs!: readonly Vif[];
}

/** A virtual network interface by its end on the host. */
export class Vif {
  /** Of the interface; where the file has none, {@link generatedVifName}. */
  readonly name!: string;
  /** As the machine sees it; needed where IPv6 or the source guard is. */
  @Parsed((text) => MacAddress.parse(text))
  readonly mac?: MacAddress;
  readonly bridge!: string;
}

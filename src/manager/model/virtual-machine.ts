import { ByteCount } from '../../units/byte-count.js';
import { MacAddress } from '../../units/mac-address.js';
import { Contains, Parsed } from './decorators.js';

export class VirtualMachine {
  readonly name!: string;
  @Parsed((text) => ByteCount.parse(text))
  readonly memory?: ByteCount;
  @Contains(() => Vif)
  readonly vifs!: readonly Vif[];
}

/** A virtual network interface by its end on the host. */
export class Vif {
  readonly name!: string;
  /** As the machine sees it; needed where IPv6 or the source guard is. */
  @Parsed((text) => MacAddress.parse(text))
  readonly mac?: MacAddress;
  readonly bridge!: string;
}

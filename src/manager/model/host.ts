import { INTERFACE_PREFIXES } from '../../machine-interfaces.js';
import { ByteCount } from '../../units/byte-count.js';
import { IpAddress } from '../../units/ip-network.js';
import { VirtualMachine } from './virtual-machine.js';
import { Contains, Parsed } from './decorators.js';

/** `kvm` is QEMU or KVM with libvirt, `qemu` without. */
export type Hypervisor = 'kvm' | 'qemu' | 'xen' | 'container' | 'namespace';

/** Those whose interfaces have another name each time a machine starts, and are found by the machine. */
export const FINDS_VIFS: ReadonlySet<string> = new Set(Object.keys(INTERFACE_PREFIXES));

/** A machine that runs virtual machines, and an agent. */
export class Host {
  readonly name!: string;
  /** The management address, where the agent answers. */
  @Parsed((text) => IpAddress.parse(text))
  readonly address!: IpAddress;
  readonly hypervisor?: Hypervisor;
  readonly version?: string;
  @Parsed((text) => ByteCount.parse(text))
  readonly memory?: ByteCount;
  @Parsed(Number)
  readonly cpus?: number;
  /** The name of the hosts between which machines move. */
  readonly cluster?: string;
  @Contains(() => AgentAccess)
  readonly agent!: AgentAccess;
  @Contains(() => Bridge)
  readonly bridges!: readonly Bridge[];
  @Contains(() => VirtualMachine)
  readonly vms!: readonly VirtualMachine[];
}

export class AgentAccess {
  /** UDP. */
  @Parsed(Number)
  readonly port!: number;
  /** The name of a {@link Credentials}. */
  readonly credentials!: string;
}

export class Bridge {
  readonly name!: string;
  /** The host's interface that joins the bridge to the physical network. */
  readonly uplink?: string;
}

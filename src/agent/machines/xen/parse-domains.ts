import { NetmgrError } from '../../../errors.js';
import { numberOf, recordOf, recordsOf, textOf } from '../../kernel/printed.js';
import type { MachineInterface } from '../machine-driver.js';

/** A domain of Xen other than dom0. */
export interface Domain {
  /** Another one each time it starts or moves. */
  readonly id: number;
  readonly name: string;
  /** In lower case; empty if xl does not know it. */
  readonly uuid: string;
  /** `pv`, `pvh` or `hvm`. */
  readonly type: string;
  /** The most virtual processors that it may have; undefined if that is not known. */
  readonly maxCpus: number | undefined;
  /** The most memory that it may have, in KiB; undefined if that is not known. */
  readonly maxMemory: number | undefined;
  readonly interfaces: readonly MachineInterface[];
  /** The socket in this host of the channel for its guest agent. */
  readonly agentSocket: string | undefined;
}

/** What guest agents call their channel. */
const AGENT_CHANNEL = 'org.qemu.guest_agent.0';

/** How an emulated network card is attached beside the paravirtualized one (xl-network-configuration(5), `type`). */
const EMULATED = 'vif_ioemu';

/**
 * What `xl list -l` prints: the configurations of all domains, as they are now.
 *
 * @throws NetmgrError `CommandFailed` if it is something else
 */
export function parseDomains(output: string): Domain[] {
  return recordsIn(output)
    .map((record) => ({ record, id: numberOf(record['domid']) }))
    .filter(({ id }) => id !== 0)
    .map(({ record, id }) => parseDomain(id, recordOf(record['config'])));
}

function recordsIn(output: string): Record<string, unknown>[] {
  try {
    return recordsOf(output);
  } catch (cause) {
    throw new NetmgrError({
      kind: 'CommandFailed',
      message: 'xl list -l prints no JSON',
      hint: 'netmgr needs the xl of Xen 4.4 or later.',
      cause,
    });
  }
}

function parseDomain(id: number, config: Record<string, unknown>): Domain {
  const [about, build] = [recordOf(config['c_info']), recordOf(config['b_info'])];
  return {
    id,
    name: textOf(about['name']),
    uuid: textOf(about['uuid']).toLowerCase(),
    type: textOf(about['type']),
    maxCpus: positive(build['max_vcpus']),
    maxMemory: positive(build['max_memkb']),
    interfaces: listIn(config['nics']).map((nic, index) => parseInterface(id, index, nic)),
    agentSocket: listIn(config['channels']).flatMap(socketOf)[0],
  };
}

/** libxl leaves out what has its default. */
function parseInterface(domain: number, index: number, nic: Record<string, unknown>): MachineInterface {
  const devid = typeof nic['devid'] === 'number' ? nic['devid'] : index;
  const name = textOf(nic['ifname']) || `vif${String(domain)}.${String(devid)}`;
  const known = {
    model: textOf(nic['nictype']) === EMULATED ? 'xen-hvm' : 'xen',
    mac: textOf(nic['mac']).toLowerCase(),
  };
  const backend = textOf(nic['backend_domname']) || numberOrText(nic['backend_domid']);
  if (backend !== '' && backend !== '0' && backend !== 'Domain-0') {
    const obstacle = `the interface lies in the driver domain ${backend}, not in this host's kernel: take "backend=" out of its vif (xl.cfg)`;
    return { vif: '', ...known, obstacle };
  }
  return { vif: name, ...known };
}

/** A channel has a socket, or is a terminal. */
function socketOf(channel: Record<string, unknown>): string[] {
  if (textOf(channel['name']) !== AGENT_CHANNEL) return [];
  const path = textOf(recordOf(channel['connection.socket'])['path']);
  return path === '' ? [] : [path];
}

const listIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map((one: unknown) => recordOf(one)) : [];

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && value > 0 ? value : undefined;

const numberOrText = (value: unknown): string => (typeof value === 'number' ? String(value) : textOf(value));

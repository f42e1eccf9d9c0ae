import { run } from '../../process/run.js';

/** An interface of a machine. */
export interface MachineInterface {
  readonly machine: string;
  readonly device: string;
  /** Whose MAC addresses the machine knows without asking. */
  readonly neighbours?: readonly Neighbour[];
}

/** Where an address of a machine is. */
export interface Neighbour {
  readonly address: string;
  readonly mac: string;
}

// After any other route, and told from any other by this number.
export const PROBE_METRIC = 4_278_190_080;
const ROUTES = ['0.0.0.0/0', '::/0'];

/**
 * Makes each machine believe everything to be on its own network, as its owner could arrange: what is not reached then
 * is blocked, not merely unknown.
 */
export async function addRoutesToAll(interfaces: readonly MachineInterface[]): Promise<void> {
  for (const one of interfaces) await change('replace', one);
}

/** Does the work while each machine has the routes of {@link addRoutesToAll}. */
export async function withRoutesToAll<T>(
  interfaces: readonly MachineInterface[],
  work: () => Promise<T>,
): Promise<T> {
  await addRoutesToAll(interfaces);
  try {
    return await work();
  } finally {
    for (const one of interfaces) await change('delete', one);
  }
}

async function change(
  verb: 'replace' | 'delete',
  { machine, device, neighbours = [] }: MachineInterface,
): Promise<void> {
  const lines = ROUTES.map((to) => `route ${verb} ${to} dev ${device} metric ${String(PROBE_METRIC)}\n`);
  // Without these a pair that no rule keeps apart would stay silent because ARP and neighbour discovery are.
  for (const { address, mac } of neighbours) {
    lines.push(`neighbour ${verb} ${address} lladdr ${mac} dev ${device} nud permanent\n`);
  }
  await run(['ip', '-n', machine, '-batch', '-'], { input: lines.join(''), subject: machine });
}

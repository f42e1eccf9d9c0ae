import { failuresOf, throwIfAny } from '../../errors.js';
import { askIcmp } from './ask-icmp.js';
import { MachineProber } from './machine-prober.js';

export type ProbeProtocol = 'icmp' | 'tcp' | 'udp';

/** Whether one machine reaches another at one of its addresses. */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly protocol: ProbeProtocol;
  /** IPv4 or IPv6; a link-local one with the sender's interface: `fe80::1%eth0`. */
  readonly address: string;
}

/** The probers of several machines. Machines are network namespaces. */
export class Probers {
  private constructor(private readonly probers: ReadonlyMap<string, MachineProber>) {}

  /** @throws NetmgrError or ApplyError where a machine's prober cannot be started. None is left then. */
  static async start(machines: readonly string[]): Promise<Probers> {
    const results = await Promise.allSettled(machines.map((machine) => MachineProber.start(machine)));
    const probers = new Probers(
      new Map(
        results.flatMap((result, i) =>
          result.status === 'fulfilled' ? [[machines[i] ?? '', result.value]] : [],
        ),
      ),
    );
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? failuresOf(result.reason) : [],
    );
    if (failures.length > 0) await probers.stop();
    throwIfAny(failures, 'probers could not be started');
    return probers;
  }

  /**
   * Tries all probes at once, each again and again until it is answered or the patience is over.
   *
   * @param patience milliseconds
   * @returns milliseconds until the answer for each probe, in their order; null for none
   */
  async probe(probes: readonly Probe[], patience: number): Promise<readonly (number | null)[]> {
    const answers = new Map<Probe, number | null>();
    await Promise.all(
      [...this.probers].map(async ([machine, prober]) => {
        const own = probes.filter(({ from }) => from === machine);
        const echoes = own.filter(({ protocol }) => protocol === 'icmp');
        const others = own.filter(({ protocol }) => protocol !== 'icmp');
        const targets = others.map(({ to, address, protocol }) => ({
          name: to,
          address,
          transport: protocol === 'tcp' ? ('tcp' as const) : ('udp' as const),
        }));
        const [times, echoTimes] = await Promise.all([
          prober.ask({ patience, targets }),
          askIcmp(
            machine,
            echoes.map(({ address }) => address),
            patience,
          ),
        ]);
        others.forEach((probe, i) => answers.set(probe, times[i] ?? null));
        echoes.forEach((probe, i) => answers.set(probe, echoTimes[i] ?? null));
      }),
    );
    return probes.map((probe) => answers.get(probe) ?? null);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.probers.values()].map((prober) => prober.stop()));
  }
}

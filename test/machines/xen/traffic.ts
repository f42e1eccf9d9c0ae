import type { XenLab } from './xen-lab.js';

/** Echoes, milliseconds between them, and milliseconds to wait for each: the shortest is what the path takes, the others waited. */
const [ECHOES, PERIOD, PATIENCE] = ['20', '200', '2000'];
/** Seconds of TCP: those that are left out at its begin, and those that are measured. */
interface Times {
  readonly omitted: number;
  readonly measured: number;
}
const STEADY: Times = { omitted: 2, measured: 10 };
/** Every instruction is emulated: a network without limits is not kept busy for longer than it takes to see that it has none. */
export const GLANCE: Times = { omitted: 0, measured: 1 };

/** Milliseconds there and back: the shortest of many; undefined if none came back. @throws Error if the domain cannot be asked */
export async function roundTrip(lab: XenLab, from: string, address: string): Promise<number | undefined> {
  const words = ['fping', '-q', '-c', ECHOES, '-p', PERIOD, '-t', PATIENCE, address];
  const { stdout = '', stderr = '', message } = await lab.inDomain(from, ...words);
  if (message !== undefined) throw new Error(message);
  const shortest = /min\/avg\/max = ([\d.]+)\//.exec(stdout + stderr)?.[1];
  if (shortest === undefined && !(stdout + stderr).includes(`= ${ECHOES}/0/100%`))
    throw new Error(stdout + stderr);
  return shortest === undefined ? undefined : Number(shortest);
}

interface Report {
  readonly error?: string;
  readonly end: { readonly sum_received: { readonly bits_per_second: number } };
}

/** Mbit/s of TCP from one domain to another, as the receiver counts it. @throws Error if none could be measured */
export async function throughput(
  lab: XenLab,
  from: string,
  to: string,
  address: string,
  { omitted, measured }: Times = STEADY,
): Promise<number> {
  await lab.inDomain(to, 'iperf3', '-s', '-D', '-1');
  const words = ['iperf3', '-J', '-t', String(measured), '-O', String(omitted), '-c', address];
  const { stdout = '', message } = await lab.inDomain(from, ...words);
  if (message !== undefined) throw new Error(message);
  const { error, end } = JSON.parse(stdout) as Report;
  if (error !== undefined) throw new Error(error);
  return end.sum_received.bits_per_second / 1e6;
}

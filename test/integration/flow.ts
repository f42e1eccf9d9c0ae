import { setTimeout as delay } from 'node:timers/promises';
import type { LiveLab } from './live-lab.js';

/** What became of the datagrams of a flow, by the counters of both machines' kernels. */
export interface FlowCounts {
  readonly sent: number;
  /** Those that reached the receiving machine, whether or not its program had room for them. */
  readonly arrived: number;
}

export interface FlowEnds {
  readonly from: string;
  readonly to: string;
  /** Of the receiving machine. */
  readonly address: string;
  readonly port: number;
}

/** Octets of a datagram: its frame is a full one on no link, and nothing is fragmented. */
const DATAGRAM = 1400;

/**
 * Has one machine send UDP to another one at a rate for as long as the work takes. Nothing else may send UDP between
 * them meanwhile.
 *
 * @param bandwidth as iperf3(1) takes it, such as `100M`
 */
export async function withUdpFlow(
  lab: LiveLab,
  { from, to, address, port }: FlowEnds,
  bandwidth: string,
  work: () => Promise<void>,
): Promise<FlowCounts> {
  const server = lab.try(['ip', 'netns', 'exec', to, 'iperf3', '-s', '-1', '-p', String(port)]);
  await untilListening(lab, to, port);
  const before = await countersOf(lab, from, to);
  const client = lab.try([
    ...(['ip', 'netns', 'exec', from, 'iperf3', '-u', '-b', bandwidth, '-l', String(DATAGRAM)] as const),
    ...['-t', '0', '-c', address, '-p', String(port), '--pidfile', `/run/iperf3-${from}.pid`],
  ]);
  await untilSending(lab, from, before.sent);
  const pid = (await lab.read(`/run/iperf3-${from}.pid`)).replace(/\D/g, '');
  try {
    await work();
    await lab.run('kill', '-STOP', pid);
    return await countsSince(before, lab, from, to);
  } finally {
    await lab.run('kill', '-INT', pid);
    await lab.run('kill', '-CONT', pid);
    await Promise.all([client, server]);
  }
}

/** How often the counters are read until as much has arrived as was sent; after that it is lost. */
const READINGS = 50;

/**
 * What has happened, once nothing is sent any more. Datagrams count when the program takes them out of its socket's
 * queue, and what is there when it ends counts nowhere: so it must be running still.
 */
async function countsSince(before: FlowCounts, lab: LiveLab, from: string, to: string): Promise<FlowCounts> {
  for (let reading = 1; ; reading++) {
    const after = await countersOf(lab, from, to);
    const counts = { sent: after.sent - before.sent, arrived: after.arrived - before.arrived };
    if (counts.arrived >= counts.sent || reading === READINGS) return counts;
    await delay(100);
  }
}

/** Waits until a program in a machine listens on a port. */
export async function untilListening(
  lab: LiveLab,
  machine: string,
  port: number,
  protocol: 'tcp' | 'udp' = 'tcp',
): Promise<void> {
  const sockets = protocol === 'tcp' ? '-Hltn' : '-Hlun';
  for (;;) {
    const { stdout } = await lab.try([
      'ip',
      'netns',
      'exec',
      machine,
      'ss',
      sockets,
      `sport = :${String(port)}`,
    ]);
    if (stdout.trim() !== '') return;
  }
}

async function untilSending(lab: LiveLab, machine: string, before: number): Promise<void> {
  while (Number((await udpOf(lab, machine)).get('OutDatagrams')) < before + 100);
}

async function countersOf(lab: LiveLab, from: string, to: string): Promise<FlowCounts> {
  const [sender, receiver] = await Promise.all([udpOf(lab, from), udpOf(lab, to)]);
  return {
    sent: Number(sender.get('OutDatagrams')),
    arrived: ['InDatagrams', 'InErrors', 'NoPorts'].reduce(
      (sum, name) => sum + Number(receiver.get(name)),
      0,
    ),
  };
}

/** The counters of RFC 4113 of a machine, IPv4, from /proc/net/snmp. */
async function udpOf(lab: LiveLab, machine: string): Promise<Map<string, string>> {
  const text = await lab.at(machine, 'cat /proc/net/snmp');
  const [names = [], values = []] = [...text.matchAll(/^Udp: (.*)$/gm)].map(([, words = '']) =>
    words.split(' '),
  );
  return new Map(names.map((name, i) => [name, values[i] ?? '']));
}

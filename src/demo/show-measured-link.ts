import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../process/run.js';
import type { DemoContext } from './demo-context.js';
import type { Endpoint } from './endpoints.js';
import { wantedPath } from './expectation.js';

const COLUMNS = ['Bandwidth', 'Latency', 'MeasuredBandwidth'] as const;
/** The agent measures between two readings; the first comes when the flow is under way. */
const FIRST_READING = 3000;
const MEASURING = 5000;
/** Shares of the configured bandwidth; the agent's span has no full seconds, and acknowledgements come on top. */
const MEASURED = { least: 0.9, most: 1.1 };

/** Asks the receiver's agent by SNMP what is configured and what is measured, while the link is busy. */
export async function showMeasuredLink(
  { screen, virtual }: DemoContext,
  [from, to]: readonly [Endpoint, Endpoint],
): Promise<void> {
  const [peer] = from.ipv4;
  const { bandwidth, latency } = wantedPath(virtual, from, to);
  if (peer === undefined || bandwidth === undefined) return;
  // A link's row is on the vif that receives; its index is the vif, and the peer as a prefix of one address.
  const index = `"${to.vif}".ipv4.4.${peer}.32`;
  const objects = COLUMNS.map((column) => `NETEMU-MIB::netemuLinkState${column}.${index}`);
  const command = ['snmpget', '-Oqs', to.host.name, ...objects] as const;
  await sleep(FIRST_READING);
  await run(command, { subject: to.host.name });
  await sleep(MEASURING);
  const { stdout } = await run(command, { subject: to.host.name });
  screen.line(`While ${from.machine} sends to ${to.machine}:`);
  screen.command(
    [`snmpget -Oqs ${to.host.name}`, ...objects.map((object) => `    '${object}'`)].join(' \\\n'),
  );
  screen.line(stdout.trimEnd());
  const values = stdout.split('\n').map((line) => Number(line.split(' ')[1]));
  const [configured = NaN, delay = NaN, measured = NaN] = values;
  const wanted = bandwidth / 1000;
  if (configured !== wanted)
    screen.wrong(`the agent says ${String(configured)} kbit/s instead of ${String(wanted)}`);
  if (delay !== latency.microseconds)
    screen.wrong(`the agent says ${String(delay)} us instead of ${latency.toString()}`);
  if (!(measured >= wanted * MEASURED.least && measured <= wanted * MEASURED.most)) {
    screen.wrong(`the agent measured ${String(measured)} kbit/s on a full link of ${String(wanted)}`);
  }
}

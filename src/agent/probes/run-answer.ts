import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../process/run.js';
import { IpAddress } from '../../units/ip-network.js';
import { expectInterfaceName } from '../kernel/names.js';
import type { ProbeRequest } from './probe-request.js';

/** "NN": the number of the table of routes for answers. */
const TABLE = String(0x4e4e);
/** Behind the rule of the main table (32766) and that of the default one: only what they know no way for comes here. */
const PREFERENCE = '40000';

/**
 * Lets a machine answer by a device whom it has no route to, until its time is over or nobody wants it any more. Without a
 * way back an echo that got through would never be seen. What an agent that was killed left there is taken away first.
 *
 * @param run runs commands inside the machine; one such work per machine and IP version at a time
 * @throws NetmgrError `CommandFailed`, also if the rule or table cannot be taken away
 */
export async function runAnswer(run: Run, request: ProbeRequest, device: string): Promise<void> {
  const { target, duration } = request.row;
  const ip = ['ip', `-${String(IpAddress.parse(target).version)}`] as const;
  const remove = `rule del pref ${PREFERENCE}\nroute flush table ${TABLE}\n`;
  // It fails where nothing was left, as it should be.
  await run([...ip, '-force', '-batch', '-'], { input: remove, accept: [0, 1, 2] });
  const add = `route add default dev ${expectInterfaceName(device)} table ${TABLE}\nrule add pref ${PREFERENCE} table ${TABLE}\n`;
  try {
    await run([...ip, '-batch', '-'], { input: add });
    request.running();
    await sleep(duration, undefined, { signal: request.signal }).catch(() => undefined);
  } finally {
    await run([...ip, '-batch', '-'], { input: remove });
  }
  request.done({});
}

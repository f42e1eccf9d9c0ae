import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../process/run.js';
import { IpAddress } from '../../units/ip-network.js';
import type { ProbeRequest } from './probe-request.js';
import { withRoutes } from './with-routes.js';

/** "NN": the number of the table of routes for answers. */
const TABLE = String(0x4e4e);
/** Behind the rule of the main table (32766) and that of the default one: only what they know no way for comes here. */
const PREFERENCE = '40000';

/**
 * Lets a machine answer by a device whom it has no route to, until its time is over or nobody wants it any more. Without a
 * way back an echo that got through would never be seen.
 *
 * @throws NetmgrError `CommandFailed`, as {@link withRoutes} does
 */
export async function runAnswer(run: Run, request: ProbeRequest, device: string): Promise<void> {
  const { version } = IpAddress.parse(request.row.target);
  const routes = { version, device, table: TABLE, preference: PREFERENCE, selector: '' };
  await withRoutes(run, routes, async () => {
    request.running();
    await sleep(request.row.duration, undefined, { signal: request.signal }).catch(() => undefined);
  });
  request.done({});
}

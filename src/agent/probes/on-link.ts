import type { IpVersion } from '../../units/ip-network.js';
import type { Run } from '../../process/run.js';
import { expectInterfaceName } from '../kernel/names.js';

/**
 * "NM": the user whose packets go straight to the link, and the number of the table of routes that they have for
 * themselves, and of the rule that leads there (ip-rule(8)). Binding to a device would do for IPv4 only, and only where
 * there is no route.
 */
const NUMBER = String(0x4e4d);

const RIGHTS = '+net_raw';

/** The words before a program that make it that user's, with no more of root's rights than raw sockets (setpriv(1)). */
export const AS_ON_LINK = [
  'setpriv',
  ...['--reuid', NUMBER, '--inh-caps', RIGHTS, '--ambient-caps', RIGHTS, '--'],
] as const;

/**
 * Does work while what {@link AS_ON_LINK} runs sends leaves a machine by a device, straight to wherever it goes. Nothing
 * else in the machine sees the rule or the table. What an agent that was killed left there is taken over and taken away.
 *
 * @param run runs commands inside the machine; one such work per machine and IP version at a time
 * @throws NetmgrError `CommandFailed`, also if the rule or table cannot be taken away
 */
export async function onLink<T>(
  run: Run,
  version: IpVersion,
  device: string,
  work: () => Promise<T>,
): Promise<T> {
  const ip = ['ip', `-${String(version)}`] as const;
  const route = `default dev ${expectInterfaceName(device)} table ${NUMBER}`;
  const rule = `pref ${NUMBER} uidrange ${NUMBER}-${NUMBER} table ${NUMBER}`;
  const remove = `rule del pref ${NUMBER}\nroute flush table ${NUMBER}\n`;
  const removeAny = async (): Promise<void> => {
    await run([...ip, '-force', '-batch', '-'], { input: remove, accept: [0, 1, 2] });
  };
  // It fails where nothing was left, as it should be.
  await removeAny();
  try {
    await run([...ip, '-batch', '-'], { input: `route add ${route}\nrule add ${rule}\n` });
  } catch (error) {
    await removeAny();
    throw error;
  }
  try {
    return await work();
  } finally {
    await run([...ip, '-batch', '-'], { input: remove });
  }
}

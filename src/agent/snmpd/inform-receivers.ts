import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NetmgrError } from '../../errors.js';
import { DurableFiles } from '../../process/durable-files.js';
import { UdpAddress } from '../../units/udp-address.js';

const FILE = 'inform-receivers.json';
/** SnmpEngineID: 5 to 32 octets (RFC 3411). */
const ENGINE_ID = /^(?:[0-9a-f]{2}){5,32}$/;

/** Whom informs are sent to. */
export interface InformReceiver {
  /** `udp:10.0.0.5:162`. */
  readonly address: string;
  /** Hexadecimal: the receiver's engine is the authoritative one, so that keys are made for it (RFC 3414 section 3.2). */
  readonly engineId: string;
}

/** A receiver as it is given: an address, and perhaps `=` and its engine ID. @throws NetmgrError `InvalidInput` */
export function parseInformReceiver(text: string): { address: string; engineId?: string } {
  const at = text.indexOf('=');
  const address = UdpAddress.parseReceiver(at < 0 ? text : text.slice(0, at)).toString();
  if (at < 0) return { address };
  const engineId = text
    .slice(at + 1)
    .replace(/^0x/i, '')
    .toLowerCase();
  if (ENGINE_ID.test(engineId)) return { address, engineId };
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `"${text.slice(at + 1)}" is no engine ID of an SNMP receiver`,
    hint: 'Write it as 10 to 64 hexadecimal digits, or leave it out with its = to have the receiver asked.',
  });
}

export interface ResolveOptions {
  /** Whether receivers are asked although they are known. */
  readonly anew?: boolean;
  /** Hears of a receiver that has to be asked and does not answer, which is then left out. */
  readonly onSilent?: (error: NetmgrError) => void;
}

/**
 * The receivers with their engine IDs: as given, else as known since an earlier start, else asked of them.
 *
 * @param stateDirectory where they are kept, so that a receiver need not answer when the agent starts
 * @throws NetmgrError `InvalidInput`, or `Unreachable` for one that has to be asked and does not answer
 */
export async function resolveInformReceivers(
  stateDirectory: string,
  texts: readonly string[],
  { anew = false, onSilent }: ResolveOptions = {},
): Promise<InformReceiver[]> {
  const given = texts.map(parseInformReceiver);
  if (given.length === 0) return [];
  const path = join(stateDirectory, FILE);
  const known = await readKnown(path);
  const receivers: InformReceiver[] = [];
  for (const { address, engineId } of given) {
    try {
      const before = engineId ?? (anew ? undefined : known.get(address));
      receivers.push({ address, engineId: before ?? (await askForEngineId(address)) });
    } catch (error) {
      if (onSilent === undefined || !(error instanceof NetmgrError)) throw error;
      onSilent(error);
    }
  }
  if (receivers.some(({ address, engineId }) => known.get(address) !== engineId)) {
    const files = new DurableFiles();
    await files.prepareDirectory(stateDirectory);
    await files.write(
      path,
      `${JSON.stringify(Object.fromEntries(receivers.map((each) => [each.address, each.engineId])))}\n`,
    );
  }
  return receivers;
}

/** A file that is damaged is none: the receivers are asked. */
async function readKnown(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    return new Map(
      Object.entries(read).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && ENGINE_ID.test(entry[1]),
      ),
    );
  } catch {
    return new Map();
  }
}

/** What asks is loaded only where somebody is to be asked. */
async function askForEngineId(address: string): Promise<string> {
  const { discoverEngine } = await import('./discover-engine.js');
  return discoverEngine(UdpAddress.parse(address));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NetmgrError, rejectionsOf, throwIfAny } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import { DurableFiles } from '../../process/durable-files.js';
import { isEngineId } from '../../units/engine-id.js';
import { UdpAddress } from '../../units/udp-address.js';

const FILE = 'inform-receivers.json';

/** Whom informs are sent to. */
export interface InformReceiver {
  /** `udp:10.0.0.5:162`. */
  readonly address: string;
  /** Hexadecimal: the receiver's engine is the authoritative one, so that keys are made for it (RFC 3414 section 3.2). */
  readonly engineId: string;
}

interface GivenReceiver {
  readonly address: string;
  readonly engineId?: string;
}

/** A receiver as it is given: an address, and perhaps `=` and its engine ID. @throws NetmgrError `InvalidInput` */
export function parseInformReceiver(text: string): GivenReceiver {
  const at = text.indexOf('=');
  const address = UdpAddress.parseReceiver(at < 0 ? text : text.slice(0, at)).toString();
  if (at < 0) return { address };
  const engineId = text
    .slice(at + 1)
    .replace(/^0x/i, '')
    .toLowerCase();
  if (isEngineId(engineId)) return { address, engineId };
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
 * @param stateDirectory where {@link rememberInformReceivers} keeps them, so that a receiver need not answer when the agent starts
 * @throws NetmgrError `InvalidInput`, or `Unreachable` for one that has to be asked and does not answer
 */
export async function resolveInformReceivers(
  stateDirectory: string,
  texts: readonly string[],
  { anew = false, onSilent }: ResolveOptions = {},
): Promise<InformReceiver[]> {
  const given = oncePerAddress(texts.map(parseInformReceiver));
  if (given.length === 0) return [];
  const known = await readKnown(join(stateDirectory, FILE));
  const asked = await Promise.allSettled(
    given.map(async ({ address, engineId }): Promise<InformReceiver> => {
      const before = engineId ?? (anew ? undefined : known.get(address));
      return { address, engineId: before ?? (await askForEngineId(address)) };
    }),
  );
  const silent = rejectionsOf(asked);
  if (onSilent === undefined) throwIfAny(silent, 'receivers of informs do not answer');
  else silent.forEach(onSilent);
  const receivers = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return receivers;
}

/** Keeps the engine IDs of receivers for which there are keys. */
export async function rememberInformReceivers(
  stateDirectory: string,
  receivers: readonly InformReceiver[],
): Promise<void> {
  const path = join(stateDirectory, FILE);
  const known = await readKnown(path);
  if (receivers.every(({ address, engineId }) => known.get(address) === engineId)) return;
  const files = new DurableFiles();
  await files.prepareDirectory(stateDirectory);
  const engineIds = Object.fromEntries(receivers.map((each) => [each.address, each.engineId]));
  await files.write(path, `${JSON.stringify(engineIds)}\n`);
}

/** @throws NetmgrError `InvalidInput` for one address with two engine IDs */
function oncePerAddress(given: readonly GivenReceiver[]): GivenReceiver[] {
  const byAddress = groupBy(given, ({ address }) => address);
  return [...byAddress].map(([address, same]) => {
    const [engineId, other] = new Set(same.flatMap((each) => each.engineId ?? []));
    if (other === undefined) return { address, ...(engineId === undefined ? {} : { engineId }) };
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `the receiver of informs at ${address} cannot have two engine IDs`,
      hint: 'Give one, or none to have the receiver asked.',
    });
  });
}

/** A file that is damaged is none: the receivers are asked. */
async function readKnown(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    return new Map(
      Object.entries(read).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && isEngineId(entry[1]),
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

import type { Run } from '../../process/run.js';
import { inScratchNamespace } from '../kernel/probe/scratch-namespace.js';
import type { ForeignQdisc, TcDevice, TcState } from '../kernel/tc/model.js';
import { parseRoot, remakeCandidates, sameRoot, type PrintedRoot } from '../kernel/tc/remake.js';
import { expectInterfaceName } from '../kernel/names.js';
import { inTheWay } from '../kernel/tc/write.js';
import type { HostReading } from './host-state.js';

const TRIAL_DEVICE = 'nmtrial0';

/**
 * Finds out how the root qdiscs of others that are in the way can be made again, by making each of them again in a
 * scratch namespace and comparing all that tc says of the two. Only what can be made again may be replaced.
 *
 * @returns the reading with what was found
 */
export async function findRemakes(run: Run, reading: HostReading, wanted: TcState): Promise<HostReading> {
  const devices = new Map(reading.tc.devices);
  for (const [vif, tree] of wanted) {
    const present = devices.get(vif);
    if (present === undefined || !inTheWay(present, tree).some(({ at }) => at === 'root')) continue;
    devices.set(vif, await withRemake(run, present));
  }
  return { ...reading, tc: { ...reading.tc, devices }, state: { ...reading.state, tc: devices } };
}

async function withRemake(run: Run, device: TcDevice): Promise<TcDevice> {
  const remake = await findRemake(run, device.vif);
  if (remake === undefined) return device;
  const foreign = device.foreign.map((one): ForeignQdisc => (one.at === 'root' ? { ...one, remake } : one));
  return { ...device, foreign };
}

async function findRemake(run: Run, vif: string): Promise<string | undefined> {
  const name = expectInterfaceName(vif);
  const root = await readRoot(run, [], name);
  if (root === undefined) return undefined;
  const candidates = remakeCandidates(root);
  if (candidates.length === 0) return undefined;
  const { stdout } = await run(['tc', '-j', 'filter', 'show', 'dev', name]);
  if (!/^(\[\s*\])?$/.test(stdout.trim())) return undefined;
  return inScratchNamespace(run, async (namespace) => {
    const inside = ['-n', namespace] as const;
    await run(['ip', ...inside, 'link', 'add', TRIAL_DEVICE, 'type', 'veth', 'peer', 'name', 'nmtrial1']);
    for (const candidate of candidates) {
      // What a change does not name stays: each begins with nothing.
      const input = `qdisc replace dev ${TRIAL_DEVICE} root pfifo\nqdisc replace dev ${TRIAL_DEVICE} root handle ${root.handle} ${root.kind} ${candidate}\n`;
      const { exitCode } = await run(['tc', ...inside, '-batch', '-'], { input, accept: [0, 1, 2] });
      const made = exitCode === 0 ? await readRoot(run, inside, TRIAL_DEVICE) : undefined;
      if (made !== undefined && sameRoot(made, root)) return candidate;
    }
    return undefined;
  });
}

async function readRoot(
  run: Run,
  inside: readonly string[],
  device: string,
): Promise<PrintedRoot | undefined> {
  const show = ['qdisc', 'show', 'dev', device];
  const { stdout: json } = await run(['tc', ...inside, '-j', ...show]);
  const { stdout: text } = await run(['tc', ...inside, ...show]);
  return parseRoot(json, text);
}

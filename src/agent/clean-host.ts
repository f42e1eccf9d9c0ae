import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { failuresOf, NetmgrError } from '../errors.js';
import { Configuration } from '../mib/configuration.js';
import { DurableFiles } from '../process/durable-files.js';
import { run } from '../process/run.js';
import { claimHost } from './claim-host.js';
import { claimStateDirectory } from './claim-state-directory.js';
import type { Drift } from './drift/drift.js';
import { isolationDifferences } from './drift/isolation-differences.js';
import { machineDifferences } from './drift/machine-differences.js';
import { overlayDifferences } from './drift/overlay-differences.js';
import { shapingDifferences } from './drift/shaping-differences.js';
import { bringHost } from './host/bring-host.js';
import { desiredState } from './host/desired-state.js';
import type { Attempt, HostParts } from './host/host-parts.js';
import type { HostDifference } from './host/examination.js';
import { Originals } from './host/originals.js';
import { readHost, readLinksByName } from './host/read-host.js';
import type { Link } from './kernel/ip/links.js';
import { probeCapabilities } from './kernel/probe/probe.js';
import type { MachineOptions } from './machines/machine-kinds.js';
import { makeDriver } from './machines/make-driver.js';
import { endLeftovers } from './processes/end-leftovers.js';
import { markedRun } from './processes/marked-run.js';
import { DEFAULT_SETTINGS } from './store/agent-state.js';
import { readBootClock } from './store/boot-clock.js';
import { StateStore } from './store/state-store.js';

export interface CleanOptions extends MachineOptions {
  /** An absolute path. */
  readonly stateDirectory: string;
  /** Only looks. */
  readonly dryRun: boolean;
}

export interface CleanReport {
  /** What of netmgr there was, in words. */
  readonly found: readonly string[];
  /** What could not be read or removed. */
  readonly failures: readonly NetmgrError[];
  /** What of the state directory was damaged, and where it lies now. */
  readonly damage: readonly string[];
}

const NOTHING = { configuration: new Configuration(), label: '' };

/**
 * Removes everything from this host that bears netmgr's mark, puts back what netmgr had replaced, and has the next
 * agent know that nothing runs here. It needs no snmpd and no manager; what fails does not stop the rest.
 *
 * @throws NetmgrError `Conflict` if an agent runs on the host or in the state directory, `InvalidInput` if it is no directory
 */
export async function cleanHost(options: CleanOptions, log: Logger): Promise<CleanReport> {
  const { stateDirectory, dryRun } = options;
  await expectDirectory(stateDirectory);
  if (dryRun) return clean(options);
  const giveUpHost = await claimHost();
  let unclaimed: NetmgrError[] = [];
  const giveUp = await claimStateDirectory(stateDirectory).catch((error: unknown) => {
    unclaimed = failuresOf(error);
    // A directory that cannot be written holds no agent off either.
    if (unclaimed.some(({ kind }) => kind !== 'AccessDenied')) throw error;
    return () => Promise.resolve();
  });
  try {
    for (const { pid, name } of await endLeftovers(stateDirectory)) {
      log.warn({ pid, name }, 'ended what an agent left running');
    }
    const report = await clean(options);
    return { ...report, failures: [...unclaimed, ...report.failures] };
  } finally {
    giveUpHost();
    await giveUp();
  }
}

/** One that is not there is none that would be something else. */
async function expectDirectory(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: 'the state directory is no directory',
    subject: path,
    hint: 'Give the one of the agent, by default /var/lib/netmgr.',
  });
}

async function clean(options: CleanOptions): Promise<CleanReport> {
  const { stateDirectory, dryRun } = options;
  const failures: NetmgrError[] = [];
  const attempt: Attempt = async (what, work, otherwise) => {
    try {
      return await work();
    } catch (error) {
      failures.push(...failuresOf(error).map((failure) => about(what, failure)));
      return otherwise();
    }
  };
  const marked = markedRun(run, stateDirectory);
  const probe = await probeCapabilities(marked);
  const files = new DurableFiles();
  const { originals, damage } = await attempt(
    'originals',
    () => Originals.load(stateDirectory, files, readBootClock, dryRun),
    () => ({ originals: Originals.unknown(stateDirectory, files), damage: [] }),
  );
  const parts: HostParts = {
    run: marked,
    probe,
    machines: makeDriver(options, marked, stateDirectory),
    originals,
  };
  const scope = { vifs: [], machines: new Set<string>(), tolerant: true, everywhere: true };
  const links = await attempt(
    'interfaces',
    () => readLinksByName(marked),
    () => new Map<string, Link>(),
  );
  const reading = await readHost(parts, links, scope, attempt);
  const desired = desiredState(NOTHING.configuration, reading, originals);
  const found = wordsOf({ reading, desired });
  if (dryRun) return { found, failures, damage };
  // An agent that is started before this is done goes on with it. What cannot be forgotten is removed all the same.
  const forgotten = await attempt<readonly string[]>(
    stateDirectory,
    () => forget(new StateStore(stateDirectory, files)),
    () => [],
  );
  await bringHost(parts, reading, desired, attempt);
  return { found, failures, damage: [...damage, ...forgotten] };
}

/** What differs from a host without netmgr. */
function wordsOf(examination: HostDifference): string[] {
  const { configuration } = NOTHING;
  const drifts: Drift[] = [
    ...shapingDifferences(configuration, examination),
    ...isolationDifferences(examination),
    ...overlayDifferences(configuration, examination),
    ...insideDifferences(examination),
  ];
  return drifts.map(({ text }) => text);
}

function insideDifferences(examination: HostDifference): Drift[] {
  const machines = examination.reading.state.machines.keys();
  return [...machineDifferences(NOTHING.configuration, examination, machines).values()].flat();
}

/** @returns what was damaged */
async function forget(store: StateStore): Promise<readonly string[]> {
  const { state, damage } = await store.load();
  const generation = (state?.generation ?? 0) + 1;
  await store.save({
    phase: { name: 'idle' },
    running: NOTHING,
    previous: NOTHING,
    generation,
    confirmedGeneration: generation,
    runningTime: new Date(),
    last: { action: 'none', digest: '', result: 'none' },
    settings: state?.settings ?? DEFAULT_SETTINGS,
  });
  return damage;
}

function about(what: string, { kind, message, subject, hint, cause }: NetmgrError): NetmgrError {
  return new NetmgrError({ kind, message, subject: subject ?? what, hint, cause });
}

import type { Logger } from 'pino';
import { NETEMU_MIB, VM_MIB_CAPABILITIES, VM_OBJECTS } from '../mib/objects.js';
import { DurableFiles, type Checkpoint } from '../process/durable-files.js';
import { run, type Run } from '../process/run.js';
import { UdpAddress } from '../units/udp-address.js';
import { aboutHost, agentMib } from './agent-mib.js';
import type { AgentOptions, PrivateSnmpd } from './agent-options.js';
import { Subagent } from './agentx/subagent.js';
import { claimHost } from './claim-host.js';
import { claimStateDirectory } from './claim-state-directory.js';
import { DriftWatch } from './drift/drift-watch.js';
import { LinuxKernel } from './host/linux-kernel.js';
import { Originals } from './host/originals.js';
import { probeCapabilities } from './kernel/probe/probe.js';
import { makeDriver } from './machines/make-driver.js';
import { Probes } from './probes/probes.js';
import { endLeftovers } from './processes/end-leftovers.js';
import { giveBackMemory } from './processes/give-back-memory.js';
import { markedRun } from './processes/marked-run.js';
import { SessionLog } from './session-log.js';
import { checkSocketPath } from './snmpd/snmpd-words.js';
import { startCommits } from './start-commits.js';
import { startMaster, startPrivate, type Master } from './start-master.js';
import { readBootClock } from './store/boot-clock.js';
import type { MibView } from './tables/mib-view.js';

/** An agent that runs. */
export interface RunningAgent {
  /** Of its private snmpd, hexadecimal. */
  readonly engineId?: string;
  /**
   * Fulfils when managers reach the agent: the system's snmpd may come late, and the agent does all else meanwhile. Never
   * rejects.
   */
  readonly registered: Promise<void>;
  /** Ends the agent and its private snmpd; the emulated network stays as it is. */
  stop(): Promise<void>;
}

/** By what an agent changes the world; whoever replaces it sees, delays or ends each step. */
export interface Effects {
  readonly run: Run;
  /** Heard before each step that is no command. */
  readonly checkpoint: Checkpoint;
}

/** What netemuVmMibCapabilities says, as a sysORDescr of at most 255 characters. */
const VM_MIB_SERVED =
  'VM-MIB (RFC 7666), read-only: vmHypervisorGroup, vmNetworkGroup and vmVirtualMachineGroup, without instances of ' +
  'columns whose value is not known. Not vmCpuGroup, vmCpuAffinityGroup, vmStorageGroup; no notifications.';

/** Milliseconds in which a private snmpd, which answers already, takes the agent. */
const OWN_SNMPD_TIMEOUT = 60_000;

const REAL_EFFECTS: Effects = { run, checkpoint: () => undefined };

/**
 * Creates the SNMP users of an agent: its private snmpd runs once, so that it keeps keys instead of secrets.
 *
 * @throws NetmgrError if the secrets are missing or snmpd cannot run as it is set up
 */
export async function installAgent(
  options: AgentOptions,
  snmpd: PrivateSnmpd,
  log: Logger,
): Promise<{ engineId: string }> {
  const giveUp = await claimStateDirectory(options.stateDirectory);
  try {
    const master = await startPrivate(options, snmpd, log);
    const { engineId } = master;
    await master.stop();
    return { engineId };
  } finally {
    await giveUp();
  }
}

/**
 * Starts an agent: leads the host to what it knows to run there, starts the private snmpd if it is to have one, and serves
 * NETEMU-MIB and VM-MIB through it or the system's.
 *
 * @throws NetmgrError that says what is missing on this host
 */
export async function startAgent(
  options: AgentOptions,
  version: string,
  log: Logger,
  effects: Effects = REAL_EFFECTS,
): Promise<RunningAgent> {
  if (options.snmpd.kind === 'private') UdpAddress.parse(options.snmpd.listen);
  else checkSocketPath(options.snmpd.agentxSocket, 'path');
  const giveUpHost = await claimHost();
  const giveUpDirectory = await claimStateDirectory(options.stateDirectory).catch((error: unknown) => {
    giveUpHost();
    throw error;
  });
  const giveUp = async (): Promise<void> => {
    giveUpHost();
    await giveUpDirectory();
  };
  try {
    const running = await startClaimed(options, version, log, effects);
    return { ...running, stop: () => running.stop().finally(giveUp) };
  } catch (error) {
    await giveUp();
    throw error;
  }
}

/** The same on a host and in a state directory that nobody else uses. */
async function startClaimed(
  options: AgentOptions,
  version: string,
  log: Logger,
  { run: runCommand, checkpoint }: Effects,
): Promise<RunningAgent> {
  const { stateDirectory } = options;
  const logged: Run = (argv, runOptions) =>
    markedRun(runCommand, stateDirectory)(argv, {
      ...runOptions,
      onCommand: (command, input) => {
        log.debug({ command, input }, 'run');
      },
    });
  // Before anything is read: what goes on writing would not be seen.
  for (const { pid, name } of await endLeftovers(stateDirectory)) {
    log.warn({ pid, name }, 'ended what an earlier agent left running');
  }
  const probe = await probeCapabilities(logged);
  for (const [capability, advice] of probe.missing) log.warn({ capability, advice }, 'not on this host');

  const files = new DurableFiles(checkpoint);
  const driver = makeDriver(options, logged, stateDirectory);
  const { originals, damage } = await Originals.load(stateDirectory, files, readBootClock);
  const kernel = new LinuxKernel({ run: logged, driver, probe, originals, checkpoint });
  const parts: { master?: Master; drift?: DriftWatch; subagent?: Subagent } = {};
  const commit = await startCommits({
    ...{ stateDirectory, files, kernel, log, damage },
    onActionEnd: () => parts.drift?.actionEnded(),
  });
  const { actions, datastore } = commit;
  const now = (): number => parts.subagent?.sysUpTime() ?? 0;
  const probes = new Probes({
    machines: kernel.machines,
    running: () => datastore.running.configuration,
    sysUpTime: now,
  });
  const endGivingBack = giveBackMemory();
  const stop = async (): Promise<void> => {
    endGivingBack();
    await parts.drift?.stop();
    await probes.stop();
    await actions.settled();
    actions.close();
    parts.subagent?.close();
    await parts.master?.stop();
  };
  try {
    const master = await startMaster(options, log);
    parts.master = master;
    const about = aboutHost(options.name, version, driver, probe);
    const drift = new DriftWatch({
      ...{ commit, kernel, driver, stateDirectory, now, log },
      send: async ({ oid, varBinds }) => parts.subagent?.notify(oid, varBinds),
    });
    parts.drift = drift;
    const view = agentMib(commit, kernel, drift, probes, about, now, (err) => {
      log.warn({ err }, 'the state tables are empty: the kernel could not be read');
    });
    const isPrivate = options.snmpd.kind === 'private';
    const sessions = new SessionLog(log, options.snmpd.kind === 'system' ? options.snmpd : undefined);
    parts.subagent = serve(view, drift, master, `netmgr agent ${version} of ${options.name}`, log, sessions);
    const registered = parts.subagent.connected(isPrivate ? OWN_SNMPD_TIMEOUT : undefined);
    if (isPrivate) await registered;
    if (commit.recovered) drift.actionEnded();
    drift.start();
    return { ...(master.engineId === undefined ? {} : { engineId: master.engineId }), registered, stop };
  } catch (error) {
    // The commits work by themselves already: nobody would know of it.
    await stop();
    throw error;
  }
}

function serve(
  view: MibView,
  drift: DriftWatch,
  master: Master,
  description: string,
  log: Logger,
  sessions: SessionLog,
): Subagent {
  return new Subagent({
    socketPath: master.agentxSocket,
    // One registration for all of NETEMU-MIB: snmpd sends what lies below two of them as two transactions.
    registrations: [{ subtree: [...NETEMU_MIB, 1] }, { subtree: VM_OBJECTS }],
    capabilities: [{ id: VM_MIB_CAPABILITIES, description: VM_MIB_SERVED }],
    handler: view,
    id: NETEMU_MIB,
    description,
    onError: (error) => {
      log.error({ err: error }, 'a request failed');
    },
    onConnected: () => {
      sessions.connected();
      drift.connected();
    },
    onDisconnected: (reason) => {
      sessions.disconnected(reason);
    },
  });
}

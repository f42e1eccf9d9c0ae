import { release, type } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorTable } from '../mib/error-table.js';
import { cfgScalars, type CfgScalars } from '../mib/cfg-scalars.js';
import { hostScalars, type Backend } from '../mib/host-scalars.js';
import { linkStateTable } from '../mib/link-state-table.js';
import { NETEMU_MIB, NETEMU_STATE } from '../mib/objects.js';
import { summaryScalars } from '../mib/summary-scalars.js';
import { configTables } from '../mib/tables.js';
import { vifStateTable } from '../mib/vif-state-table.js';
import { run, type Run } from '../process/run.js';
import { Subagent } from './agentx/subagent.js';
import type { AgentOptions } from './agent-options.js';
import { claimStateDirectory } from './claim-state-directory.js';
import { Actions } from './config/actions.js';
import { Datastore } from './config/datastore.js';
import { LinuxKernel } from './config/linux-kernel.js';
import { OwnerLock } from './config/owner-lock.js';
import { probeCapabilities } from './kernel/probe/probe.js';
import { NamespaceMachines } from './machines/namespace-machines.js';
import { readUsers, recallUsers, rememberUsers } from './agent-users.js';
import { startSnmpd, type SnmpdMaster } from './snmpd/snmpd-master.js';
import { ConfigWriter } from './tables/config-writer.js';
import { errorEntries } from './tables/error-entries.js';
import { MibView } from './tables/mib-view.js';
import { ScalarSource } from './tables/scalar-source.js';
import { StateSnapshot } from './tables/state-snapshot.js';
import { TableSource } from './tables/table-source.js';

/** An agent that runs. */
export interface RunningAgent {
  /** Of its snmpd, hexadecimal. */
  readonly engineId: string;
  /** Ends the agent and its snmpd; the emulated network stays as it is. */
  stop(): Promise<void>;
}

/**
 * Creates the SNMP users of an agent: its snmpd runs once, so that it keeps keys instead of secrets.
 *
 * @throws NetmgrError if the secrets are missing or snmpd cannot run as it is set up
 */
export async function installAgent(options: AgentOptions, log: Logger): Promise<{ engineId: string }> {
  const giveUp = await claimStateDirectory(options.stateDirectory);
  const master = await startMaster(options, log);
  const { engineId } = master;
  await master.stop();
  await giveUp();
  return { engineId };
}

/**
 * Starts an agent: probes the kernel, starts the private snmpd, and serves NETEMU-MIB through it.
 *
 * @throws NetmgrError that says what is missing on this host
 */
export async function startAgent(options: AgentOptions, version: string, log: Logger): Promise<RunningAgent> {
  const logged: Run = (argv, runOptions) =>
    run(argv, {
      ...runOptions,
      onCommand: (command, input) => {
        log.debug({ command, input }, 'run');
      },
    });
  const giveUp = await claimStateDirectory(options.stateDirectory);
  // Before snmpd, which would have to be ended again if this failed.
  const probe = await probeCapabilities(logged);
  const master = await startMaster(options, log);
  for (const [capability, advice] of probe.missing) log.warn({ capability, advice }, 'not on this host');

  const machines = new NamespaceMachines(logged);
  const kernel = new LinuxKernel(logged, machines, probe);
  const datastore = new Datastore();
  const clock: { subagent?: Subagent; candidateChange: number; runningChange: number } = {
    candidateChange: 0,
    runningChange: 0,
  };
  const now = (): number => clock.subagent?.sysUpTime() ?? 0;
  const lock = new OwnerLock(
    () => {
      datastore.discard();
    },
    () => actions.isBusy,
  );
  const actions = new Actions(datastore, kernel, () => {
    lock.release();
  });
  const snapshot = new StateSnapshot(kernel, datastore, actions, now);
  const writer = new ConfigWriter(datastore, lock, actions, () => {
    clock.candidateChange = now();
  });

  let generation = datastore.generation;
  const cfg = (): CfgScalars => {
    if (generation !== datastore.generation) {
      generation = datastore.generation;
      clock.runningChange = now();
    }
    return {
      owner: lock.owner,
      ownerTimeout: lock.timeout,
      action: actions.action,
      expectedDigest: actions.expectedDigest,
      label: datastore.label,
      state: actions.state,
      result: actions.result,
      resultText: actions.resultText,
      errorCount: actions.problems.length,
      progress: actions.isBusy ? 0 : 100,
      candidateDigest: datastore.candidate.digest(),
      runningDigest: datastore.running.digest(),
      previousDigest: datastore.previous.digest(),
      runningLabel: datastore.runningLabel,
      generation: datastore.generation,
      candidateLastChange: clock.candidateChange,
      runningLastChange: clock.runningChange,
      lastDuration: actions.lastDuration,
    };
  };
  const about = {
    name: options.name,
    agentVersion: version,
    kernel: `${type()} ${release()}`,
    backends: new Set<Backend>([machines.backend]),
    capabilities: new Set([...probe.capabilities, ...machines.capabilities]),
  };
  const view = new MibView(
    [
      new ScalarSource(hostScalars, () => about),
      new ScalarSource(cfgScalars, cfg),
      new ScalarSource(summaryScalars, () => snapshot.summary),
      new TableSource(errorTable, () => errorEntries(actions.problems)),
      ...configTables.map((table) => new TableSource(table, () => datastore.candidate.entries(table))),
      new TableSource(vifStateTable, () => snapshot.vifs),
      new TableSource(linkStateTable, () => snapshot.links),
    ],
    writer,
    NETEMU_STATE,
    () => snapshot.refresh(),
  );
  const subagent = new Subagent({
    socketPath: master.agentxSocket,
    // One registration for all: snmpd sends what lies below two of them as two transactions.
    registrations: [{ subtree: [...NETEMU_MIB, 1] }],
    handler: view,
    id: NETEMU_MIB,
    description: `netmgr agent ${version} of ${options.name}`,
    onError: (error) => {
      log.error({ err: error }, 'a request failed');
    },
    onConnected: () => {
      log.info('registered with snmpd');
    },
    onDisconnected: (reason) => {
      log.warn({ reason: reason.message }, 'the session with snmpd ended; trying again');
    },
  });
  clock.subagent = subagent;
  try {
    await subagent.connected();
  } catch (error) {
    subagent.close();
    await master.stop();
    throw error;
  }
  return {
    engineId: master.engineId,
    stop: async () => {
      await actions.settled();
      subagent.close();
      await master.stop();
      await giveUp();
    },
  };
}

async function startMaster(options: AgentOptions, log: Logger): Promise<SnmpdMaster> {
  const { stateDirectory, secretsFile } = options;
  const users = secretsFile === undefined ? await recallUsers(stateDirectory) : await readUsers(secretsFile);
  if (secretsFile !== undefined) await rememberUsers(stateDirectory, users);
  return startSnmpd({
    stateDirectory: join(options.stateDirectory, 'snmpd'),
    address: options.listen,
    ...users,
    sysName: options.name,
    log: {
      debug: (message) => {
        log.debug({ snmpd: message }, 'snmpd');
      },
      warn: (message) => {
        log.warn({ snmpd: message }, 'snmpd');
      },
    },
  });
}

import { NetmgrError } from '../../errors.js';
import type { EnvironmentComponent } from '../components/environment-component.js';
import type { RealEnvironment } from '../model/real-environment.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { AgentSession } from '../snmp/agent-session.js';
import { SnmpProber } from '../snmp/snmp-prober.js';
import { inspectHost, type HostInspection } from './inspect-host.js';
import type { VerifyReport } from './verify-report.js';
import { nothingMeasured, verifyNetwork, type VerifySettings } from './verify-network.js';

/**
 * Has the agents look at their hosts, and then probe from inside their machines.
 *
 * @param sessions one for each host of the environment, in their order
 * @throws NetmgrError `Unreachable` if no agent answers at all, `NotApplied` if the signal came
 */
export async function verifyEnvironment(
  real: RealEnvironment,
  virtual: VirtualEnvironment,
  environment: EnvironmentComponent,
  sessions: readonly AgentSession[],
  settings: VerifySettings,
): Promise<VerifyReport> {
  const started = performance.now();
  settings.onStage(`hosts: ${String(sessions.length)}`);
  const asked = environment.hosts.flatMap((host, i) => {
    const session = sessions[i];
    return session === undefined ? [] : [{ host, session }];
  });
  const hosts = await Promise.all(asked.map(({ host, session }) => inspectHost(host, session)));
  const answering = asked.filter((_, i) => hosts[i]?.errors.length === 0);
  if (answering.length === 0) {
    throw (
      hosts.flatMap(({ errors }) => errors)[0] ??
      new NetmgrError({ kind: 'InvalidInput', message: 'the real file has no hosts' })
    );
  }
  // What is measured of another network than the files want tells nothing of theirs.
  if (hosts.some(({ runsWanted }) => runsWanted === false)) {
    const seconds = (performance.now() - started) / 1000;
    return { environment: environment.name, hosts, ...nothingMeasured(virtual), isMeasured: false, seconds };
  }
  const agents = new Map(answering.map(({ host, session }) => [host.path, session.snmp] as const));
  const prober = new SnmpProber(agents, settings.signal);
  try {
    const network = await verifyNetwork(real, virtual, prober, settings);
    // Once more: what an agent found may have been a second old, and something may have changed since.
    const inspected = new Map(
      await Promise.all(
        answering.map(async ({ host, session }) => [host.path, await inspectHost(host, session)] as const),
      ),
    );
    const seconds = (performance.now() - started) / 1000;
    return {
      environment: environment.name,
      hosts: hosts.map((before) => withEarlierDrift(before, inspected.get(before.host))),
      ...{ ...network, isMeasured: true, seconds },
    };
  } finally {
    await prober.end();
  }
}

/** What an agent has repaired meanwhile was measured before. */
function withEarlierDrift(before: HostInspection, after: HostInspection | undefined): HostInspection {
  if (after === undefined) return before;
  const known = new Set(after.drift.map(({ text }) => text));
  return { ...after, drift: [...before.drift.filter(({ text }) => !known.has(text)), ...after.drift] };
}

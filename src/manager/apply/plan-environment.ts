import { driftTable } from '../../mib/drift-table.js';
import { Configuration } from '../../mib/configuration.js';
import type { HostComponent } from '../components/host-component.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { planHosts, type HostChanges } from '../plan/plan-host.js';
import { readCommands, type AgentCommand } from '../snmp/read-commands.js';
import { readTable } from '../snmp/read-table.js';
import { claimAll, keepingOpen, LONGEST_STEP_BACK, releaseAll } from './claim.js';
import { throwIfInterrupted } from './interruption.js';
import { observeAll } from './observe-all.js';
import { onAll } from './on-all.js';
import type { Participant } from './participant.js';
import { prepare } from './prepare.js';
import type { TransactionContext } from './transaction.js';
import { pause } from './wait-until-free.js';

/** What a plan is made with. */
export interface PlanContext extends Pick<TransactionContext, 'environment' | 'settings' | 'signal'> {
  /** Whether agents are asked for the commands that a commit would run. */
  readonly commands: boolean;
}

/** What apply would do on one host. */
export interface HostPlan extends HostChanges {
  /** Of what the host runs. */
  readonly runningDigest: Uint8Array;
  /** What of the kernel differs from what the agent runs, and would be repaired. */
  readonly repairs: readonly string[];
  /** Nobody has decided about what the host runs: apply keeps it for good, or takes it back first. */
  readonly isUnconfirmed: boolean;
  /** The host stands between two configurations, and would be led all the way back first. */
  readonly isHalfway: boolean;
  /** What the agent would run, if that was asked for. */
  readonly commands?: readonly AgentCommand[];
}

const NOT_PLANNED = 'there is no plan: no host was changed';

/**
 * Asks all agents what apply would do: what is wanted is written to their candidates, validated and dropped. What runs is
 * not touched. Where nothing is to do, each host costs one GET.
 *
 * @throws NetmgrError or ApplyError with what stands in the way of an apply
 */
export async function planEnvironment(
  participants: readonly Participant<HostComponent>[],
  virtual: VirtualEnvironment | undefined,
  context: PlanContext,
): Promise<HostPlan[]> {
  const { environment, settings, signal } = context;
  const sessions = participants.map(({ session }) => session);
  // Of each host a plan says what of its kernel would be repaired.
  const observing = { wait: settings.wait, signal };
  for (;;) {
    await observeAll(participants, observing, NOT_PLANNED);
    throwIfInterrupted(signal);
    const pending = participants.filter(({ runsWanted }) => !runsWanted);
    if (pending.length === 0) break;
    if (!(await claimAll(sessions, { label: environment, ...settings }, settings.wait))) {
      await pause(Math.random() * LONGEST_STEP_BACK, signal);
      continue;
    }
    try {
      await keepingOpen(sessions, settings.ownerTimeout, () => validateAll(pending, context));
      break;
    } finally {
      await releaseAll(sessions);
    }
  }
  const changes = planHosts(
    participants.map(({ wanted, observed, runsWanted }) => ({
      wanted,
      observed: runsWanted ? wanted.configuration : (observed ?? new Configuration()),
    })),
    virtual,
  );
  return Promise.all(changes.map((own, i) => withRepairs(own, participants[i])));
}

async function validateAll(
  participants: readonly Participant<HostComponent>[],
  { environment, settings, commands }: PlanContext,
): Promise<void> {
  await onAll(
    participants,
    async (participant) => {
      const { wanted, session, onStep } = participant;
      // Nobody else can change it any more.
      participant.before = await session.examine();
      const { observed } = await prepare(wanted, session, { label: environment, ...settings }, onStep);
      participant.observed = observed;
      if (commands) participant.commands = await readCommands(session.snmp);
    },
    NOT_PLANNED,
  );
}

async function withRepairs(
  changes: HostChanges,
  participant: Participant<HostComponent> | undefined,
): Promise<HostPlan> {
  if (participant === undefined) throw new Error(`${changes.host} was not asked`);
  const { session, before, isUnconfirmed, isHalfway, commands } = participant;
  const drift = participant.drift === 0 ? [] : await readTable(session.snmp, driftTable);
  return {
    ...changes,
    runningDigest: before.runningDigest,
    repairs: drift.map(({ vif, text }) => (text.includes(vif) ? text : `${vif}: ${text}`)),
    ...{ isUnconfirmed, isHalfway },
    ...(commands === undefined ? {} : { commands }),
  };
}

import { NetmgrError, throwIfAny } from '../../errors.js';
import type { AgentAddress } from '../snmp/snmp-error.js';
import { heldBy } from '../snmp/held-by.js';
import type { ApplyListener } from './apply-listener.js';
import { sameAgent, type StoredDecision } from './decision.js';
import type { DecisionStore } from './decision-store.js';
import { whatWasDecided } from './what-was-decided.js';
import { pause, POLL, type Waiting } from './wait-until-free.js';

/**
 * The decisions about one of the agents that nobody carries out any more.
 *
 * @param onCarriedOut hears of what another manager does that lives, even if it stands still
 */
export async function abandonedDecisions(
  store: DecisionStore,
  agents: readonly AgentAddress[],
  onCarriedOut: (warning: NetmgrError) => void,
): Promise<StoredDecision[]> {
  const { abandoned, carriedOut } = await sortedOut(store, agents);
  for (const decision of carriedOut) onCarriedOut(notDoneYet(decision, agents));
  return abandoned;
}

/**
 * The same, once no manager of this machine carries out one about these agents: what a manager that stands still has
 * decided is its own until it ends, even when the hosts have forgotten its session.
 *
 * @throws NetmgrError `Conflict` that names the other manager, if it is not to be waited for
 */
export async function awaitDecisions(
  store: DecisionStore,
  agents: readonly AgentAddress[],
  { wait, signal }: Waiting,
  onStep: ApplyListener,
): Promise<StoredDecision[]> {
  for (let said = ''; ;) {
    const { abandoned, carriedOut } = await sortedOut(store, agents);
    const [first] = carriedOut;
    if (first === undefined) return abandoned;
    const hosts = carriedOut.flatMap((decision) =>
      hostsAmong(decision, agents).map(({ agent, owner }) => ({ agent, owner, process: decision.process })),
    );
    if (!wait) {
      throwIfAny(
        hosts.map(({ agent, owner, process }) => atWork(owner, agent.host, process?.pid)),
        'nothing was applied',
      );
    }
    if (first.path !== said) for (const { agent, owner } of hosts) onStep(agent.host, `wait for ${owner}`);
    said = first.path;
    await pause(POLL, signal);
  }
}

async function sortedOut(
  store: DecisionStore,
  agents: readonly AgentAddress[],
): Promise<{ readonly abandoned: StoredDecision[]; readonly carriedOut: StoredDecision[] }> {
  const abandoned: StoredDecision[] = [];
  const carriedOut: StoredDecision[] = [];
  for (const decision of await store.read()) {
    if (hostsAmong(decision, agents).length === 0) continue;
    ((await store.isCarriedOut(decision)) ? carriedOut : abandoned).push(decision);
  }
  return { abandoned, carriedOut };
}

/** The hosts of a decision that are among the agents, by the names that these have. */
function hostsAmong({ hosts }: StoredDecision, agents: readonly AgentAddress[]): StoredDecision['hosts'] {
  return hosts.flatMap((host) => {
    const agent = agents.find((each) => sameAgent(each, host.agent));
    return agent === undefined ? [] : [{ ...host, agent }];
  });
}

function atWork(owner: string, hostName: string, pid: number | undefined): NetmgrError {
  const { kind, message, subject } = heldBy(owner, hostName);
  return new NetmgrError({ kind, message, subject, hint: ifItStandsStill(pid) });
}

function notDoneYet(decision: StoredDecision, agents: readonly AgentAddress[]): NetmgrError {
  const { manager, environment, time } = decision;
  return new NetmgrError({
    kind: 'Conflict',
    message: `${manager} has decided ${whatWasDecided(environment)} (${time.toISOString()}) and is not done yet`,
    subject: hostsAmong(decision, agents)
      .map(({ agent }) => agent.host)
      .join(', '),
    hint: ifItStandsStill(decision.process?.pid),
  });
}

const ifItStandsStill = (pid: number | undefined): string =>
  `Wait until it is done. If it stands still, continue process ${String(pid)} or end it: the next apply completes what it has decided.`;

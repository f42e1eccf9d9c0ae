import type { LastingIdentity } from '../../process/process-identity.js';
import type { Configuration } from '../../mib/configuration.js';
import { sameOctets } from '../snmp/action-outcome.js';
import type { CommitStatus } from '../snmp/agent-status.js';
import type { AgentAddress } from '../snmp/snmp-error.js';

/** One host of a decision. */
export interface DecidedHost {
  readonly agent: AgentAddress;
  /** The session under which it was committed, to be gone on with. */
  readonly owner: string;
  readonly label: string;
  /** Whether root qdiscs of others may be replaced. */
  readonly takeOver: boolean;
  readonly configuration: Configuration;
  /** Of the configuration that it goes back to by itself. */
  readonly previousDigest: Uint8Array;
  /** What had been confirmed before; it changes as soon as somebody agrees to something. */
  readonly confirmedGeneration: number;
}

/** That all hosts are to keep what they have committed, as it is taken once all of them had. */
export interface NewDecision {
  readonly time: Date;
  /** Who took it. */
  readonly manager: string;
  /** The name of the virtual environment. */
  readonly environment: string;
  readonly hosts: readonly DecidedHost[];
}

/** The same while it is carried out. */
export interface Decision extends NewDecision {
  /** Who carries it out, for as long as that process runs; undefined: nobody any more. */
  readonly process: LastingIdentity | undefined;
  /** Those that do not keep to it yet, as far as is known. */
  readonly hosts: readonly DecidedHost[];
  /** Those that do; whether somebody has led one of them elsewhere since tells what the others are to do. */
  readonly finished: readonly DecidedHost[];
}

/** A decision on the disk. */
export interface StoredDecision extends Decision {
  /** Orders the decisions of one directory; clocks are set back. */
  readonly sequence: number;
  readonly path: string;
}

/** An agent by where it is: its name is the file's, and another file may have another. */
export function sameAgent(a: AgentAddress, b: AgentAddress): boolean {
  return a.address === b.address && a.port === b.port;
}

/**
 * Whether a host has gone back from what was decided, to what it ran before, and nobody has agreed to that since: not
 * even an apply that found nothing else to do.
 */
export function hasGoneBack(
  { runningDigest, confirmedGeneration }: CommitStatus,
  decided: DecidedHost,
): boolean {
  return (
    sameOctets(runningDigest, decided.previousDigest) && confirmedGeneration === decided.confirmedGeneration
  );
}

/** Decisions in their order, without the hosts about which a later one was taken. */
export function inForce(ordered: readonly StoredDecision[]): StoredDecision[] {
  return ordered.map((decision, i) => {
    const later = ordered.slice(i + 1).flatMap(({ hosts, finished }) => [...hosts, ...finished]);
    const agents = later.map(({ agent }) => agent);
    const { hosts, finished } = decision;
    return { ...decision, hosts: withoutAgents(hosts, agents), finished: withoutAgents(finished, agents) };
  });
}

export function withoutAgents(
  hosts: readonly DecidedHost[],
  agents: readonly AgentAddress[],
): readonly DecidedHost[] {
  return hosts.filter(({ agent }) => !agents.some((other) => sameAgent(agent, other)));
}

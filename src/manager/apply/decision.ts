import type { Configuration } from '../../mib/configuration.js';
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
}

/** That all hosts are to keep what they have committed, taken once all of them had. */
export interface Decision {
  readonly time: Date;
  /** Who took it. */
  readonly manager: string;
  /** The name of the virtual environment. */
  readonly environment: string;
  /** Those that have not confirmed, as far as is known. */
  readonly hosts: readonly DecidedHost[];
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

/** Decisions in their order, without the hosts about which a later one was taken. */
export function inForce(ordered: readonly StoredDecision[]): StoredDecision[] {
  return ordered.map((decision, i) => ({
    ...decision,
    hosts: withoutAgents(
      decision.hosts,
      ordered.slice(i + 1).flatMap(({ hosts }) => hosts.map(({ agent }) => agent)),
    ),
  }));
}

export function withoutAgents(
  hosts: readonly DecidedHost[],
  agents: readonly AgentAddress[],
): readonly DecidedHost[] {
  return hosts.filter(({ agent }) => !agents.some((other) => sameAgent(agent, other)));
}

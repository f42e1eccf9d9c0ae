import type { MachineOptions } from './machines/machine-kinds.js';

/** How one agent is set up. */
export interface AgentOptions extends MachineOptions {
  /** The name of the host in the manager's files. */
  readonly name: string;
  /** An absolute path: the agent's files, and those of a private snmpd. */
  readonly stateDirectory: string;
  /** Who speaks SNMP for it. */
  readonly snmpd: PrivateSnmpd | SystemSnmpd;
}

/** An snmpd of the agent's own, which it starts, sets up and ends. */
export interface PrivateSnmpd {
  readonly kind: 'private';
  /** `udp:172.16.0.1:161`. */
  readonly listen: string;
  /** The SNMP users and their secrets; needed the first time only. */
  readonly secretsFile?: string;
  /** Where traps go: `udp:10.0.0.5:162`. */
  readonly notify?: readonly string[];
  /** Where informs go: the same, perhaps with `=` and the engine ID of the receiver, which is asked for it else. */
  readonly inform?: readonly string[];
}

/** The snmpd of the system, which its administrator starts, sets up and ends. */
export interface SystemSnmpd {
  readonly kind: 'system';
  /** The path of the socket where it awaits subagents. */
  readonly agentxSocket: string;
}

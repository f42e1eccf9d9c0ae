/** How one agent is set up. */
export interface AgentOptions {
  /** The name of the host in the manager's files. */
  readonly name: string;
  /** An absolute path: the agent's and its snmpd's files. */
  readonly stateDirectory: string;
  /** `udp:172.16.0.1:161`. */
  readonly listen: string;
  /** Where the machines of the host live. */
  readonly machines: 'namespace';
  /** The SNMP users and their secrets; needed the first time only. */
  readonly secretsFile?: string;
  /** Where traps go: `udp:10.0.0.5:162`. */
  readonly notify?: readonly string[];
  /** Where informs go: the same, perhaps with `=` and the engine ID of the receiver, which is asked for it else. */
  readonly inform?: readonly string[];
}

import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { NetmgrError } from '../errors.js';
import type { IpAddress } from '../units/ip-network.js';
import { readAllSecrets, type SnmpCredentials } from './credentials.js';
import type { ManagerOptions } from './manager-options.js';
import { AgentSession } from './snmp/agent-session.js';
import { SnmpSession, type RequestListener, type SnmpUser } from './snmp/snmp-session.js';
import type { AgentAddress } from './snmp/snmp-error.js';

/** The length of netemuCfgOwner. */
const LONGEST_OWNER = 64;

/** Who this manager is, for people: user, machine and process. */
export function managerName(): string {
  return `${userInfo().username}@${hostname()} ${String(process.pid)}`;
}

/** A host, as far as it takes to speak to its agent. */
export interface AgentHost {
  readonly name: string;
  readonly address: IpAddress;
  readonly agent: { readonly port: number; readonly credentials: string };
}

/** Where a host's agent answers. */
export function agentOf(host: AgentHost): AgentAddress {
  return { host: host.name, address: host.address.toString(), port: host.agent.port };
}

/** Does the work with a session for each host, in their order. @throws NetmgrError if credentials are missing */
export async function withSessions<T>(
  { credentials }: { readonly credentials: readonly SnmpCredentials[] },
  hosts: readonly AgentHost[],
  options: ManagerOptions,
  work: (sessions: readonly AgentSession[]) => Promise<T>,
): Promise<T> {
  const names = new Set(hosts.map(({ agent }) => agent.credentials));
  const needed = credentials.filter(({ name }) => names.has(name));
  const users = await readAllSecrets(needed, options.environment);
  const sessions = hosts.map((host) => {
    const { onRequest } = options;
    const listener: RequestListener = (...request) => onRequest?.(host.name, ...request);
    const user = userOf(host, users);
    return new AgentSession(new SnmpSession(agentOf(host), user, options, listener), newOwner);
  });
  try {
    return await work(sessions);
  } finally {
    for (const session of sessions) session.close();
  }
}

/** AgentX hides the SNMP user, so each session proves itself with a name of its own. */
function newOwner(): string {
  return `${managerName()} ${randomBytes(6).toString('hex')}`.slice(-LONGEST_OWNER);
}

function userOf({ name, agent }: AgentHost, users: ReadonlyMap<string, SnmpUser>): SnmpUser {
  const user = users.get(agent.credentials);
  if (user !== undefined) return user;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `no credentials "${agent.credentials}"`,
    subject: name,
  });
}

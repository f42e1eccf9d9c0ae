import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type CommandOutput } from '../../../src/process/run.js';
import { startSnmpd, type SnmpdMaster, type SnmpdOptions } from '../../../src/agent/snmpd/snmpd-master.js';

/** A UDP port of loopback that nobody has at this moment. */
export async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

export const MANAGER = {
  user: 'netmgr',
  secrets: { auth: "auth#of the $manager's%", priv: 'priv{of};the manager' },
};
export const READER = { user: 'nms', secrets: { auth: 'auth of the reader', priv: 'priv of the reader' } };

export interface PrivateSnmpd {
  readonly directory: string;
  readonly port: number;
  readonly options: SnmpdOptions;
  readonly master: SnmpdMaster;
  readonly warnings: string[];
  /** Runs a tool of net-snmp as the manager, or as another user; it must succeed unless `accept` says more. */
  tool(name: string, args: readonly string[], how?: ToolOptions): Promise<CommandOutput>;
  remove(): Promise<void>;
}

export interface ToolOptions {
  readonly user?: string;
  readonly auth?: string;
  readonly priv?: string;
  readonly level?: string;
  readonly accept?: readonly number[];
  /** Options before the address. */
  readonly flags?: readonly string[];
}

/** A directory and a port with a private snmpd on them. */
export async function startPrivateSnmpd(options: Partial<SnmpdOptions> = {}): Promise<PrivateSnmpd> {
  const directory = await mkdtemp(join(tmpdir(), 'netmgr-snmpd-'));
  const port = await freePort();
  const warnings: string[] = [];
  const all: SnmpdOptions = {
    stateDirectory: join(directory, 'state'),
    address: `udp:127.0.0.1:${String(port)}`,
    manager: MANAGER,
    reader: READER,
    log: { debug: () => undefined, warn: (message) => warnings.push(message) },
    ...options,
  };
  const master = await startSnmpd(all).catch(async (error: unknown) => {
    await rm(directory, { recursive: true });
    throw error;
  });
  return {
    directory,
    port,
    options: all,
    master,
    warnings,
    tool: (name, args, how = {}) => runTool(port, name, args, how),
    remove: async () => {
      await master.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** Of net-snmp's tools, so that they read and leave nothing of the machine's. */
export const TOOL_ENVIRONMENT = {
  SNMPCONFPATH: '/nonexistent',
  SNMP_PERSISTENT_DIR: '/dev/null',
  MIBS: '',
} as const;

export async function runTool(
  port: number,
  name: string,
  args: readonly string[],
  how: ToolOptions = {},
): Promise<CommandOutput> {
  const { user = MANAGER.user, auth = MANAGER.secrets.auth, priv = MANAGER.secrets.priv } = how;
  const { level = 'authPriv', accept = [0], flags = [] } = how;
  const security = ['-l', level, '-u', user, '-a', 'SHA-256', '-A', auth, '-x', 'AES', '-X', priv];
  const output = ['-On', '-Oe', '-t', '5', '-r', '1', '-m', '', ...flags];
  return run([name, '-v3', ...security, ...output, `127.0.0.1:${String(port)}`, ...args], {
    accept,
    env: TOOL_ENVIRONMENT,
  });
}

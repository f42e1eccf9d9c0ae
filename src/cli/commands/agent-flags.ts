import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Logger } from 'pino';
import type { AgentOptions, PrivateSnmpd } from '../../agent/agent-options.js';
import { MACHINE_KINDS, QMP_DIRECTORY, type MachineKind } from '../../agent/machines/machine-kinds.js';
import { DEFAULT_AGENTX_SOCKET } from '../../agent/system-snmpd/agentx-socket.js';

export interface AgentFlags {
  readonly name: string;
  readonly stateDirectory: string;
  readonly listen: string;
  /** The path of its socket. */
  readonly systemSnmpd?: string;
  readonly machines: MachineKind;
  readonly qmpDirectory: string;
  readonly secrets?: string;
  readonly notify?: readonly string[];
  readonly inform?: readonly string[];
  readonly logLevel: string;
  readonly json?: boolean;
}

export const SECRETS_HELP = `
The file of --secrets has the mode 0600 and lines such as
  manager.user=netmgr
  manager.auth=a secret of eight characters or more
  manager.priv=another one
  reader.user=nms          (and reader.auth, reader.priv: may only read)
It is needed once: snmpd keeps keys of its own, from which the secrets cannot
be had back.
`;

/** An empty one is none: a variable may be set to nothing. */
const onceMore = (value: string, before: readonly string[] | undefined): readonly string[] | undefined =>
  value === '' ? before : [...(before ?? []), value];

/** The options of all commands that look into machines. */
export const withMachineOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--machines <kind>', 'where the machines of this host live')
        .choices(MACHINE_KINDS)
        .default('namespace' satisfies MachineKind),
    )
    .option(
      '--qmp-directory <directory>',
      'with --machines qemu: where each machine has its sockets NAME.qmp and NAME.qga',
      QMP_DIRECTORY,
    );

/** The options of an agent that runs, and of one that is to. */
export function withAgentOptions(command: Command): Command {
  return withMachineOptions(command)
    .option('--name <name>', 'the name of this host in the real file', hostname())
    .option('--state-directory <directory>', 'where the agent keeps its files', '/var/lib/netmgr')
    .option('--listen <address>', 'where snmpd answers, such as udp:172.16.0.1:161', 'udp:0.0.0.0:161')
    .addOption(
      new Option(
        '--system-snmpd [socket]',
        "use the system's snmpd, at its AgentX socket, instead of a private one",
      ).preset(DEFAULT_AGENTX_SOCKET),
    )
    .addOption(
      new Option(
        '--notify <address>',
        'a receiver of notifications as traps, such as udp:10.0.0.5:162; may be given again for more',
      )
        .env('NETMGR_AGENT_NOTIFY')
        .argParser(onceMore),
    )
    .addOption(
      new Option(
        '--inform <address>',
        'the same with informs, which are confirmed; =<engineID> may follow for a receiver that cannot be asked for it',
      )
        .env('NETMGR_AGENT_INFORM')
        .argParser(onceMore),
    )
    .option('--secrets <file>', 'the SNMP users and their secrets')
    .addOption(
      new Option('--log-level <level>', 'what is written to standard error, as JSON lines')
        .choices(['debug', 'info', 'warn', 'error'])
        .env('NETMGR_AGENT_LOG_LEVEL')
        .default('info'),
    )
    .option('--json', 'print the result, or the errors, as JSON');
}

export function agentOptionsOf(flags: AgentFlags): AgentOptions {
  const { name, machines, systemSnmpd } = flags;
  return {
    name,
    stateDirectory: resolve(flags.stateDirectory),
    machines,
    qmpDirectory: resolve(flags.qmpDirectory),
    snmpd: systemSnmpd === undefined ? privateSnmpdOf(flags) : { kind: 'system', agentxSocket: systemSnmpd },
  };
}

function privateSnmpdOf({ listen, notify, inform, secrets }: AgentFlags): PrivateSnmpd {
  return {
    kind: 'private',
    listen,
    ...(notify === undefined ? {} : { notify }),
    ...(inform === undefined ? {} : { inform }),
    ...(secrets === undefined ? {} : { secretsFile: secrets }),
  };
}

export async function createLog({ logLevel }: Pick<AgentFlags, 'logLevel'>): Promise<Logger> {
  const { pino } = await import('pino');
  return pino({ level: logLevel }, pino.destination(2));
}

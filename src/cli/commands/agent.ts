import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Logger } from 'pino';
import type { AgentOptions } from '../../agent/agent-options.js';
import { VERSION } from '../version.js';

interface AgentFlags {
  readonly name: string;
  readonly stateDirectory: string;
  readonly listen: string;
  readonly machines: 'namespace';
  readonly secrets?: string;
  readonly logLevel: string;
  readonly json?: boolean;
}

const SECRETS_HELP = `
The file of --secrets has the mode 0600 and lines such as
  manager.user=netmgr
  manager.auth=a secret of eight characters or more
  manager.priv=another one
  reader.user=nms          (and reader.auth, reader.priv: may only read)
It is needed once: snmpd keeps keys of its own, from which the secrets cannot be had back.
`;

export function agentCommand(): Command {
  const agent = new Command('agent').description('The agent that runs on every host, as root.');
  agent.addCommand(
    agentOptions(new Command('run').description('Run the agent with a private snmpd until it is ended.'))
      .addHelpText(
        'after',
        `${SECRETS_HELP}
Example:
  netmgr agent run --name host1 --listen udp:172.16.0.1:161 --secrets /root/netmgr.secrets`,
      )
      .action(async (flags: AgentFlags) => {
        const { startAgent } = await import('../../agent/agent.js');
        const running = await startAgent(optionsOf(flags), VERSION, await createLog(flags));
        process.stdout.write(
          `${JSON.stringify({ event: 'ready', name: flags.name, listen: flags.listen, engineId: running.engineId })}\n`,
        );
        const stop = (): void => {
          void running.stop().finally(() => process.exit());
        };
        process.once('SIGTERM', stop);
        process.once('SIGINT', stop);
      }),
  );
  agent.addCommand(
    agentOptions(
      new Command('install').description(
        'Create the SNMP users of the agent, so that `agent run` needs no secrets.',
      ),
    )
      .addHelpText(
        'after',
        `${SECRETS_HELP}
Example:
  netmgr agent install --name host1 --listen udp:172.16.0.1:161 --secrets /root/netmgr.secrets`,
      )
      .action(async (flags: AgentFlags) => {
        const { installAgent } = await import('../../agent/agent.js');
        const { engineId } = await installAgent(optionsOf(flags), await createLog(flags));
        process.stdout.write(
          flags.json === true
            ? `${JSON.stringify({ ok: true, stateDirectory: resolve(flags.stateDirectory), engineId })}\n`
            : `installed in ${resolve(flags.stateDirectory)}, engine ID ${engineId}\nrun: netmgr agent run --name ${flags.name} --listen ${flags.listen} --state-directory ${resolve(flags.stateDirectory)}\n`,
        );
      }),
  );
  return agent;
}

function agentOptions(command: Command): Command {
  return command
    .option('--name <name>', 'the name of this host in the real file', hostname())
    .option('--state-directory <directory>', 'where the agent keeps its files', '/var/lib/netmgr')
    .option('--listen <address>', 'where snmpd answers, such as udp:172.16.0.1:161', 'udp:0.0.0.0:161')
    .addOption(
      new Option('--machines <kind>', 'where the machines of this host live')
        .choices(['namespace'])
        .default('namespace'),
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

function optionsOf(flags: AgentFlags): AgentOptions {
  return {
    name: flags.name,
    stateDirectory: resolve(flags.stateDirectory),
    listen: flags.listen,
    machines: flags.machines,
    ...(flags.secrets === undefined ? {} : { secretsFile: flags.secrets }),
  };
}

async function createLog({ logLevel }: AgentFlags): Promise<Logger> {
  const { pino } = await import('pino');
  return pino({ level: logLevel }, pino.destination(2));
}

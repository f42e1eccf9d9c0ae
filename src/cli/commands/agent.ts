import { Command } from 'commander';
import { VERSION } from '../version.js';
import { agentOptionsOf, createLog, SECRETS_HELP, withAgentOptions, type AgentFlags } from './agent-flags.js';
import { agentCleanCommand } from './agent-clean.js';
import { agentInstallCommand } from './agent-install.js';
import { agentUninstallCommand } from './agent-uninstall.js';
import { checkSnmpdFlags } from './check-snmpd-flags.js';

export function agentCommand(): Command {
  const agent = new Command('agent').description('The agent that runs on every host, as root.');
  agent.addCommand(
    withAgentOptions(
      new Command('run').description(
        "Run the agent, with a private snmpd or behind the system's, until it is ended.",
      ),
    )
      .addHelpText(
        'after',
        `${SECRETS_HELP}
Examples:
  netmgr agent run --name host1 --listen udp:172.16.0.1:161 \\
    --secrets /root/netmgr.secrets
  netmgr agent run --name host1 --system-snmpd`,
      )
      .action(async (flags: AgentFlags, command: Command) => {
        checkSnmpdFlags(command);
        const { startAgent } = await import('../../agent/agent.js');
        const running = await startAgent(agentOptionsOf(flags), VERSION, await createLog(flags));
        const stop = (): void => {
          void running.stop().finally(() => process.exit());
        };
        process.once('SIGTERM', stop);
        process.once('SIGINT', stop);
        await running.registered;
        const { name, listen, systemSnmpd } = flags;
        const through = systemSnmpd === undefined ? { listen, engineId: running.engineId } : { systemSnmpd };
        process.stdout.write(`${JSON.stringify({ event: 'ready', name, ...through })}\n`);
      }),
  );
  agent.addCommand(agentInstallCommand());
  agent.addCommand(agentCleanCommand());
  agent.addCommand(agentUninstallCommand());
  return agent;
}

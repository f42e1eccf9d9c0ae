import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { agentOptionsOf, createLog, SECRETS_HELP, withAgentOptions, type AgentFlags } from './agent-flags.js';
import { runArguments } from './run-arguments.js';

const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
export const UNIT_DIRECTORY = '/etc/systemd/system';

interface InstallFlags extends AgentFlags {
  readonly unit: boolean;
  readonly unitDirectory: string;
}

export function agentInstallCommand(): Command {
  return withAgentOptions(
    new Command('install').description(
      'Create the SNMP users of the agent, so that it needs no secrets, and a systemd unit that runs it.',
    ),
  )
    .option('--unit-directory <directory>', 'where the unit is written', UNIT_DIRECTORY)
    .option('--no-unit', 'create the SNMP users only')
    .addHelpText(
      'after',
      `${SECRETS_HELP}
The options of the agent become part of the unit. It may be repeated, also without --secrets.

Example:
  netmgr agent install --name host1 --listen udp:172.16.0.1:161 --secrets /root/netmgr.secrets
  systemctl daemon-reload && systemctl enable --now netmgr-agent`,
    )
    .action(async (flags: InstallFlags, command: Command) => {
      const report = await install(flags, runArguments(command));
      process.stdout.write(
        flags.json === true ? `${JSON.stringify({ ok: true, ...report })}\n` : asText(report),
      );
    });
}

interface InstallReport {
  readonly stateDirectory: string;
  readonly engineId: string;
  readonly users: 'made' | 'unchanged';
  readonly unit?: { readonly path: string; readonly state: 'written' | 'replaced' | 'unchanged' };
  /** What is to be run next. */
  readonly next: string;
}

async function install(flags: InstallFlags, args: readonly string[]): Promise<InstallReport> {
  const [{ ensureUsers }, { serviceUnit }, { SERVICE, UnitFile }] = await Promise.all([
    import('../../agent/service/ensure-users.js'),
    import('../../agent/service/service-unit.js'),
    import('../../agent/service/unit-file.js'),
  ]);
  const options = agentOptionsOf(flags);
  const { stateDirectory } = options;
  // Refuses what is wrong before anything is made.
  const text = flags.unit
    ? serviceUnit({ node: process.execPath, program: PROGRAM, args, stateDirectory })
    : undefined;
  const { engineId, made } = await ensureUsers(options, await createLog(flags));
  const about = { stateDirectory, engineId, users: made ? 'made' : 'unchanged' } as const;
  if (text === undefined) return { ...about, next: ['netmgr', ...args].join(' ') };
  const file = new UnitFile(resolve(flags.unitDirectory));
  const state = await file.install(text);
  const start =
    // What runs already is not started anew by `enable --now`.
    state === 'replaced'
      ? `systemctl enable ${SERVICE} && systemctl restart ${SERVICE}`
      : `systemctl enable --now ${SERVICE}`;
  return { ...about, unit: { path: file.path, state }, next: `systemctl daemon-reload && ${start}` };
}

function asText({ stateDirectory, engineId, users, unit, next }: InstallReport): string {
  const lines = [
    users === 'made'
      ? `installed in ${stateDirectory}, engine ID ${engineId}`
      : `installed already in ${stateDirectory}, engine ID ${engineId}; the users keep their secrets`,
    ...(unit === undefined ? [] : [`${unit.state}: ${unit.path}`]),
    `run: ${next}`,
  ];
  return `${lines.join('\n')}\n`;
}

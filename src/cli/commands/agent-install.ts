import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { AgentOptions } from '../../agent/agent-options.js';
import type { InstallState } from '../../process/installed-file.js';
import { withoutControls } from '../output/report-errors.js';
import { agentOptionsOf, createLog, SECRETS_HELP, withAgentOptions, type AgentFlags } from './agent-flags.js';
import { checkSnmpdFlags } from './check-snmpd-flags.js';
import { runArguments } from './run-arguments.js';

const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
export const UNIT_DIRECTORY = '/etc/systemd/system';
/** Debian's. */
export const SNMPD_CONF = '/etc/snmp/snmpd.conf';
const SNMPD_PERSISTENT = '/var/lib/snmp/snmpd.conf';

interface InstallFlags extends AgentFlags {
  readonly unit: boolean;
  readonly unitDirectory: string;
  readonly snmpdConf: string;
  readonly snmpdPersistent: string;
}

export function agentInstallCommand(): Command {
  return withAgentOptions(
    new Command('install').description(
      "Create the SNMP users of the agent, so that it needs no secrets, and a systemd unit that runs it; with --system-snmpd, what the system's snmpd needs too.",
    ),
  )
    .option(
      '--snmpd-conf <file>',
      "the configuration of the system's snmpd; netmgr.conf is written into the directory FILE.d",
      SNMPD_CONF,
    )
    .option('--snmpd-persistent <file>', "where the system's snmpd keeps its users", SNMPD_PERSISTENT)
    .option('--unit-directory <directory>', 'where the unit is written', UNIT_DIRECTORY)
    .option('--no-unit', 'write no unit')
    .addHelpText(
      'after',
      `${SECRETS_HELP}
The options of the agent become part of the unit. It may be repeated, also
without --secrets.

Examples:
  netmgr agent install --name host1 --listen udp:172.16.0.1:161 \\
    --secrets /root/netmgr.secrets
  systemctl daemon-reload && systemctl enable --now netmgr-agent

  systemctl stop snmpd
  netmgr agent install --name host1 --system-snmpd --secrets netmgr.secrets`,
    )
    .action(async (flags: InstallFlags, command: Command) => {
      checkSnmpdFlags(command);
      const report = await install(flags, runArguments(command));
      process.stdout.write(
        flags.json === true ? `${JSON.stringify({ ok: true, ...report })}\n` : asText(report),
      );
    });
}

/** What was done for snmpd. */
interface SnmpdReport {
  readonly engineId?: string;
  readonly users: 'made' | 'unchanged';
  readonly snippet?: { readonly path: string; readonly state: InstallState };
  readonly notes?: readonly string[];
}

interface InstallReport extends SnmpdReport {
  readonly stateDirectory: string;
  readonly unit?: { readonly path: string; readonly state: InstallState };
  /** What is to be run next. */
  readonly next: string;
}

async function install(flags: InstallFlags, args: readonly string[]): Promise<InstallReport> {
  const [{ serviceUnit }, { SERVICE, UnitFile }] = await Promise.all([
    import('../../agent/service/service-unit.js'),
    import('../../agent/service/unit-file.js'),
  ]);
  const options = agentOptionsOf(flags);
  const { stateDirectory } = options;
  // Refuses what is wrong before anything is made.
  const text = flags.unit
    ? serviceUnit({
        ...{ node: process.execPath, program: PROGRAM, args, stateDirectory, machines: options.machines },
        agentxSocket: flags.systemSnmpd,
      })
    : undefined;
  const snmpd = await setUpSnmpd(flags, options);
  const about = { stateDirectory, ...snmpd };
  // The system's snmpd reads its files when it starts.
  const isNews =
    snmpd.snippet !== undefined && (snmpd.users === 'made' || snmpd.snippet.state !== 'unchanged');
  const first = isNews ? ['systemctl restart snmpd'] : [];
  if (text === undefined) return { ...about, next: [...first, ['netmgr', ...args].join(' ')].join(' && ') };
  const file = new UnitFile(resolve(flags.unitDirectory));
  const state = await file.install(text);
  const start =
    // What runs already is not started anew by `enable --now`.
    state === 'replaced'
      ? [`systemctl enable ${SERVICE}`, `systemctl restart ${SERVICE}`]
      : [`systemctl enable --now ${SERVICE}`];
  const next = [...first, 'systemctl daemon-reload', ...start].join(' && ');
  return { ...about, unit: { path: file.path, state }, next };
}

async function setUpSnmpd(flags: InstallFlags, options: AgentOptions): Promise<SnmpdReport> {
  const { snmpd, stateDirectory } = options;
  if (snmpd.kind === 'private') {
    const { ensureUsers } = await import('../../agent/service/ensure-users.js');
    const { engineId, made } = await ensureUsers(options, snmpd, await createLog(flags));
    return { engineId, users: made ? 'made' : 'unchanged' };
  }
  const { attach, checkAttachment } = await import('../../agent/system-snmpd/attach.js');
  return attach(
    await checkAttachment({
      agentxSocket: snmpd.agentxSocket,
      conf: resolve(flags.snmpdConf),
      persistent: resolve(flags.snmpdPersistent),
      stateDirectory,
      secretsFile: flags.secrets,
      notify: flags.notify,
      inform: flags.inform,
    }),
  );
}

function asText({ stateDirectory, engineId, users, snippet, notes = [], unit, next }: InstallReport): string {
  const engine = engineId === undefined ? '' : `, engine ID ${engineId}`;
  const lines = [
    users === 'made'
      ? `installed in ${stateDirectory}${engine}`
      : `installed already in ${stateDirectory}${engine}; the users keep their secrets`,
    ...[snippet, unit].flatMap((file) => (file === undefined ? [] : [`${file.state}: ${file.path}`])),
    ...notes.map((note) => `note: ${note}`),
    `run: ${next}`,
  ];
  return `${lines.map(withoutControls).join('\n')}\n`;
}

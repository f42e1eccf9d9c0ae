import { resolve } from 'node:path';
import { Command } from 'commander';
import { SNMPD_CONF, UNIT_DIRECTORY } from './agent-install.js';

interface UninstallFlags {
  readonly unitDirectory: string;
  readonly snmpdConf: string;
  readonly json?: boolean;
}

export function agentUninstallCommand(): Command {
  return new Command('uninstall')
    .description(
      "Remove the systemd unit of the agent and what the system's snmpd was told of it; its state directory, the SNMP users and the network stay.",
    )
    .option('--unit-directory <directory>', 'where the unit is', UNIT_DIRECTORY)
    .option('--snmpd-conf <file>', "the configuration of the system's snmpd", SNMPD_CONF)
    .option('--json', 'print the result, or the errors, as JSON')
    .addHelpText('after', '\nExample:\n  netmgr agent uninstall\n  systemctl stop netmgr-agent')
    .action(async (flags: UninstallFlags) => {
      const [{ SERVICE, UnitFile }, { SnippetFile }] = await Promise.all([
        import('../../agent/service/unit-file.js'),
        import('../../agent/system-snmpd/snippet-file.js'),
      ]);
      const unit = new UnitFile(resolve(flags.unitDirectory));
      const snippet = new SnippetFile(resolve(flags.snmpdConf));
      // Refuses before anything is removed.
      await snippet.check();
      const files = {
        unit: { path: unit.path, state: await unit.remove() },
        snippet: { path: snippet.path, state: await snippet.remove() },
      };
      const next = [
        // A unit that is gone can still be stopped.
        `systemctl stop ${SERVICE}`,
        'systemctl daemon-reload',
        ...(files.snippet.state === 'removed' ? ['systemctl restart snmpd'] : []),
      ].join(' && ');
      process.stdout.write(
        flags.json === true ? `${JSON.stringify({ ok: true, ...files, next })}\n` : asText(files, next),
      );
    });
}

type Removed = Readonly<Record<'unit' | 'snippet', { path: string; state: 'removed' | 'absent' }>>;

function asText({ unit, snippet }: Removed, next: string): string {
  // Few have it.
  const files = snippet.state === 'removed' ? [unit, snippet] : [unit];
  const isNews = files.some(({ state }) => state === 'removed');
  const lines = [...files.map(({ state, path }) => `${state}: ${path}`), ...(isNews ? [`run: ${next}`] : [])];
  return `${lines.join('\n')}\n`;
}

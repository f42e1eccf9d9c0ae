#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { agentCommand } from './commands/agent.js';
import { applyCommand } from './commands/apply.js';
import { destroyCommand } from './commands/destroy.js';
import { labCommand } from './commands/lab.js';
import { statusCommand } from './commands/status.js';
import { validateCommand } from './commands/validate.js';
import { EXIT } from './exit-codes.js';
import { reportErrors } from './output/report-errors.js';
import { VERSION } from './version.js';

const program = new Command('netmgr')
  .description('Emulates networks between virtual machines: isolation, bandwidth and latency, through SNMP.')
  .version(VERSION)
  .enablePositionalOptions()
  .showHelpAfterError('Run with --help to see what there is.')
  .addCommand(validateCommand())
  .addCommand(applyCommand())
  .addCommand(statusCommand())
  .addCommand(destroyCommand())
  .addCommand(agentCommand())
  .addCommand(labCommand())
  .addHelpText('after', '\nExample:\n  netmgr lab run real.xml virtual.xml -- netmgr status real.xml')
  .exitOverride();

/** What follows "--" is another command's. */
function ownArguments(): string[] {
  const end = process.argv.indexOf('--');
  return end < 0 ? process.argv : process.argv.slice(0, end);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.error;
  } else {
    reportErrors(error, ownArguments().includes('--json'));
    process.exitCode = EXIT.error;
  }
}

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { agentCommand } from './commands/agent.js';
import { applyCommand } from './commands/apply.js';
import { destroyCommand } from './commands/destroy.js';
import { discoverCommand } from './commands/discover.js';
import { explainCommand } from './commands/explain.js';
import { followCommand } from './commands/follow.js';
import { graphCommand } from './commands/graph.js';
import { labCommand } from './commands/lab.js';
import { planCommand } from './commands/plan.js';
import { serveCommand } from './commands/serve.js';
import { statusCommand } from './commands/status.js';
import { validateCommand } from './commands/validate.js';
import { verifyCommand } from './commands/verify.js';
import { watchCommand } from './commands/watch.js';
import { EXIT } from './exit-codes.js';
import { expectArguments } from './expect-arguments.js';
import { reportErrors } from './output/report-errors.js';
import { VERSION } from './version.js';

const program = new Command('netmgr')
  .description('Emulates networks between virtual machines: isolation, bandwidth and latency, through SNMP.')
  .version(VERSION)
  .enablePositionalOptions()
  .showHelpAfterError('Run with --help to see what there is.')
  .addCommand(discoverCommand())
  .addCommand(validateCommand())
  .addCommand(graphCommand())
  .addCommand(planCommand())
  .addCommand(applyCommand())
  .addCommand(followCommand())
  .addCommand(statusCommand())
  .addCommand(watchCommand())
  .addCommand(verifyCommand())
  .addCommand(explainCommand())
  .addCommand(serveCommand())
  .addCommand(destroyCommand())
  .addCommand(agentCommand())
  .addCommand(labCommand())
  .hook('preAction', (_program, command) => {
    expectArguments(command);
  })
  .addHelpText('after', '\nExample:\n  netmgr lab run real.xml virtual.xml -- netmgr status real.xml')
  .exitOverride();

/** What follows "--" is another command's. */
function ownArguments(): string[] {
  const end = process.argv.indexOf('--');
  return end < 0 ? process.argv : process.argv.slice(0, end);
}

// Who closed the other end (head, a pager) reads no more; that must not end an apply half-way.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`error: the result could not be written: ${error.message}\n`);
  process.exitCode = EXIT.error;
});

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

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { expectArguments } from './expect-arguments.js';
import { reportErrors } from './output/report-errors.js';
import { VERSION } from './version.js';

/** In the order of the help. Loading all of them takes as long as what some of them do. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  discover: async () => (await import('./commands/discover.js')).discoverCommand(),
  validate: async () => (await import('./commands/validate.js')).validateCommand(),
  graph: async () => (await import('./commands/graph.js')).graphCommand(),
  plan: async () => (await import('./commands/plan.js')).planCommand(),
  apply: async () => (await import('./commands/apply.js')).applyCommand(),
  follow: async () => (await import('./commands/follow.js')).followCommand(),
  status: async () => (await import('./commands/status.js')).statusCommand(),
  watch: async () => (await import('./commands/watch.js')).watchCommand(),
  verify: async () => (await import('./commands/verify.js')).verifyCommand(),
  explain: async () => (await import('./commands/explain.js')).explainCommand(),
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  destroy: async () => (await import('./commands/destroy.js')).destroyCommand(),
  agent: async () => (await import('./commands/agent.js')).agentCommand(),
  lab: async () => (await import('./commands/lab.js')).labCommand(),
};

const program = new Command('netmgr')
  .description('Emulates networks between virtual machines: isolation, bandwidth and latency, through SNMP.')
  .version(VERSION)
  .enablePositionalOptions()
  .showHelpAfterError('Run with --help to see what there is.')
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
  const [, , name = ''] = process.argv;
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  // For anything else than the name of one there is help, which needs them all.
  for (const load of asked === undefined ? Object.values(COMMANDS) : [asked])
    program.addCommand(await load());
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.error;
  } else {
    reportErrors(error, ownArguments().includes('--json'));
    process.exitCode = EXIT.error;
  }
}

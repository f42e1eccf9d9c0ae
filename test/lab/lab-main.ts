import { Command } from 'commander';
import { labCommand } from '../../src/cli/commands/lab.js';
import { failuresOf } from '../../src/errors.js';

// The lab's command line by itself, without the rest of netmgr's.
try {
  await new Command('netmgr').addCommand(labCommand()).parseAsync(process.argv);
} catch (error) {
  for (const failure of failuresOf(error)) process.stderr.write(`${JSON.stringify(failure)}\n`);
  process.exitCode = 1;
}

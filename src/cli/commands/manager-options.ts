import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ManagerOptions } from '../../manager/manager.js';

export interface ManagerFlags {
  readonly json?: boolean;
  readonly timeout: number;
  readonly retries: number;
}

/** Adds what every command that talks to agents takes. */
export function addManagerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--timeout <ms>', 'time after which an SNMP request is repeated')
        .default(5000)
        .argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--retries <n>', 'how often an SNMP request is repeated')
        .default(2)
        .argParser(wholeNumber(0)),
    )
    .option('--json', 'print the result, or the errors, as JSON');
}

export function managerOptions({ timeout, retries }: ManagerFlags): ManagerOptions {
  return { timeout, retries };
}

function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > 1e9) {
      throw new InvalidArgumentError(`Give a whole number from ${String(min)}.`);
    }
    return value;
  };
}

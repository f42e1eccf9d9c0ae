import { Option, type Command } from 'commander';
import type { ManagerOptions } from '../../manager/manager-options.js';
import { SNMP_DEFAULTS } from '../../manager/snmp/snmp-defaults.js';
import type { Notices } from '../output/notices.js';
import { wholeNumber } from './whole-number.js';

/** The range of netemuCfgConfirmTimeout, in seconds. */
const LONGEST_CONFIRM_TIMEOUT = 86_400;

export interface ManagerFlags {
  readonly json?: boolean;
  readonly timeout: number;
  readonly retries: number;
  readonly stateDirectory?: string;
}

export interface ApplyFlags extends ManagerFlags {
  readonly confirmTimeout: number;
  readonly wait: boolean;
  readonly takeOver?: boolean;
}

/** Adds how patient a command is with agents. */
export function addSnmpOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--timeout <ms>', 'time after which an SNMP request is repeated; a quarter more each time')
        .default(SNMP_DEFAULTS.timeout)
        .argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--retries <n>', 'how often an SNMP request is repeated')
        .default(SNMP_DEFAULTS.retries)
        .argParser(wholeNumber(0)),
    );
}

/** Adds what every command that talks to the agents of a real file takes. */
export function addManagerOptions(command: Command): Command {
  return addSnmpOptions(command)
    .addOption(
      new Option(
        '--state-directory <dir>',
        'where decisions are kept until all hosts have confirmed, what was applied before, and the engine ID of watch --listen (default: ~/.local/state/netmgr)',
      ).env('NETMGR_STATE_DIRECTORY'),
    )
    .option('--json', 'print the result, or the errors, as JSON');
}

/** Adds what the commands that change hosts take besides. */
export function addApplyOptions(command: Command): Command {
  return addManagerOptions(command)
    .addOption(
      new Option('--confirm-timeout <s>', 'time after which a host goes back by itself if it hears no more')
        .default(60)
        .argParser(wholeNumber(1, LONGEST_CONFIRM_TIMEOUT)),
    )
    .option('--no-wait', 'fail at once when another manager is at work');
}

export function managerOptions(flags: ManagerFlags, notices: Notices): ManagerOptions {
  const { timeout, retries, stateDirectory } = flags;
  return {
    ...notices.listeners,
    timeout,
    retries,
    ...(stateDirectory === undefined ? {} : { stateDirectory }),
  };
}

export function applyOptions(flags: ApplyFlags, notices: Notices): ManagerOptions {
  const { confirmTimeout, wait, takeOver = false } = flags;
  return { ...managerOptions(flags, notices), confirmTimeout, wait, takeOver };
}

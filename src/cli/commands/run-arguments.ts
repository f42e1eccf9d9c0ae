import { resolve } from 'node:path';
import { Command } from 'commander';
import { NetmgrError } from '../../errors.js';
import { withAgentOptions } from './agent-flags.js';

/** Said whether given or not: what they are by default may be something else tomorrow. */
const ALWAYS = new Set(['name', 'stateDirectory', 'listen']);
/** A service has another working directory. */
const PATHS = new Set(['stateDirectory', 'qmpDirectory']);
/** Needed once, and no business of a service. */
const NEVER = new Set(['secrets', 'json']);
/** The administrator's or in snmpd's own configuration, where that is the system's. */
const OF_PRIVATE_SNMPD = new Set(['listen', 'notify', 'inform']);

/** The words after `netmgr` by which an agent runs as the options of another command, made by withAgentOptions, say. */
export function runArguments(given: Command): string[] {
  const { options } = withAgentOptions(new Command());
  const isSystem = given.getOptionValue('systemSnmpd') !== undefined;
  const words = options.flatMap((option) => {
    const name = option.attributeName();
    if (isSystem && OF_PRIVATE_SNMPD.has(name)) return [];
    const isGiven = given.getOptionValueSource(name) !== 'default';
    if (NEVER.has(name) || !(ALWAYS.has(name) || isGiven)) return [];
    const value: unknown = given.getOptionValue(name);
    const flag = option.long ?? '';
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    if (typeof value === 'string') return [flag, PATHS.has(name) ? resolve(value) : value];
    if (Array.isArray(value)) return value.flatMap((one) => [flag, String(one)]);
    throw new NetmgrError({ kind: 'Bug', message: `${flag} cannot be handed over to a service` });
  });
  return ['agent', 'run', ...words];
}

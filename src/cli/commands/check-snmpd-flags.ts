import type { Command } from 'commander';
import { NetmgrError } from '../../errors.js';

/**
 * Refuses options that are for another snmpd than the one that is to be used: they would come to nothing, and nobody would
 * know.
 *
 * @param command `agent run` or `agent install`, made by withAgentOptions and parsed
 * @throws NetmgrError `InvalidInput`
 */
export function checkSnmpdFlags(command: Command): void {
  const isSystem = command.getOptionValue('systemSnmpd') !== undefined;
  const foreign = isSystem ? FOR_PRIVATE : FOR_SYSTEM;
  for (const [name, { message, hint, isFor }] of Object.entries(foreign)) {
    const source = command.getOptionValueSource(name);
    if (source === undefined || source === 'default' || isFor === command.name()) continue;
    const option = command.options.find((one) => one.attributeName() === name);
    const given = source === 'env' ? option?.envVar : option?.long;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${given ?? name} is of no use ${isSystem ? 'with' : 'without'} --system-snmpd: ${message}`,
      hint: source === 'env' ? `Unset ${given ?? name}. ${hint}` : hint,
    });
  }
}

interface Foreign {
  readonly message: string;
  readonly hint: string;
  /** The command that takes it all the same. */
  readonly isFor?: string;
}

const RECEIVERS: Omit<Foreign, 'hint'> = {
  message: "the system's snmpd notifies whom its own configuration names",
  isFor: 'install',
};

const FOR_PRIVATE: Readonly<Record<string, Foreign>> = {
  listen: {
    message: "the system's snmpd listens where its own configuration says",
    hint: 'Leave it out, and set agentaddress in its snmpd.conf.',
  },
  notify: {
    ...RECEIVERS,
    hint: 'netmgr agent install --system-snmpd takes --notify, and writes it there.',
  },
  inform: {
    ...RECEIVERS,
    hint: 'netmgr agent install --system-snmpd takes --inform, and writes it there.',
  },
  secrets: {
    message: "the system's snmpd has users of its own",
    hint: 'netmgr agent install --system-snmpd takes --secrets, and makes them.',
    isFor: 'install',
  },
};

const PRIVATE_HAS_ITS_OWN: Foreign = {
  message: 'a private snmpd has files of its own',
  hint: 'Leave it out, or add --system-snmpd.',
};

const FOR_SYSTEM: Readonly<Record<string, Foreign>> = {
  snmpdConf: PRIVATE_HAS_ITS_OWN,
  snmpdPersistent: PRIVATE_HAS_ITS_OWN,
};

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { NetmgrError } from '../../errors.js';
import type { LabCredentials, LabJob } from '../control/message.js';
import type { LabHost } from '../layout.js';
import { LAB_DIRECTORY, writeLabFile } from './directory.js';

const SNMP_DIRECTORY = `${LAB_DIRECTORY}/snmp`;
// The tools keep their counters here, and say so when they have to make it.
const PERSISTENT = `${SNMP_DIRECTORY}/persistent`;
/** The read-only user of the lab's agents. */
export const READER = 'nms';

/**
 * Writes net-snmp's configuration (snmp.conf(5)), so that its tools need nothing but a host's name, and answers with
 * the variables that make them find it and the MIBs.
 */
export async function writeSnmpSettings(job: LabJob): Promise<Readonly<Record<string, string>>> {
  const [usual] = job.credentials;
  if (usual === undefined) return {};
  await mkdir(`${PERSISTENT}/cert_indexes`, { recursive: true, mode: 0o700 });
  await writeLabFile('snmp/snmp.conf', settingsOf(usual).join('\n') + '\n');
  for (const host of job.layout.hosts) {
    const lines = hostSettings(host, credentialsOf(job, host), usual);
    if (lines.length > 0) await writeLabFile(`snmp/hosts/${host.name}.conf`, lines.join('\n') + '\n');
  }
  return {
    SNMPCONFPATH: SNMP_DIRECTORY,
    SNMP_PERSISTENT_DIR: PERSISTENT,
    MIBDIRS: job.mibDirectories.filter((directory) => existsSync(directory)).join(':'),
    // These alone: net-snmp's own list names modules that few systems have, and each of them costs a warning.
    MIBS: 'SNMPv2-MIB:IF-MIB:NETEMU-MIB',
  };
}

/** @throws NetmgrError `Bug`: the reader has checked that the name exists. */
export function credentialsOf(job: LabJob, host: LabHost): LabCredentials {
  const credentials = job.credentials.find(({ name }) => name === host.credentials);
  if (credentials !== undefined) return credentials;
  throw new NetmgrError({
    kind: 'Bug',
    message: `no credentials named ${host.credentials}`,
    subject: host.name,
  });
}

function settingsOf({ user, secrets }: LabCredentials): string[] {
  return [
    'defVersion 3',
    `defSecurityName ${user}`,
    'defSecurityLevel authPriv',
    'defAuthType SHA-256',
    'defPrivType AES',
    `defAuthPassphrase ${secrets.auth}`,
    `defPrivPassphrase ${secrets.priv}`,
  ];
}

function hostSettings(host: LabHost, credentials: LabCredentials, usual: LabCredentials): string[] {
  return [
    ...(credentials === usual ? [] : settingsOf(credentials)),
    ...(host.port === 161 ? [] : [`defaultPort ${String(host.port)}`]),
  ];
}

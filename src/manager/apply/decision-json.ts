import { NetmgrError } from '../../errors.js';
import type { LastingIdentity } from '../../process/process-identity.js';
import { configurationFromJson, configurationToJson } from '../../mib/configuration-json.js';
import type { DecidedHost, Decision } from './decision.js';

/** The form of the file; a later version reads the earlier ones. */
const VERSION = 1;

/** A decision as plain data. */
export function decisionToJson({ process, hosts, finished, ...decision }: Decision): object {
  return {
    version: VERSION,
    time: decision.time.toISOString(),
    manager: decision.manager,
    process: process ?? null,
    environment: decision.environment,
    hosts: hosts.map(hostToJson),
    finished: finished.map(hostToJson),
  };
}

function hostToJson({ agent, configuration, previousDigest, ...host }: DecidedHost): object {
  return {
    name: agent.host,
    address: agent.address,
    port: agent.port,
    owner: host.owner,
    label: host.label,
    takeOver: host.takeOver,
    digest: configuration.digest().toString('hex'),
    previousDigest: Buffer.from(previousDigest).toString('hex'),
    confirmedGeneration: host.confirmedGeneration,
    configuration: configurationToJson(configuration),
  };
}

/**
 * The reverse of {@link decisionToJson}.
 *
 * @throws NetmgrError `InvalidInput` if that is no decision, `Conflict` if a later version wrote it
 */
export function decisionFromJson(json: unknown): Decision {
  const { version, time, manager, process, environment, hosts, finished } = recordOf(json);
  if (typeof version === 'number' && version > VERSION) {
    throw new NetmgrError({
      kind: 'Conflict',
      message: `it was written by a later version of netmgr (form ${String(version)}, this one knows ${String(VERSION)})`,
      hint: 'Complete it with that version: `netmgr status` does.',
    });
  }
  if (version !== VERSION) throw unreadable();
  const taken = new Date(textOf(time));
  if (Number.isNaN(taken.getTime())) throw unreadable();
  return {
    time: taken,
    manager: textOf(manager),
    process: process === null ? undefined : processOf(recordOf(process)),
    environment: textOf(environment),
    hosts: decidedHostsOf(hosts),
    finished: decidedHostsOf(finished),
  };
}

function processOf({ pid, startTime, boot }: Readonly<Record<string, unknown>>): LastingIdentity {
  if (typeof pid !== 'number') throw unreadable();
  return { pid, startTime: textOf(startTime), boot: textOf(boot) };
}

function decidedHostsOf(json: unknown): DecidedHost[] {
  if (!Array.isArray(json)) throw unreadable();
  return json.map((host) => decidedHostOf(recordOf(host)));
}

function decidedHostOf(host: Readonly<Record<string, unknown>>): DecidedHost {
  const { name, address, port, owner, label, takeOver, digest, previousDigest } = host;
  // The first ones did not have it, nor did the states of agents, which are then read as 0 too.
  const { confirmedGeneration = 0 } = host;
  if (typeof port !== 'number' || typeof takeOver !== 'boolean') throw unreadable();
  if (typeof confirmedGeneration !== 'number') throw unreadable();
  const configuration = configurationFromJson(host['configuration']);
  if (!digestOf(digest).equals(configuration.digest())) throw unreadable();
  return {
    agent: { host: textOf(name), address: textOf(address), port },
    owner: textOf(owner),
    label: textOf(label),
    takeOver,
    configuration,
    previousDigest: digestOf(previousDigest),
    confirmedGeneration,
  };
}

function digestOf(json: unknown): Buffer {
  const text = textOf(json);
  if (!/^[0-9a-f]{64}$/.test(text)) throw unreadable();
  return Buffer.from(text, 'hex');
}

function textOf(json: unknown): string {
  if (typeof json === 'string') return json;
  throw unreadable();
}

function recordOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw unreadable();
}

function unreadable(): NetmgrError {
  return new NetmgrError({ kind: 'InvalidInput', message: 'it is no decision of netmgr' });
}

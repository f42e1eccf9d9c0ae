import { NetmgrError } from '../../errors.js';
import type { LastingIdentity } from '../../process/process-identity.js';
import { configurationFromJson, configurationToJson } from '../../mib/configuration-json.js';
import type { DecidedHost, Decision } from './decision.js';
import { JsonReader } from './json-reader.js';

/** The form of the file; a later version reads the earlier ones. */
const VERSION = 1;

const read = new JsonReader('it is no decision of netmgr');

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
  const { version, time, manager, process, environment, hosts, finished } = read.record(json);
  if (typeof version === 'number' && version > VERSION) {
    throw new NetmgrError({
      kind: 'Conflict',
      message: `it was written by a later version of netmgr (form ${String(version)}, this one knows ${String(VERSION)})`,
      hint: 'Complete it with that version: `netmgr status` does.',
    });
  }
  if (version !== VERSION) throw read.unreadable();
  const taken = new Date(read.text(time));
  if (Number.isNaN(taken.getTime())) throw read.unreadable();
  return {
    time: taken,
    manager: read.text(manager),
    process: process === null ? undefined : processOf(read.record(process)),
    environment: read.text(environment),
    hosts: decidedHostsOf(hosts),
    finished: decidedHostsOf(finished),
  };
}

function processOf({ pid, startTime, boot }: Readonly<Record<string, unknown>>): LastingIdentity {
  return { pid: read.number(pid), startTime: read.text(startTime), boot: read.text(boot) };
}

function decidedHostsOf(json: unknown): DecidedHost[] {
  return read.list(json).map((host) => decidedHostOf(read.record(host)));
}

function decidedHostOf(host: Readonly<Record<string, unknown>>): DecidedHost {
  const { name, address, port, owner, label, takeOver, digest, previousDigest } = host;
  // The first ones did not have it, nor did the states of agents, which are then read as 0 too.
  const { confirmedGeneration = 0 } = host;
  const configuration = configurationFromJson(host['configuration']);
  if (!read.digest(digest).equals(configuration.digest())) throw read.unreadable();
  return {
    agent: { host: read.text(name), address: read.text(address), port: read.number(port) },
    owner: read.text(owner),
    label: read.text(label),
    takeOver: read.truth(takeOver),
    configuration,
    previousDigest: read.digest(previousDigest),
    confirmedGeneration: read.number(confirmedGeneration),
  };
}

import { ApplyError, failuresOf, NetmgrError } from '../../errors.js';
import type { IpAddress } from '../../units/ip-network.js';
import { readAllSecrets } from '../credentials.js';
import type { HostFailure } from '../host-status.js';
import type { ManagerOptions } from '../manager-options.js';
import type { Credentials } from '../model/real-environment.js';
import { SnmpSession, type SnmpUser } from '../snmp/snmp-session.js';
import type { DiscoveredHost } from './discovered.js';
import { readDiscovered } from './read-host.js';

/** As the `<credentials>` of a real file. */
export type DiscoveryCredentials = { readonly [K in keyof Credentials]: Credentials[K] };

/** A host whose agent is to be asked. */
export interface DiscoveryTarget {
  /** What it is to be called; undefined: as its agent calls itself. */
  readonly name?: string;
  readonly address: IpAddress;
  /** UDP. */
  readonly port: number;
  readonly credentials: DiscoveryCredentials;
}

/** A host that answered, and where. */
export interface DiscoveredTarget {
  readonly target: DiscoveryTarget;
  readonly host: DiscoveredHost;
}

/** What the agents told. */
export interface Discovery {
  /** In the order that was asked for, without those that failed. */
  readonly hosts: readonly DiscoveredTarget[];
  /** Those that could not be asked, by their names or addresses. */
  readonly failures: readonly HostFailure[];
}

export interface DiscoverOptions extends Pick<
  ManagerOptions,
  'timeout' | 'retries' | 'environment' | 'onWarning' | 'onRequest'
> {
  /** Hears of each host when its agent has told, or could not be asked. */
  readonly onHost?: (label: string, result: DiscoveredHost | HostFailure) => void;
}

/**
 * Asks the agents of hosts, all at the same time, what runs there. Nothing is changed.
 *
 * @throws NetmgrError or ApplyError if credentials are missing or if no host can be asked
 */
export async function discover(
  targets: readonly DiscoveryTarget[],
  options: DiscoverOptions = {},
): Promise<Discovery> {
  return withTargets(targets, options, async (asked) => {
    const hosts: DiscoveredTarget[] = [];
    const failures: HostFailure[] = [];
    const answers = await Promise.all(asked.map((one) => askOrFail(one, options)));
    for (const [i, answer] of answers.entries()) {
      const target = targets[i];
      if ('errors' in answer) failures.push(answer);
      else if (target !== undefined) hosts.push({ target, host: answer });
    }
    if (hosts.length === 0 && failures.length > 0) {
      throw new ApplyError(
        failures.flatMap(({ errors }) => errors),
        'no host could be asked',
      );
    }
    return { hosts, failures };
  });
}

/** What a target is called in messages until its agent has said its name. */
export function labelOf({ name, address, port }: DiscoveryTarget): string {
  return name ?? `${address.version === 6 ? `[${address.toString()}]` : address.toString()}:${String(port)}`;
}

/** A target and the session with its agent. */
export interface AskedTarget {
  readonly label: string;
  readonly target: DiscoveryTarget;
  readonly session: SnmpSession;
}

/** Does the work with a session for each target, in their order. @throws NetmgrError if credentials are missing */
export async function withTargets<T>(
  targets: readonly DiscoveryTarget[],
  options: DiscoverOptions,
  work: (asked: readonly AskedTarget[]) => Promise<T>,
): Promise<T> {
  expectDifferent(targets);
  const credentials = [
    ...new Map(targets.map((target) => [target.credentials.name, target.credentials])).values(),
  ];
  const users = await readAllSecrets(credentials, options.environment);
  const asked = targets.map((target): AskedTarget => {
    const { address, port } = target;
    const label = labelOf(target);
    const agent = { host: label, address: address.toString(), port };
    const session = new SnmpSession(agent, userOf(target, users), options, (...request) =>
      options.onRequest?.(label, ...request),
    );
    return { label, target, session };
  });
  try {
    return await work(asked);
  } finally {
    for (const { session } of asked) session.close();
  }
}

/** Asks one. What goes wrong is in the answer. */
export async function askOrFail(
  { label, target, session }: AskedTarget,
  { onWarning, onHost }: Pick<DiscoverOptions, 'onWarning' | 'onHost'>,
): Promise<DiscoveredHost | HostFailure> {
  const result = await readDiscovered(session, target.name, onWarning).catch((error: unknown) => ({
    name: label,
    errors: failuresOf(error),
  }));
  onHost?.(label, result);
  return result;
}

function userOf({ credentials: { name } }: DiscoveryTarget, users: ReadonlyMap<string, SnmpUser>): SnmpUser {
  const user = users.get(name);
  if (user === undefined)
    throw new NetmgrError({ kind: 'Bug', message: `no user for the credentials ${name}` });
  return user;
}

/** @throws NetmgrError `InvalidInput` where a host is there twice */
function expectDifferent(targets: readonly DiscoveryTarget[]): void {
  const seen = new Set<string>();
  for (const { name, address } of targets) {
    for (const key of [
      `the address ${address.toString()}`,
      ...(name === undefined ? [] : [`the name ${name}`]),
    ]) {
      if (!seen.has(key)) {
        seen.add(key);
        continue;
      }
      throw new NetmgrError({
        kind: 'InvalidInput',
        message: `${key} is there twice`,
        hint: 'Name each host once; one that the real file has need not be named again.',
      });
    }
  }
}

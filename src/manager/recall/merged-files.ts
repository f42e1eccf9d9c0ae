import { NetmgrError, type ErrorKind } from '../../errors.js';
import { IpAddress } from '../../units/ip-network.js';
import { JsonReader } from '../apply/json-reader.js';
import type { SnmpCredentials } from '../credentials.js';
import type { AgentHost } from '../with-sessions.js';

/** The form of the file. */
const VERSION = 1;
/** Of UDP. */
const LAST_PORT = 65_535;

const read = new JsonReader('it is nothing that files were merged to');

/** What two files come to, as far as it is needed to see that nothing is to do. */
export interface MergedFiles {
  /** The name of the virtual environment. */
  readonly environment: string;
  /** In the order of the real file. */
  readonly hosts: readonly MergedHost[];
  readonly credentials: readonly SnmpCredentials[];
  /** What the merge has warned of. */
  readonly warnings: readonly NetmgrError[];
}

/** A host of the real file, and NetemuDigest of what it is to run. */
export interface MergedHost extends AgentHost {
  readonly digest: Buffer;
}

/** As plain data. It names secrets, and has none. */
export function mergedFilesToJson({ environment, hosts, credentials, warnings }: MergedFiles): unknown {
  return {
    version: VERSION,
    environment,
    hosts: hosts.map(({ name, address, agent, digest }) => ({
      ...{ name, address: address.toString(), port: agent.port, credentials: agent.credentials },
      digest: digest.toString('hex'),
    })),
    credentials: credentials.map(({ name, user, from }) => ({ name, user, from })),
    warnings,
  };
}

/** The reverse of {@link mergedFilesToJson}. @throws NetmgrError `InvalidInput` if it is none, or of another version */
export function mergedFilesFromJson(json: unknown): MergedFiles {
  const { version, environment, hosts, credentials, warnings } = read.record(json);
  if (version !== VERSION) throw read.unreadable();
  const all = read.list(hosts).map(hostFrom);
  // Nobody to ask would be nothing to do.
  if (all.length === 0) throw read.unreadable();
  return {
    environment: read.text(environment),
    hosts: all,
    credentials: read.list(credentials).map(credentialsFrom),
    warnings: read.list(warnings).map(warningFrom),
  };
}

function hostFrom(json: unknown): MergedHost {
  const { name, address, port, credentials, digest } = read.record(json);
  return {
    name: read.text(name),
    address: IpAddress.parse(read.text(address)),
    agent: { port: portFrom(port), credentials: read.text(credentials) },
    digest: read.digest(digest),
  };
}

function portFrom(json: unknown): number {
  const port = read.number(json);
  if (Number.isInteger(port) && port > 0 && port <= LAST_PORT) return port;
  throw read.unreadable();
}

function credentialsFrom(json: unknown): SnmpCredentials {
  const { name, user, from } = read.record(json);
  return { name: read.text(name), user: read.text(user), from: read.text(from) };
}

function warningFrom(json: unknown): NetmgrError {
  const { kind, message, subject, at, hint } = read.record(json);
  const textOr = (value: unknown): string | undefined => (value === undefined ? undefined : read.text(value));
  return new NetmgrError({
    kind: read.text(kind) as ErrorKind,
    message: read.text(message),
    ...{ subject: textOr(subject), hint: textOr(hint) },
    ...(at === undefined ? {} : { at: positionFrom(at) }),
  });
}

function positionFrom(json: unknown): { readonly file: string; readonly line: number } {
  const { file, line } = read.record(json);
  return { file: read.text(file), line: read.number(line) };
}

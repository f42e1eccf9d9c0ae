import type { Run } from '../../../process/run.js';
import { withProgramPaths } from '../../../process/program-path.js';
import type { Link } from '../ip/links.js';
import { recordOf, textOf } from '../printed.js';

/** A bridge of Open vSwitch. */
export interface OpenVswitchBridge {
  readonly name: string;
  /** The interfaces that are its ports, or of a bond that is one; without those of its own. */
  readonly ports: readonly string[];
}

/** What the kernel calls the master of all ports of its datapath, whichever bridge they are at. */
export const KERNEL_DATAPATH = 'ovs-system';
/** What is there where a datapath of ovs-vswitchd itself is. */
const USERSPACE_DATAPATH = 'ovs-netdev';
/** Types of interfaces that Open vSwitch makes for itself (ovs-vswitchd.conf.db(5)). */
const OWN_TYPES: ReadonlySet<string> = new Set(['internal', 'patch']);

/** All three in one process; each answers with a line of its own. */
const COMMAND = [
  ...['ovs-vsctl', '--timeout=5', '--format=json', '--', '--columns=name,ports', 'list', 'bridge'],
  ...['--', '--columns=_uuid,name,interfaces', 'list', 'port'],
  ...['--', '--columns=_uuid,name,type', 'list', 'interface'],
] as const;

/**
 * Reads the bridges of Open vSwitch that are in this network namespace: no process where nothing says that there are any, or
 * where ovs-vsctl is not installed.
 *
 * @throws NetmgrError `CommandFailed` if its database does not answer
 */
export async function readOpenVswitch(run: Run, links: readonly Link[]): Promise<OpenVswitchBridge[]> {
  const names = new Set(links.map(({ name }) => name));
  if (!names.has(KERNEL_DATAPATH) && !names.has(USERSPACE_DATAPATH)) return [];
  if (!isInstalled()) return [];
  const { stdout } = await run(COMMAND);
  // The database knows no namespaces: a bridge is where its own interface is.
  return parseOpenVswitch(stdout).filter(({ name }) => names.has(name));
}

/** Reads what ovs-vsctl prints of the tables Bridge, Port and Interface, a line each. @throws SyntaxError if that is no JSON */
export function parseOpenVswitch(output: string): OpenVswitchBridge[] {
  const [bridges = '{}', ports = '{}', interfaces = '{}'] = output.split('\n');
  const names = new Map(
    rowsOf(interfaces)
      .filter(({ type }) => !OWN_TYPES.has(textOf(type)))
      .map(({ _uuid, name }) => [uuidsOf(_uuid)[0] ?? '', textOf(name)]),
  );
  const members = new Map(
    rowsOf(ports).map((port) => [uuidsOf(port['_uuid'])[0] ?? '', uuidsOf(port['interfaces'])]),
  );
  return rowsOf(bridges)
    .map((bridge) => ({
      name: textOf(bridge['name']),
      ports: uuidsOf(bridge['ports'])
        .flatMap((port) => members.get(port) ?? [])
        .flatMap((member) => names.get(member) ?? [])
        .sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The rows of a table as ovs-vsctl prints it, by their columns. */
function rowsOf(line: string): Record<string, unknown>[] {
  const { headings, data } = recordOf(JSON.parse(line));
  if (!Array.isArray(headings) || !Array.isArray(data)) return [];
  return data.map((cells: unknown) =>
    Object.fromEntries(headings.map((heading, i) => [String(heading), listOf(cells)[i]])),
  );
}

/** The UUIDs of `["uuid", …]` or `["set", [["uuid", …], …]]` (RFC 7047 section 5.1). */
function uuidsOf(value: unknown): string[] {
  const [kind, content] = listOf(value);
  if (kind === 'uuid') return typeof content === 'string' ? [content] : [];
  return kind === 'set' ? listOf(content).flatMap(uuidsOf) : [];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Without starting a process, which blocks the agent. */
function isInstalled(): boolean {
  return withProgramPaths(['ovs-vsctl'])[0] !== 'ovs-vsctl';
}

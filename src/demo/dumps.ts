import type { RealEnvironment } from '../manager/model/real-environment.js';
import { PROBE_METRIC } from '../lab/prober/routes-to-all.js';
import { run } from '../process/run.js';

const HOST_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['tc', 'qdisc', 'show'],
  ['ip', '-d', 'link', 'show'],
  ['ip', 'address', 'show'],
  ['iptables-legacy-save'],
  ['ip6tables-legacy-save'],
  ['iptables-nft-save'],
  ['ip6tables-nft-save'],
  ['ipset', 'save'],
  ['nft', 'list', 'ruleset'],
];
// The demo's own; with a machine's last IPv4 address the kernel takes those over IPv4.
const PROBE_ROUTES = new RegExp(`^.* metric ${String(PROBE_METRIC)}\\b.*\\n`, 'gm');
const MACHINE_LINES = 'link show\naddress show\nroute show table all\n';

/** What the tools print of each host and machine, one entry per namespace and tool. */
export type Dumps = ReadonlyMap<string, string>;

/** Reads what netmgr could leave behind. A tool that does not work on this kernel prints nothing, before and after. */
export async function readDumps(real: RealEnvironment): Promise<Dumps> {
  const dumps = new Map<string, string>();
  for (const { name, vms } of real.hosts) {
    for (const command of HOST_COMMANDS) {
      const { stdout } = await run(['ip', 'netns', 'exec', name, ...command], {
        accept: [0, 1, 2, 3, 127, 255],
        subject: name,
      });
      dumps.set(`${command.join(' ')} of ${name}`, comparable(command[0], stdout));
    }
    for (const vm of vms) {
      const { stdout } = await run(['ip', '-n', vm.name, '-batch', '-'], { input: MACHINE_LINES });
      dumps.set(`ip of ${vm.name}`, comparable('ip', stdout));
    }
  }
  return dumps;
}

/** Without comments, counters, clocks, and tables that hold nothing: those stay once a tool has looked at them. */
export function comparable(tool: string, text: string): string {
  const plain = text
    .replace(/^#.*\n/gm, '')
    .replace(/\[\d+:\d+\]/g, '')
    .replace(PROBE_ROUTES, '')
    .replace(/ \w+_timer +[\d.]+/g, '')
    .replace(/ (valid|preferred)_lft \w+/g, '');
  if (tool.endsWith('-save')) return rulesOf(plain);
  // What iptables keeps in nft is told by its own tool.
  if (tool === 'nft') return plain.replace(/^table ip6? \w+ \{\n[^]*?^\}\n/gm, '');
  return plain;
}

function rulesOf(text: string): string {
  return text.replace(/^(\*\w+|COMMIT|:\w+ ACCEPT ?)\n/gm, '');
}

/** The entries that differ, each with the lines that came and went. */
export function differences(before: Dumps, after: Dumps): string[] {
  return [...after].flatMap(([name, text]) => {
    const old = before.get(name) ?? '';
    if (old === text) return [];
    const [was, is] = [new Set(old.split('\n')), new Set(text.split('\n'))];
    return [
      `${name}:`,
      ...[...was].filter((line) => !is.has(line)).map((line) => `  - ${line}`),
      ...[...is].filter((line) => !was.has(line)).map((line) => `  + ${line}`),
    ];
  });
}

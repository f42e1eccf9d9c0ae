import type { LiveLab } from './live-lab.js';

// Read with the tools' own listings and compared as text: none of netmgr's parsers has a say in it.

const HOST_COMMANDS = [
  'ip link show',
  'ip address show',
  'tc qdisc show',
  'iptables-save',
  'ip6tables-save',
  // What the others do not show, where a kernel has only that.
  'iptables-legacy-save',
  'ip6tables-legacy-save',
  'ipset save',
  'nft list table bridge netmgr',
  // Those of IPv4 and IPv6 are what iptables lists; it leaves empty ones.
  'nft list ruleset bridge',
  'nft list ruleset inet',
  'ip rule show',
  'ip -6 rule show',
  'ip -4 route show table all',
  'ip -6 route show table all',
  'sysctl net.bridge',
];
const MACHINE_COMMANDS = ['ip address show', 'ip -4 route show table all', 'ip -6 route show table all'];

/** What the kernel says of one host or machine: by command, the lines without what changes by itself. */
export type Dump = Readonly<Record<string, readonly string[]>>;

// Each argument is a command; its words hold no blanks and no shell syntax.
const EACH = 'for command in "$@"; do echo "== $command"; $command 2>/dev/null; done; true';
// What hangs at each interface, by its name.
const TRAFFIC_CONTROL = `for link in /sys/class/net/*; do [ -d "$link" ] || continue; name=\${link##*/}
  echo "== tc of $name"; tc class show dev "$name"; tc filter show dev "$name"; tc filter show dev "$name" ingress 2>/dev/null; done; true`;

/** The words before a command that is to run in the network of a host or machine. */
export type Enter = (namespace: string) => readonly [string, ...string[]];
const ENTER: Enter = (namespace) => ['ip', 'netns', 'exec', namespace];

/** Reads all hosts and machines. */
export async function dumpKernel(
  lab: Pick<LiveLab, 'run'>,
  hosts: readonly string[],
  machines: readonly string[],
  enter = ENTER,
): Promise<Dump> {
  const texts = await Promise.all([
    ...hosts.map((host) => each(lab, enter(host), HOST_COMMANDS)),
    ...hosts.map((host) => lab.run(...enter(host), 'sh', '-c', TRAFFIC_CONTROL)),
    ...machines.map((machine) => each(lab, enter(machine), MACHINE_COMMANDS)),
  ]);
  const names = [...hosts, ...hosts, ...machines];
  return Object.fromEntries(texts.flatMap((text, i) => sections(names[i] ?? '', text)));
}

/** The lines that are in one dump alone: `-` those of `before`, `+` those of `after`. */
export function differencesOf(before: Dump, after: Dump): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((command) => {
    const old = before[command] ?? [];
    const now = after[command] ?? [];
    if (old.join('\n') === now.join('\n')) return [];
    const gone = withoutEach(old, now).map((line) => `${command} - ${line}`);
    const come = withoutEach(now, old).map((line) => `${command} + ${line}`);
    return gone.length + come.length === 0 ? [`${command}: the order of the lines`] : [...gone, ...come];
  });
}

/** The lines without those of the others, each taken once. */
function withoutEach(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

function each(lab: Pick<LiveLab, 'run'>, entering: ReturnType<Enter>, commands: readonly string[]): Promise<string> {
  return lab.run(...entering, 'sh', '-c', EACH, 'dump', ...commands);
}

function sections(namespace: string, text: string): [string, readonly string[]][] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((section) => {
      const [words = '', ...lines] = section.split('\n');
      return [`${namespace}: ${words}`, stableLines(words, lines.join('\n'))];
    });
}

/** Tables of filters and what leads to them: they stay when the filters are gone. */
const TABLES =
  /^(filter .* (ht divisor \d+|link [0-9a-f]+:.*)| {2}match 0000(0000|0800|86dd)\/0000(0000|ffff) at (0|-4)| {4}hash mask .*)$/;

/** Without comments, counters, lifetimes and random numbers. Members of a set stand in the order of its hash. */
function stableLines(words: string, text: string): string[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\[\d+:\d+\]/g, '')
    .replace(/counter packets \d+ bytes \d+/g, 'counter')
    .replace(/ (valid|preferred)_lft \w+/g, '')
    .replace(/ initval 0x[0-9a-f]+/g, '')
    .replace(/ hashsize \d+/g, '')
    .replace(/ direct_packets_stat \S+/g, '')
    .replace(/\bindex \d+ ref/g, 'index ref')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !(words.startsWith('tc of') && TABLES.test(line)));
  return /^(ipset|tc|ip -[46] route)/.test(words) ? lines.sort() : lines;
}

/** Without the numbers of what is made anew: interfaces, and the handles of filters. */
export function withoutNumbers(dump: Dump, hosts: readonly string[]): Dump {
  return Object.fromEntries(
    Object.entries(dump)
      // An IFB that is made anew has another number and another random address.
      .filter(([command]) => !hosts.some((host) => command.startsWith(`${host}: ip `)))
      .map(([command, lines]) => [
        command,
        lines
          .map((line) =>
            line
              .replace(/ fh [0-9a-f]+:/, ' fh H:')
              .replace(/ ht [0-9a-f]+ /, ' ht H ')
              .replace(/@if\d+/, '@if')
              .replace(/^\d+: /, ''),
          )
          .sort(),
      ]),
  );
}

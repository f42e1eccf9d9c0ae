import type { RuleCount } from '../rule-count.js';
import type { NftDrops, NftReading, NftSet } from './model.js';

const BLOCK = /^\t(set|map|chain) (\S+) \{\n([\s\S]*?)^\t\}$/gm;
/** Of ours. */
const TABLE = 'netmgr';
const COUNT = / packets (\d+) bytes (\d+)/;

/** Reads `nft list table bridge netmgr`. */
export function parseNft(output: string): NftReading {
  const sets = new Map<string, NftSet>();
  const chains = new Map<string, string[]>();
  const drops: { -readonly [K in keyof NftDrops]: bigint } = { guard: 0n, flood: 0n };
  for (const [, kind, name = '', body = ''] of output.matchAll(BLOCK)) {
    if (kind === 'set' || kind === 'map') {
      sets.set(name, parseSet(kind, body));
      continue;
    }
    const rules = linesOf(body);
    for (const rule of rules) {
      drops[name === 'guard' ? 'guard' : 'flood'] += BigInt(COUNT.exec(rule)?.[1] ?? '0');
    }
    chains.set(
      name,
      rules.map((rule) => rule.replace(COUNT, '')),
    );
  }
  return { table: { sets, chains }, drops };
}

/** Those rules of `nft list table bridge netmgr` that count, and what they have matched. */
export function parseNftCounts(output: string): RuleCount[] {
  return [...output.matchAll(BLOCK)].flatMap(([, kind, chain = '', body = '']) =>
    kind !== 'chain'
      ? []
      : linesOf(body)
          // The first says where the kernel calls the chain.
          .filter((line) => !line.startsWith('type '))
          .flatMap((line, i): RuleCount[] => {
            const [, packets, octets] = COUNT.exec(line) ?? [];
            if (packets === undefined || octets === undefined) return [];
            const rule = line.replace(COUNT, '');
            return [
              { table: TABLE, chain, number: i + 1, rule, packets: BigInt(packets), octets: BigInt(octets) },
            ];
          }),
  );
}

const linesOf = (body: string): string[] =>
  body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function parseSet(kind: 'set' | 'map', body: string): NftSet {
  const elements = /elements = \{([^}]*)\}/.exec(body)?.[1] ?? '';
  return {
    kind,
    type: /^\t\ttype (.*)$/m.exec(body)?.[1] ?? '',
    interval: /^\t\tflags .*\binterval\b/m.test(body),
    elements: new Set(
      elements
        .split(',')
        .map((element) => element.trim())
        .filter((element) => element !== ''),
    ),
  };
}

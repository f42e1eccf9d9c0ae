import type { NftDrops, NftReading, NftSet } from './model.js';

const BLOCK = /^\t(set|map|chain) (\S+) \{\n([\s\S]*?)^\t\}$/gm;
const COUNT = / packets (\d+) bytes \d+/;

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
    const rules = body
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
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

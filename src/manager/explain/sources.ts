import type { PositionOf } from '../merge/place-nodes.js';
import type { PlacedNode } from '../merge/placed-node.js';
import type { Decision } from '../merge/wanted-network.js';
import type { Link } from '../model/link.js';
import { ruleWords } from '../model/rule.js';
import type { Source } from './explanation.js';

/** What of the file decides; undefined where nothing of it does. */
export function sourceOfDecision(
  decision: Decision,
  from: PlacedNode,
  positionOf: PositionOf,
): Source | undefined {
  switch (decision.by) {
    case 'rule':
    case 'link': {
      const { source } = decision.exception;
      return 'action' in source
        ? { words: `rule ${ruleWords(source)}, ${source.from} → ${source.to}`, at: positionOf(source) }
        : sourceOfLink(source, positionOf);
    }
    case 'connection': {
      const { link } = decision.connection;
      return link === undefined ? undefined : sourceOfLink(link, positionOf);
    }
    case 'site':
      return { words: `site ${from.site.name}`, at: positionOf(from.site) };
    case 'nothing':
      return undefined;
  }
}

export function sourceOfLink(link: Link, positionOf: PositionOf): Source {
  const arrow = link.direction === 'both' ? '↔' : '→';
  return { words: `link ${link.from} ${arrow} ${link.to}`, at: positionOf(link) };
}

import { groupBy } from '../../group-by.js';
import { ruleWords } from '../model/rule.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import type { GraphEdge, GraphNode } from './graph.js';

/** What belongs to no site. */
export const OUTSIDE: GraphNode = {
  // A blank is in no name.
  ...{ id: 'outside world', kind: 'outside', name: 'any' },
  ...{ addresses: [], words: ['what belongs to no site'] },
};

/** The rules, numbered in their order, which decides; those of one kind between the same ends are one edge. */
export function ruleEdges({ sites, rules }: VirtualEnvironment): GraphEdge[] {
  const endOf = (name: string): string =>
    name === 'any' && !sites.some((site) => site.name === name) ? OUTSIDE.id : name;
  const numbered = rules.map((rule, i) => ({ rule, text: `#${String(i + 1)} ${ruleWords(rule)}` }));
  const groups = groupBy(numbered, ({ rule }) => `${rule.action}\n${rule.from}\n${rule.to}`);
  return [...groups.values()].flatMap((group): GraphEdge[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { action, from, to } = first.rule;
    return [
      {
        ...{ kind: action, from: endOf(from), to: endOf(to), direction: 'forward', state: 'up' },
        words: group.map(({ text }) => text),
      },
    ];
  });
}

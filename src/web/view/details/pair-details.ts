import type { ValueView } from '../../wire/details-view.js';
import { rateText } from '../../wire/quantity-text.js';
import type { LiveNetwork } from '../live-network.js';
import { worstHealth } from '../pair-views.js';
import { historyOf, type Part } from './part.js';

/** All links between two groups, both ways; undefined if there are none by this id. */
export function pairDetails(network: LiveNetwork, id: string): Part | undefined {
  const pair = network.view?.pairs.find((one) => one.id === id);
  if (pair === undefined) return undefined;
  const [first, second] = pair.ends.map((end) => network.map.groups.find((group) => group.id === end));
  const kind = first?.kind ?? 'site';
  const [one, other] = [first?.name ?? '', second?.name ?? ''];
  const ways = [pair.forth, pair.back].filter((way) => way !== undefined);
  return {
    ...{ kind: 'pair', title: `${one} ↔ ${other}`, health: worstHealth(ways.map(({ health }) => health)) },
    words: [`all links between the ${kind}s' machines`],
    values: [[`${one} → ${other}`, pair.forth] as const, [`${other} → ${one}`, pair.back] as const].flatMap(
      ([name, way]): ValueView[] =>
        way === undefined
          ? []
          : [
              {
                name,
                inForce: `${String(way.links)} ${way.links === 1 ? 'link' : 'links'}`,
                ...(way.rate !== undefined && { measured: rateText(way.rate) }),
                differs: way.comparison === 'differs',
              },
            ],
    ),
    problems: [],
    own: [...network.links.values()].filter((link) => {
      const [from, to] = network.groupsOf(link, kind);
      return from !== to && [from, to].every((end) => end !== undefined && pair.ends.includes(end));
    }),
    history: historyOf(network, [
      [`${one} → ${other}`, `${id} forth`],
      [`${other} → ${one}`, `${id} back`],
    ]),
  };
}

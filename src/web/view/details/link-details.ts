import { parameterWords } from '../../../manager/model/parameters.js';
import { BITS_PER_KILOBIT } from '../../../units/bit-rate.js';
import { linkValues } from '../link-values.js';
import type { LiveNetwork } from '../live-network.js';
import { ageOf, historyOf, nameOf, problemsOf, type Part } from './part.js';

/** What one machine receives from another one; undefined if no link has this id. */
export function linkDetails(network: LiveNetwork, id: string): Part | undefined {
  const link = network.links.get(id);
  if (link === undefined) return undefined;
  const { sample, look } = link;
  const { from, to, row, host, vif, drops } = sample;
  const wanted = from === undefined || to === undefined ? undefined : network.wanted.linkOf(from, to);
  const limit = row.bandwidth * BITS_PER_KILOBIT;
  return {
    ...{ kind: 'link', title: nameOf(link), health: look.health },
    ...ageOf(network, host),
    words: [
      `as ${host} delivers it through ${vif}`,
      ...(wanted === undefined ? [] : parameterWords(wanted.parameters)),
      ...(drops === undefined || drops === 0 ? [] : [`${drops.toFixed(0)} packets dropped per second`]),
    ],
    values: linkValues(row, wanted, look.rate),
    problems: problemsOf(network, id),
    own: [],
    history: { ...historyOf(network, [['passes', id]]), ...(limit > 0 && { limit }) },
  };
}

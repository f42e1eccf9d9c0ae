import { BITS_PER_KILOBIT } from '../../../units/bit-rate.js';
import type { DetailsView, LinkView } from '../../wire/details-view.js';
import type { LiveLink, LiveNetwork } from '../live-network.js';
import { groupDetails } from './group-details.js';
import { linkDetails } from './link-details.js';
import { machineDetails } from './machine-details.js';
import { pairDetails } from './pair-details.js';
import { nameOf } from './part.js';

/** How many links are told at once. */
const MOST_LINKS = 200;

/** All that is known of what has this id; undefined if nothing has. */
export function detailsOf(network: LiveNetwork, id: string): DetailsView | undefined {
  const part =
    machineDetails(network, id) ??
    linkDetails(network, id) ??
    groupDetails(network, id) ??
    pairDetails(network, id);
  if (part === undefined) return undefined;
  const { own, ...rest } = part;
  const links = [...own].sort(byUrgency).slice(0, MOST_LINKS);
  return { id, ...rest, links: links.map(linkView), linkCount: own.length };
}

function linkView(link: LiveLink): LinkView {
  const { id, look, sample, sender, receiver } = link;
  const limit = sample.row.bandwidth * BITS_PER_KILOBIT;
  return {
    ...{ id, name: nameOf(link), receiver, health: look.health },
    ...(sender !== undefined && { sender }),
    ...(look.rate !== undefined && { rate: Math.round(look.rate) }),
    ...(limit > 0 && { limit }),
    comparison: look.comparison,
  };
}

/** What is wrong before what is busy. */
function byUrgency(a: LiveLink, b: LiveLink): number {
  const isWrong = ({ look }: LiveLink): number =>
    look.health === 'failing' || look.comparison === 'differs' ? 1 : 0;
  return isWrong(b) - isWrong(a) || (b.look.rate ?? 0) - (a.look.rate ?? 0);
}

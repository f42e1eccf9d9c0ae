import type { DetailsView, HistoryView } from '../../wire/details-view.js';
import type { LiveLink, LiveNetwork } from '../live-network.js';

/** What details are made of: the links are chosen from all that belong to the thing. */
export type Part = Omit<DetailsView, 'id' | 'links' | 'linkCount'> & { readonly own: readonly LiveLink[] };

/** Milliseconds since a host was read, if it ever was. */
export function ageOf(network: LiveNetwork, host: string): Pick<DetailsView, 'age'> {
  const age = network.hosts.ageOf(host, network.view?.time ?? Date.now());
  return age === undefined ? {} : { age };
}

/** What is wrong with what has this id. @param named whether each says what it is about */
export function problemsOf({ view }: LiveNetwork, id: string, named = false): string[] {
  const own = (view?.problems ?? []).filter((problem) => problem.id === id);
  return own.map(({ subject, text }) => (named ? `${subject}: ${text}` : text));
}

/** The last minutes of series of the history. */
export function historyOf(
  { history }: LiveNetwork,
  series: readonly (readonly [name: string, key: string])[],
): HistoryView {
  return {
    times: history.times,
    series: series.map(([name, key]) => ({ name, rates: history.of(key) })),
  };
}

/** Who sends, and who receives. */
export function nameOf({ sample: { peer, to, host, vif } }: LiveLink): string {
  return `${peer} → ${to ?? `${host} ${vif}`}`;
}

import type { Comparison, Health, PairView, WayView } from '../wire/network-view.js';

/** What the picture shows of one link. */
export interface LinkLook {
  readonly id: string;
  /** Groups at its ends. */
  readonly from: string;
  readonly to: string;
  readonly health: Health;
  readonly rate: number | undefined;
  /** Share of its bandwidth. */
  readonly utilisation: number | undefined;
  readonly comparison: Comparison;
}

/** The worse, the earlier. */
const HEALTHS: readonly Health[] = ['failing', 'stale', 'unknown', 'good'];
const COMPARISONS: readonly Comparison[] = ['differs', 'unknown', 'configured', 'measured'];

/**
 * Sums up links by the groups at their ends.
 *
 * @param groups in the order in which pairs name them
 * @param expected ends between which there is to be something, even if no link is known
 */
export function pairViews(
  groups: readonly string[],
  links: Iterable<LinkLook>,
  expected: readonly (readonly [from: string, to: string])[],
): PairView[] {
  const order = new Map(groups.map((id, i) => [id, i]));
  const pairs = new Map<string, { ends: readonly [string, string]; forth: LinkLook[]; back: LinkLook[] }>();
  const pairOf = (from: string, to: string): [pair: 'forth' | 'back', LinkLook[]] => {
    const isForth = (order.get(from) ?? 0) < (order.get(to) ?? 0);
    const ends = isForth ? ([from, to] as const) : ([to, from] as const);
    const id = pairId(...ends);
    const pair = pairs.get(id) ?? { ends, forth: [], back: [] };
    pairs.set(id, pair);
    return isForth ? ['forth', pair.forth] : ['back', pair.back];
  };
  for (const [from, to] of expected) if (from !== to) pairOf(from, to);
  for (const link of links) if (link.from !== link.to) pairOf(link.from, link.to)[1].push(link);
  return [...pairs].map(([id, { ends, forth, back }]) => ({
    ...{ id, ends },
    ...(forth.length > 0 && { forth: wayOf(forth) }),
    ...(back.length > 0 && { back: wayOf(back) }),
  }));
}

export const pairId = (first: string, second: string): string => `pair:${first} ${second}`;

function wayOf(links: readonly LinkLook[]): WayView {
  const rates = links.map(({ rate }) => rate).filter((rate) => rate !== undefined);
  const shares = links.map(({ utilisation }) => utilisation).filter((share) => share !== undefined);
  return {
    links: links.length,
    health: worst(
      HEALTHS,
      links.map(({ health }) => health),
    ),
    ...(rates.length > 0 && { rate: Math.round(rates.reduce((sum, rate) => sum + rate, 0)) }),
    ...(shares.length > 0 && { utilisation: round(Math.max(...shares)) }),
    comparison: worst(
      COMPARISONS,
      links.map(({ comparison }) => comparison),
    ),
  };
}

function worst<T>(order: readonly T[], values: readonly T[]): T {
  const known = new Set(values);
  return order.find((value) => known.has(value)) ?? (order.at(-1) as T);
}

/** The worst of them; `unknown` of none. */
export function worstHealth(healths: readonly Health[]): Health {
  return healths.length === 0 ? 'unknown' : worst(HEALTHS, healths);
}

/** A share as exactly as it is shown. */
export function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}

const ONE = 1_000_000;
/** With p + r of 1000 or more, whole parts per million keep the share within a thousandth of itself. */
const LEAST_SUM = 1000;

/** The two probabilities of Gilbert's model, in parts per million: to begin to lose, and to end it, at each packet. */
export interface Gilbert {
  readonly p: number;
  readonly r: number;
}

/**
 * The Gilbert model (E. N. Gilbert, Capacity of a burst-noise channel, 1960) that loses a share, and where the losses of
 * two packets in a row have a correlation: p + r = 1 - correlation, and p / (p + r) = share. The smaller of both is a whole
 * number of parts per million at least 1, and the other is what keeps the share.
 *
 * @param share parts per million, more than none and less than all
 * @param correlation parts per million, at most {@link highestCorrelation}
 */
export function gilbertOf(share: number, correlation: number): Gilbert {
  const others = ONE - share;
  const rest = (ONE - correlation) / ONE;
  const small = Math.max(1, Math.round(Math.min(share, others) * rest));
  const large = Math.min(ONE, Math.round((small * Math.max(share, others)) / Math.min(share, others)));
  return share <= others ? { p: small, r: large } : { p: large, r: small };
}

/**
 * The highest correlation, in parts per million, that losses of a share can have: one where p and r are at least 1, and
 * together at least a thousand.
 */
export function highestCorrelation(share: number): number {
  const rarer = Math.min(share, ONE - share);
  return rarer <= 1 ? 0 : Math.floor(ONE - Math.max(ONE / rarer, LEAST_SUM));
}

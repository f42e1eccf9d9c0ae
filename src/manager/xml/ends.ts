import { didYouMean } from './did-you-mean.js';
import type { ModelFindings } from './model-findings.js';
import { quoted } from './printable.js';

/** What the ends of links or rules may name. */
export class Ends {
  private readonly known: ReadonlySet<string>;

  /**
   * @param kind what the names are of, such as `site or node`
   * @param hint what to do about a name that is like none of them
   */
  constructor(
    private readonly names: readonly string[],
    private readonly kind: string,
    private readonly hint: string,
  ) {
    this.known = new Set(names);
  }

  /** Says which end is none of the names; to be asked only of a file that was taken whole. */
  check(
    object: { readonly from: string; readonly to: string },
    findings: ModelFindings,
    subject?: string,
  ): void {
    for (const end of ['from', 'to'] as const) {
      if (this.known.has(object[end])) continue;
      const meant = didYouMean(object[end], this.names);
      const hint = meant === undefined ? this.hint : `Did you mean ${meant}?`;
      findings.add(object, end, `there is no ${this.kind} ${quoted(object[end])}`, hint, subject);
    }
  }
}

/** Says that a link leads to where it begins. Returns whether it does. */
export function leadsToItself(
  link: { readonly from: string; readonly to: string },
  findings: ModelFindings,
  subject: string,
): boolean {
  if (link.from !== link.to) return false;
  findings.add(
    link,
    'to',
    `the link leads from ${quoted(link.from)} to itself`,
    'Name two different ends.',
    subject,
  );
  return true;
}

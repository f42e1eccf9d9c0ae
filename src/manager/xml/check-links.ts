import type { Link } from '../model/link.js';
import { narrowerPolicy } from '../model/narrower-policy.js';
import { correlationBeyondLoss, jitterBeyondLatency } from '../model/parameters.js';
import type { Site } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { Ends, leadsToItself } from './ends.js';
import { checkLine } from './check-line.js';
import type { ModelFindings } from './model-findings.js';
import { quoted } from './printable.js';

/** Checks the links between sites and between nodes. */
export function checkLinks({ sites, links }: VirtualEnvironment, findings: ModelFindings): void {
  const byName = new Map(sites.map((site) => [site.name, site]));
  const ends = new Ends(
    [...byName.keys(), ...sites.flatMap((site) => site.nodes.map((node) => node.vm))],
    'site or node',
    'Name a site or a node of this file.',
  );
  const pairs = findings.unique(
    'Keep one of the two, or write direction="forward" on both, one for each way.',
  );
  for (const link of links) {
    const subject = `${link.from}–${link.to}`;
    checkLine(link, subject, findings);
    checkTogether(link, subject, findings);
    if (leadsToItself(link, findings, subject)) continue;
    if (!findings.complete) continue;
    ends.check(link, findings, subject);
    claimDirections(link, subject, pairs);
    checkProxies(link, byName.get(link.from), byName.get(link.to), findings);
  }
}

function claimDirections(link: Link, subject: string, pairs: ReturnType<ModelFindings['unique']>): void {
  const what = (from: string, to: string) => (): string => `the link from ${quoted(from)} to ${quoted(to)}`;
  const { from, to } = link;
  const taken = pairs.claim(`${from} ${to}`, link, 'from', what(from, to), subject);
  if (link.direction === 'both' && !taken)
    pairs.claim(`${to} ${from}`, link, 'from', what(to, from), subject);
}

function checkTogether(link: Link, subject: string, findings: ModelFindings): void {
  // Where a link does not say both, the merge looks at what it has from less specific ones.
  for (const [attribute, wrong] of [
    ['jitter', jitterBeyondLatency(link)],
    ['loss-correlation', correlationBeyondLoss(link)],
  ] as const) {
    if (wrong !== undefined) findings.add(link, attribute, wrong.message, wrong.hint, subject);
  }
}

/** A link between sites leads through their proxies where the narrower of the two policies says so. */
function checkProxies(
  link: Link,
  from: Site | undefined,
  to: Site | undefined,
  findings: ModelFindings,
): void {
  if (from === undefined || to === undefined) return;
  const policy = narrowerPolicy(from.policy, to.policy);
  if (policy !== 'proxy' && policy !== 'routed') return;
  for (const site of [from, to]) {
    if (site.nodes.some((node) => node.role === 'proxy')) continue;
    findings.add(
      link,
      site === from ? 'from' : 'to',
      `${quoted(site.name)} has no proxy that the link could ${policy === 'routed' ? 'lead through' : 'join'}`,
      'Write role="proxy" on one of its nodes, or policy="open" on both sites.',
      `${link.from}–${link.to}`,
    );
  }
}

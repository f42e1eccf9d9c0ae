import type { Link } from '../model/link.js';
import type { Site, SitePolicy } from '../model/site.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { checkLine } from './check-line.js';
import { didYouMean } from './did-you-mean.js';
import type { ModelFindings } from './model-findings.js';
import { quoted } from './printable.js';

/** From what lets least through to what lets most. */
const POLICIES: readonly SitePolicy[] = ['isolated', 'proxy', 'routed', 'open'];

/** Checks the links between sites and between nodes. */
export function checkLinks({ sites, links }: VirtualEnvironment, findings: ModelFindings): void {
  const byName = new Map(sites.map((site) => [site.name, site]));
  const names = [...byName.keys(), ...sites.flatMap((site) => site.nodes.map((node) => node.vm))];
  const known = new Set(names);
  const pairs = findings.unique(
    'Keep one of the two, or write direction="forward" on both, one for each way.',
  );
  for (const link of links) {
    const subject = `${link.from}–${link.to}`;
    checkLine(link, subject, findings);
    checkJitter(link, subject, findings);
    if (link.from === link.to) {
      findings.add(
        link,
        'to',
        `the link leads from ${quoted(link.from)} to itself`,
        'Name two different ends.',
        subject,
      );
      continue;
    }
    if (!findings.complete) continue;
    for (const end of ['from', 'to'] as const) {
      if (known.has(link[end])) continue;
      const meant = didYouMean(link[end], names);
      findings.add(
        link,
        end,
        `there is no site or node ${quoted(link[end])}`,
        meant === undefined ? 'Name a site or a node of this file.' : `Did you mean ${meant}?`,
        subject,
      );
    }
    claimDirections(link, subject, pairs);
    checkProxies(link, byName.get(link.from), byName.get(link.to), findings);
  }
}

function claimDirections(link: Link, subject: string, pairs: ReturnType<ModelFindings['unique']>): void {
  const what = (from: string, to: string): string => `the link from ${quoted(from)} to ${quoted(to)}`;
  const { from, to } = link;
  const taken = pairs.claim(`${from} ${to}`, link, 'from', what(from, to), subject);
  if (link.direction === 'both' && !taken)
    pairs.claim(`${to} ${from}`, link, 'from', what(to, from), subject);
}

function checkJitter(link: Link, subject: string, findings: ModelFindings): void {
  const latency = link.latency?.microseconds ?? 0;
  if ((link.jitter?.microseconds ?? 0) > latency) {
    findings.add(
      link,
      'jitter',
      `the jitter ${String(link.jitter)} is more than the latency ${link.latency?.toString() ?? '0us'}`,
      'Write a jitter up to the latency: no packet arrives before it was sent.',
      subject,
    );
  }
}

/** A link between sites is the link between their proxies where the narrower of the two policies says so. */
function checkProxies(
  link: Link,
  from: Site | undefined,
  to: Site | undefined,
  findings: ModelFindings,
): void {
  if (from === undefined || to === undefined) return;
  const narrower = POLICIES[Math.min(POLICIES.indexOf(from.policy), POLICIES.indexOf(to.policy))];
  if (narrower !== 'proxy') return;
  for (const site of [from, to]) {
    if (site.nodes.some((node) => node.role === 'proxy')) continue;
    findings.add(
      link,
      site === from ? 'from' : 'to',
      `${quoted(site.name)} has no proxy that the link could join`,
      'Write role="proxy" on one of its nodes, or policy="open" on both sites.',
      `${link.from}–${link.to}`,
    );
  }
}

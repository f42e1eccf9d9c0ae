import type { Site } from '../model/site.js';
import { didYouMean } from './did-you-mean.js';
import type { ModelFindings } from './model-findings.js';
import { printable, quoted } from './printable.js';

/** Checks that the routes of a site lead through nodes of the site. */
export function checkRoutes(site: Site, sites: readonly Site[], findings: ModelFindings): void {
  const routes = findings.unique('Keep one of the two, or give them different metrics.');
  for (const route of site.routes) {
    const to = route.to.toString();
    const metric = route.metric ?? 0;
    routes.claim(`${to} ${String(metric)}`, route, 'to', () => `the route to ${to}`, `${site.name}/${to}`);
    const via = site.nodes.find((node) => node.vm === route.via);
    if (via === undefined) {
      if (findings.complete) reportVia(route.via, route, site, sites, findings);
    } else if (!via.addresses.some((address) => address.version === route.to.version)) {
      findings.add(
        route,
        'via',
        `${printable(route.via)} has no IPv${String(route.to.version)} address to lead the route to ${to}`,
        'Add such an address to the node, or choose another node.',
        `${site.name}/${to}`,
      );
    }
  }
}

function reportVia(
  via: string,
  route: object,
  site: Site,
  sites: readonly Site[],
  findings: ModelFindings,
): void {
  const elsewhere = sites.find((other) => other.nodes.some((node) => node.vm === via));
  const nodes = site.nodes.map((node) => node.vm);
  const meant = didYouMean(via, nodes);
  findings.add(
    route,
    'via',
    elsewhere === undefined
      ? `${site.name} has no node ${quoted(via)}`
      : `${quoted(via)} is a node of ${elsewhere.name}, not of ${site.name}`,
    elsewhere === undefined && meant !== undefined
      ? `Did you mean ${meant}?`
      : `A route leads through a node of its own site, for instance its proxy.`,
    site.name,
  );
}

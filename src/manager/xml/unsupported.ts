import { withDescendants, type ElementText } from './element.js';
import type { Findings } from './findings.js';

/** What the schema takes on a link or an access, but no agent does yet. */
export const NOT_BUILT_ATTRIBUTES = [
  'jitter',
  'latency-correlation',
  'distribution',
  'loss',
  'loss-correlation',
  'duplicate',
  'reorder',
  'reorder-gap',
  'corrupt',
  'burst',
  'queue',
  'limit',
  'framing',
  'mtu',
  'state',
] as const;

/** Refuses what the schema of the virtual environment takes but what is not built yet. */
export function refuseUnsupported(root: ElementText, findings: Findings): void {
  const sites = new Set(named(root, 'site').map((site) => site.attributes.get('name')?.value));
  const nodes = new Set(
    named(root, 'site').flatMap((site) =>
      named(site, 'node').map((node) => node.attributes.get('vm')?.value),
    ),
  );
  for (const element of withDescendants(root)) {
    if (element.name === 'link' || element.name === 'access') {
      for (const name of NOT_BUILT_ATTRIBUTES) refuseAttribute(element, name, findings);
    }
    if (element.name === 'allow' || element.name === 'deny') {
      findings.add(
        element,
        undefined,
        `<${element.name}> is not built yet`,
        'Remove it; sites are closed but for the proxies of linked sites.',
      );
    }
    if (element.name === 'site') {
      refuseAttribute(element, 'overlay', findings);
      if (element.attributes.get('policy')?.value === 'routed') {
        findings.add(
          element,
          'policy',
          'the policy routed is not built yet',
          'Write isolated, proxy or open.',
        );
      }
    }
    if (element.name === 'link') {
      const ends = ['from', 'to'].map((end) => element.attributes.get(end)?.value);
      if (ends.some((end) => nodes.has(end) && !sites.has(end))) {
        findings.add(
          element,
          undefined,
          'a link between nodes is not built yet',
          'Remove it, or link the sites of the nodes.',
        );
      }
    }
  }
}

function refuseAttribute(element: ElementText, name: string, findings: Findings): void {
  if (element.attributes.has(name)) {
    findings.add(element, name, `${name} is not built yet`, `Remove ${name} from the <${element.name}>.`);
  }
}

function named(element: ElementText, name: string): ElementText[] {
  return element.children.filter((child) => child.name === name);
}

import { withDescendants, type ElementText } from './element.js';
import type { Findings } from './findings.js';

/** Refuses what the schema of the virtual environment takes but what is not built yet. */
export function refuseUnsupported(root: ElementText, findings: Findings): void {
  for (const element of withDescendants(root)) {
    if (element.name === 'access') refuseAttribute(element, 'mtu', findings);
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
  }
}

function refuseAttribute(element: ElementText, name: string, findings: Findings): void {
  if (element.attributes.has(name)) {
    findings.add(element, name, `${name} is not built yet`, `Remove ${name} from the <${element.name}>.`);
  }
}

import { withDescendants, type ElementText } from './element.js';
import type { Findings } from './findings.js';

/** Refuses what the schema of the virtual environment takes but what is not built yet. */
export function refuseUnsupported(root: ElementText, findings: Findings): void {
  for (const element of withDescendants(root)) {
    if (element.name === 'site') {
      refuseAttribute(element, 'overlay', findings);
    }
  }
}

function refuseAttribute(element: ElementText, name: string, findings: Findings): void {
  if (element.attributes.has(name)) {
    findings.add(element, name, `${name} is not built yet`, `Remove ${name} from the <${element.name}>.`);
  }
}

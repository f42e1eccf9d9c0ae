import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { checkLinks } from './check-links.js';
import { checkRules } from './check-rules.js';
import { checkSites } from './check-sites.js';
import type { ModelFindings } from './model-findings.js';

/**
 * Checks what a schema cannot: names and addresses that are there twice, references to nothing, and values
 * that the MIB cannot say. What needs the real environment, too, is checked by the merge.
 */
export function checkVirtualEnvironment(environment: VirtualEnvironment, findings: ModelFindings): void {
  checkSites(environment.sites, findings);
  checkLinks(environment, findings);
  checkRules(environment, findings);
}

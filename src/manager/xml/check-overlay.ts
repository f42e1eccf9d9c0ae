import type { Site } from '../model/site.js';
import type { ModelFindings } from './model-findings.js';

/** Whether what a site says of its overlay has an effect. */
export function checkOverlay(site: Site, findings: ModelFindings): void {
  if (site.overlay !== undefined) return;
  for (const [attribute, value] of [
    ['overlay-vni', site.overlayVni],
    ['overlay-port', site.overlayPort],
  ] as const) {
    if (value === undefined) continue;
    findings.add(
      site,
      attribute,
      `${attribute} without overlay has no effect`,
      `Add overlay="vxlan", or remove ${attribute}.`,
      site.name,
    );
  }
}

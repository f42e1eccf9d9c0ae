import { Configuration } from '../../../src/mib/configuration.js';
import { siteTable } from '../../../src/mib/site-table.js';
import type { DecidedHost, NewDecision } from '../../../src/manager/apply/decision.js';

/** A configuration of one site. */
export function configurationOf(site: number): Configuration {
  const configuration = new Configuration();
  configuration.set(siteTable, { site, name: `site${String(site)}`, policy: 'proxy' });
  return configuration;
}

/** A host about which something was decided. */
export function decidedHost(host: string, site = 1): DecidedHost {
  return {
    agent: { host, address: `192.0.2.${host.replace(/\D/g, '')}`, port: 161 },
    owner: 'somebody@somewhere 1 0a',
    label: 'grid',
    takeOver: false,
    configuration: configurationOf(site),
    previousDigest: new Configuration().digest(),
    confirmedGeneration: 3,
  };
}

export function decisionOf(...hosts: readonly DecidedHost[]): NewDecision {
  return {
    time: new Date('2026-11-24T12:00:00Z'),
    manager: 'somebody@somewhere 1',
    environment: 'grid',
    hosts,
  };
}

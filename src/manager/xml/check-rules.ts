import type { Rule } from '../model/rule.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { Ends } from './ends.js';
import type { ModelFindings } from './model-findings.js';
import { printable } from './printable.js';

/** Checks the exceptions: where they lead, and their ports. */
export function checkRules({ sites, rules }: VirtualEnvironment, findings: ModelFindings): void {
  const ends = new Ends(
    ['any', ...sites.flatMap((site) => [site.name, ...site.nodes.map((node) => `${site.name}/${node.vm}`)])],
    'site or node',
    'Write a site (site1), a node of a site (site1/vmgrid101), or any.',
  );
  for (const rule of rules) {
    if (findings.complete) ends.check(rule, findings);
    checkPort(rule, findings);
  }
}

function checkPort(rule: Rule, findings: ModelFindings): void {
  if (rule.port === undefined) return;
  if (rule.protocol !== 'tcp' && rule.protocol !== 'udp') {
    findings.add(
      rule,
      'port',
      'a port without a protocol that has ports says nothing',
      'Write protocol="tcp" or protocol="udp" beside it.',
    );
  }
  const ports = rule.port.split('-').map(Number);
  const [low = 0, high = low] = ports;
  if (low < 1 || high > 65535 || low > high) {
    findings.add(
      rule,
      'port',
      `${printable(rule.port)} is no range of ports from 1 to 65535`,
      'Write a port (22) or a range, the smaller one first (1000-2000).',
    );
  }
}

import { portRange, type Rule } from '../model/rule.js';
import type { VirtualEnvironment } from '../model/virtual-environment.js';
import { Ends } from './ends.js';
import type { ModelFindings } from './model-findings.js';
import { printable, quoted } from './printable.js';

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
    if (rule.from !== rule.to) continue;
    if (rule.from === 'any') {
      findings.add(
        rule,
        'to',
        'what the outside world sends to itself is no matter of the sites',
        'Name a site, or a node as site/node, at one end at least.',
      );
    } else if (rule.from.includes('/')) {
      findings.add(
        rule,
        'to',
        `the rule leads from ${quoted(rule.from)} to itself`,
        'Name another node or site at one end.',
      );
    }
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
  const [low, high] = portRange(rule) ?? [0, 0];
  if (low < 1 || high > 65535 || low > high) {
    findings.add(
      rule,
      'port',
      `${printable(rule.port)} is no range of ports from 1 to 65535`,
      'Write a port (22) or a range, the smaller one first (1000-2000).',
    );
  }
}

import type { LiveNetwork } from '../live-network.js';
import { worstHealth } from '../pair-views.js';
import { ageOf, historyOf, problemsOf, type Part } from './part.js';

/** A site or a host: what its machines do together; undefined if no group has this id. */
export function groupDetails(network: LiveNetwork, id: string): Part | undefined {
  const group = network.map.groups.find((one) => one.id === id);
  if (group === undefined) return undefined;
  const { kind, name } = group;
  const machines = new Set(
    network.map.machines.filter((one) => one[kind] === id).map((machine) => machine.id),
  );
  const views = (network.view?.machines ?? []).filter((machine) => machines.has(machine.id));
  return {
    ...{ kind, title: name, health: worstHealth(views.map(({ health }) => health)) },
    ...(kind === 'host' ? hostPart(network, name) : { words: siteWords(network, name), values: [] }),
    problems: [
      ...problemsOf(network, id),
      ...[...machines].flatMap((machine) => problemsOf(network, machine, true)),
    ],
    own: [...network.links.values()].filter((link) => network.groupsOf(link, kind).includes(id)),
    history: historyOf(network, [
      ['its machines send', `${id} sends`],
      ['its machines receive', `${id} receives`],
    ]),
  };
}

/** What of a host is more than its machines; it may be worse off than they are. */
function hostPart(
  network: LiveNetwork,
  name: string,
): Pick<Part, 'words' | 'values'> & Partial<Pick<Part, 'age' | 'health'>> {
  const { status, answers } = network.hosts.of(name);
  const now = network.view?.time ?? Date.now();
  const isStale = answers === 'no' || network.hosts.isStale(name, now);
  if (status === undefined) return { words: [], values: [], health: isStale ? 'stale' : 'unknown' };
  const { cfg, summary, host } = status;
  const digest = network.wanted.digestOf(name);
  const isOther = digest !== undefined && !digest.equals(cfg.runningDigest);
  const isWrong = cfg.driftCount > 0 || isOther;
  return {
    ...ageOf(network, name),
    ...(isStale ? { health: 'stale' } : isWrong ? { health: 'failing' } : {}),
    words: [`agent ${host.agentVersion}`, host.kernel],
    values: [
      {
        name: 'configuration',
        ...(digest !== undefined && { configured: network.map.name }),
        inForce: cfg.runningLabel || 'none',
        differs: isOther,
      },
      { name: 'state', inForce: cfg.state, differs: cfg.state === 'failed' },
      {
        name: 'vifs in order',
        configured: String(summary.vifs),
        inForce: String(summary.vifsApplied),
        differs: summary.vifs !== summary.vifsApplied,
      },
      {
        name: 'link rows in order',
        configured: String(summary.links),
        inForce: String(summary.linksApplied),
        differs: summary.links !== summary.linksApplied,
      },
      { name: 'drift', inForce: String(cfg.driftCount), differs: cfg.driftCount > 0 },
    ],
  };
}

function siteWords(network: LiveNetwork, name: string): string[] {
  const site = network.wanted.siteOf(name);
  return site === undefined ? [] : [...site.networks.map(String), `policy ${site.policy}`];
}

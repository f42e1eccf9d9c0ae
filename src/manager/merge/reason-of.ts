import type { Decision } from './wanted-network.js';

/** Why a packet passes or not, in words that follow "because". */
export function reasonOf(decision: Decision): string {
  switch (decision.by) {
    case 'site':
      return 'they are of one site';
    case 'connection': {
      const [a, b] = decision.connection.sites;
      return `a link joins ${a.name} and ${b.name}`;
    }
    case 'rule':
      return `a rule ${decision.passes ? 'allows' : 'denies'} it`;
    case 'link':
      return 'a link of nodes joins them';
    case 'nothing':
      return 'nothing lets it';
  }
}

import type { RealEnvironment } from '../manager/model/real-environment.js';
import { readLayoutParts } from './layout-parts.js';

/** A host of the lab. */
export interface LabHost {
  readonly name: string;
  /** Where its agent answers. */
  readonly address: string;
  readonly port: number;
  /** The name of the file's credentials. */
  readonly credentials: string;
}

/** Commands for one namespace: lines of `ip -batch` and of `tc -batch`. */
export interface NamespaceCommands {
  readonly namespace: string;
  readonly ip: readonly string[];
  readonly tc: readonly string[];
}

/** All that is to be built, as plain data that can cross to another kernel. */
export interface LabLayout {
  readonly hosts: readonly LabHost[];
  /** The names of hosts and machines. */
  readonly namespaces: readonly string[];
  /** `ip -batch` and `tc -batch` for the lab's own namespace; the namespaces exist by then. */
  readonly root: Omit<NamespaceCommands, 'namespace'>;
  readonly inside: readonly NamespaceCommands[];
  readonly labAddresses: readonly string[];
  /** What of the file the lab leaves out, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Says how a real environment is built from namespaces, veth pairs and bridges.
 *
 * @throws NetmgrError `Conflict` where names or addresses clash or the hosts' addresses share no network.
 */
export function planLayout(real: RealEnvironment): LabLayout {
  const { cables, machines, switches, ...common } = readLayoutParts(real);
  return {
    ...common,
    namespaces: machines.flatMap(({ namespaces }) => namespaces),
    root: {
      ip: [
        ...cables.map(
          ({ port, host, device }) => `link add name ${port} type veth peer name ${device} netns ${host}`,
        ),
        ...switches.ip,
        ...machines.flatMap(({ links }) => links),
      ],
      tc: switches.tc,
    },
    inside: machines.flatMap(({ inside }) => inside),
  };
}

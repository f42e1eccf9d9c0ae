import type { RealEnvironment } from '../manager/model/real-environment.js';
import { wiresOf, type Wire } from './kernel/wire.js';
import { readLayoutParts, type Cable } from './layout-parts.js';
import type { LabLayout } from './layout.js';

/** What one of a lab's kernels is to build, and the ends of wires that it has as `vec0`, `vec1`, …. */
export interface KernelPlan {
  readonly layout: LabLayout;
  readonly wires: readonly Wire[];
}

/** A kernel for the switches and the command, and one for each host with its machines. */
export interface KernelPlans {
  readonly lab: KernelPlan;
  readonly hosts: ReadonlyMap<string, KernelPlan>;
}

/**
 * Says how a real environment is built from a kernel per host, joined by wires.
 *
 * @throws NetmgrError `Conflict` where names or addresses clash or the hosts' addresses share no network.
 */
export function planKernels(real: RealEnvironment): KernelPlans {
  const { cables, machines, switches, notes, ...common } = readLayoutParts(real);
  const pairs = wiresOf(cables.length);
  const ends = cables.map((cable, index) => ({ ...cable, wires: pairs[index] }));
  return {
    lab: {
      layout: {
        ...common,
        notes,
        namespaces: [],
        root: {
          ip: [
            ...cables.map(({ port }, index) => `link set dev ${device(index)} name ${port}`),
            ...switches.ip,
          ],
          tc: switches.tc,
        },
        inside: [],
      },
      wires: ends.flatMap(({ wires }) => wires?.[0] ?? []),
    },
    hosts: new Map(
      machines.map(({ host: { name }, namespaces, links, inside }) => {
        const own = ends.filter(({ host }) => host === name);
        const layout = {
          ...common,
          notes: [],
          namespaces,
          root: { ip: [...own.map(moveCommand), ...links], tc: [] },
          inside,
        };
        return [name, { layout, wires: own.flatMap(({ wires }) => wires?.[1] ?? []) }];
      }),
    ),
  };
}

function moveCommand(cable: Cable, index: number): string {
  return `link set dev ${device(index)} netns ${cable.host} name ${cable.device}`;
}

function device(index: number): string {
  return `vec${String(index)}`;
}

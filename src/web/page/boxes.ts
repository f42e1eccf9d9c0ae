import type { GroupKind, MapGroup, MapMachine, NetworkMap } from '../wire/network-map.js';
import { arrange, type Box, type Size } from './arrange.js';

/** With more machines than this, they are tiles without names. */
const MOST_NAMES = 80;
/** Pixels: below, all is smaller. */
const NARROW = 560;
/** How much of a group's name is shown where its machines need less. */
const MOST_NAME = 110;
/** Pixels between neighbours for which there is always something to see on the way. */
const MOST_BETWEEN = 420;
/** Of a letter of a name, and of what stands beside it. */
const LETTER = 6.6;
/** Of one of a group's name. */
export const BOLD_LETTER = 8;
const MARK = 24;

/** Pixels of what a group is made of. */
interface Measures {
  /** Around a group's contents. */
  readonly padding: number;
  /** Of the line with its name. */
  readonly head: number;
  /** Between two machines. */
  readonly gap: number;
  /** Between two groups, at least. */
  readonly distance: number;
  /** Of a machine; a name makes it wider up to `longest`. */
  readonly height: number;
  readonly shortest: number;
  readonly longest: number;
  /** How much wider than high a group is. */
  readonly shape: number;
}

const NAMED: Measures = {
  ...{ padding: 8, head: 22, gap: 4, distance: 18 },
  ...{ height: 34, shortest: 92, longest: 150, shape: 1.25 },
};
const NAMED_NARROW: Measures = { ...NAMED, padding: 6, distance: 10, shortest: 88, longest: 104, shape: 0.7 };
const TILED: Measures = {
  ...{ padding: 7, head: 22, gap: 3, distance: 12 },
  ...{ height: 14, shortest: 14, longest: 14, shape: 1.4 },
};
const TILED_NARROW: Measures = {
  ...{ padding: 4, head: 17, gap: 2, distance: 5 },
  ...{ height: 9, shortest: 9, longest: 9, shape: 1.5 },
};

/** What is drawn where, in pixels. */
export interface Boxes extends Size {
  readonly groups: readonly GroupBox[];
  /** Whether machines have room for their names. */
  readonly isNamed: boolean;
  /** Whether there is little room for all. */
  readonly isNarrow: boolean;
}

export interface GroupBox extends Box {
  /** Undefined of what is in no site. */
  readonly group: MapGroup | undefined;
  readonly machines: readonly (Box & { readonly machine: MapMachine })[];
}

/** Places groups, and the machines in them. @param room that there is on the page */
export function boxesOf(map: NetworkMap, kind: GroupKind, room: Size): Boxes {
  const isNamed = map.machines.length <= MOST_NAMES;
  const isNarrow = room.width < NARROW;
  const measures = isNamed ? (isNarrow ? NAMED_NARROW : NAMED) : isNarrow ? TILED_NARROW : TILED;
  const { padding, head, gap, distance, shape } = measures;
  const cell = cellOf(map.machines, measures);
  const groups = groupsOf(map, kind);
  const inner = groups.map(({ group, machines }) => {
    const columns = columnsFor(machines.length, cell, shape);
    const rows = Math.ceil(machines.length / columns);
    const name = (group?.name.length ?? 10) * BOLD_LETTER + MARK;
    const cells = columns * (cell.width + gap) - gap;
    return {
      columns,
      width: Math.max(cells, Math.min(name, MOST_NAME)) + 2 * padding,
      height: head + Math.max(0, rows * (cell.height + gap) - gap) + 2 * padding,
    };
  });
  const { boxes, width, height } = arrange(inner, enough(inner, room), distance);
  return {
    ...{ width, height, isNamed, isNarrow },
    groups: groups.flatMap(({ group, machines }, i): GroupBox[] => {
      const box = boxes[i];
      const columns = inner[i]?.columns ?? 1;
      if (box === undefined) return [];
      return [
        {
          ...box,
          group,
          machines: machines.map((machine, at) => ({
            ...{ machine, ...cell },
            x: box.x + padding + (at % columns) * (cell.width + gap),
            y: box.y + padding + head + Math.floor(at / columns) * (cell.height + gap),
          })),
        },
      ];
    }),
  };
}

/** The room, or as much of its shape as does not put a few small groups far apart. */
function enough(sizes: readonly Size[], room: Size): Size {
  const widest = Math.max(0, ...sizes.flatMap(({ width, height }) => [width, height]));
  const needed = sizes.length * (widest + MOST_BETWEEN);
  // Around the rectangle in which the middles of the groups are.
  const around = 2 * (room.width + room.height - 2 * widest);
  const share = Math.min(1, needed / around);
  return { width: room.width * share, height: room.height * share };
}

function groupsOf(
  { groups, machines }: NetworkMap,
  kind: GroupKind,
): { group: MapGroup | undefined; machines: MapMachine[] }[] {
  const named = groups
    .filter((group) => group.kind === kind)
    .map((group) => ({ group, machines: machines.filter((machine) => machine[kind] === group.id) }));
  const others = machines.filter((machine) => machine[kind] === undefined);
  return others.length === 0 ? named : [...named, { group: undefined, machines: others }];
}

function cellOf(machines: readonly MapMachine[], { shortest, longest, height }: Measures): Size {
  const letters = Math.max(0, ...machines.map(({ name }) => name.length));
  return { width: Math.min(longest, Math.max(shortest, Math.ceil(letters * LETTER) + MARK)), height };
}

function columnsFor(count: number, cell: Size, shape: number): number {
  return Math.max(1, Math.round(Math.sqrt((count * shape * cell.height) / cell.width)));
}

/** As much of a name as there is room for beside its mark. @param letter pixels of one, the usual if nothing is said */
export function shortened(name: string, width: number, letter = LETTER): string {
  const letters = Math.max(3, Math.floor((width - MARK) / letter));
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}

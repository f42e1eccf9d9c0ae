import { NetmgrError } from '../../errors.js';
import type { Configuration } from '../../mib/configuration.js';
import { vifTable } from '../../mib/vif-table.js';
import type { HostDifference } from '../host/examination.js';
import { writeIfbAdditions, writeIfbRemovals } from '../kernel/ip/ifbs.js';
import { ifbName, SINK } from '../kernel/tc/ifb-name.js';
import type { TcDevice } from '../kernel/tc/model.js';
import { writeTc } from '../kernel/tc/write.js';
import type { Drift } from './drift.js';
import { treeWords, txWords } from './shaping-words.js';

/** What differs in qdiscs, classes, filters and IFBs. Whether anything does is what the writers of a commit say. */
export function shapingDifferences(running: Configuration, { reading, desired }: HostDifference): Drift[] {
  const vifs = new Set([...reading.state.tc.keys(), ...desired.tc.keys()]);
  // The IFB of a vif that is away waits for it: that the vif is away is all there is to say.
  const away = new Set(
    running
      .rows(vifTable)
      .map(({ vif }) => vif)
      .filter((vif) => !reading.links.has(vif)),
  );
  return [
    ...[...vifs].flatMap((vif) => deviceDifferences(vif, reading.state.tc.get(vif), desired.tc.get(vif))),
    ...missingIfbs({ reading, desired }),
    ...surplusIfbs({ reading, desired }),
  ].filter(({ vif }) => !away.has(vif));
}

function deviceDifferences(vif: string, held: TcDevice | undefined, wanted: TcDevice | undefined): Drift[] {
  const repairs = repairsOf(vif, held, wanted);
  if (repairs === '') return [];
  const words = repairs instanceof NetmgrError ? [repairs.message] : deviceWords(vif, held, wanted);
  return words.map((text) => ({
    what: 'shaping',
    vif,
    text,
    repairable: !(repairs instanceof NetmgrError),
  }));
}

/** The lines that would put it right, or why they cannot be written. */
function repairsOf(
  vif: string,
  held: TcDevice | undefined,
  wanted: TcDevice | undefined,
): string | NetmgrError {
  const state = (device: TcDevice | undefined): Map<string, TcDevice> =>
    new Map(device === undefined ? [] : [[vif, device]]);
  try {
    return writeTc(state(held), state(wanted));
  } catch (error) {
    if (error instanceof NetmgrError && error.kind === 'Conflict') return error;
    throw error;
  }
}

function deviceWords(vif: string, held: TcDevice | undefined, wanted: TcDevice | undefined): string[] {
  const leftOver = `${vif} should have nothing of netmgr, and has qdiscs of it left over`;
  if (wanted === undefined) return [leftOver];
  const nothing = `${vif} should have netmgr's root qdisc, and has not`;
  if (held === undefined) return [nothing];
  if (!wanted.root) return [leftOver];
  const words = [...(held.root ? treeWords(held, wanted) : [nothing]), ...txWords(held, wanted)];
  return words.length > 0 ? words : [`${vif} should be shaped otherwise`];
}

/** The vif that an IFB is for; that for copies is for none. */
const shapedVif = (owner: string): string => (owner === SINK ? '' : owner);

function missingIfbs({ reading: { links }, desired }: HostDifference): Drift[] {
  return [...desired.ifbs].flatMap((vif): Drift[] => {
    const name = ifbName(vif);
    const link = links.get(name);
    try {
      if (writeIfbAdditions(link === undefined ? [] : [link], [vif]) === '') return [];
    } catch (error) {
      if (!(error instanceof NetmgrError) || error.kind !== 'Conflict') throw error;
      return [{ what: 'shaping', vif: shapedVif(vif), text: error.message, repairable: false }];
    }
    const words =
      link === undefined
        ? 'should be there, and is not'
        : link.up
          ? 'should have its alias, and has not'
          : 'should be up, and is down';
    const text =
      vif === SINK
        ? `the IFB ${name}, to which copies are sent, ${words}`
        : `${name}, where what the machine of ${vif} sends is shaped, ${words}`;
    return [{ what: 'shaping', vif: shapedVif(vif), text, repairable: true }];
  });
}

function surplusIfbs({ reading: { links, state }, desired }: HostDifference): Drift[] {
  const vifOf = new Map([...state.ifbs].map((vif) => [ifbName(vif), vif]));
  return writeIfbRemovals([...links.values()], desired.ifbs)
    .split('\n')
    .flatMap((line): Drift[] => {
      const name = /^link del dev (\S+)$/.exec(line)?.[1];
      if (name === undefined) return [];
      const vif = shapedVif(vifOf.get(name) ?? '');
      return [
        { what: 'shaping', vif, text: `the IFB ${name} should not be there, and is`, repairable: true },
      ];
    });
}

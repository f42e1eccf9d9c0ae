import type { Configuration } from '../../mib/configuration.js';
import { NetmgrError } from '../../errors.js';
import { overlayTable } from '../../mib/overlay-table.js';
import type { HostDifference } from '../host/examination.js';
import type { Overlay, OverlayState } from '../kernel/overlay/model.js';
import { writeFdb, writeOverlayAdditions, writeOverlayRemovals } from '../kernel/overlay/write.js';
import type { Drift } from './drift.js';

/** What differs in overlays. Whether anything does is what the writers of a commit say. */
export function overlayDifferences(running: Configuration, { reading, desired }: HostDifference): Drift[] {
  const held = reading.state.overlays;
  const drift = (text: string, repairable = true): Drift => ({ what: 'overlay', vif: '', text, repairable });
  const missing = running
    .rows(overlayTable)
    .filter(({ bridge }) => !reading.links.has(bridge))
    .map(({ bridge }) => drift(`${bridge}, the bridge of an overlay, should be there, and is not`, false));
  const surplus = [...held.keys()]
    .filter((name) => !desired.overlays.has(name))
    .map((name) => drift(`the overlay ${name} should not be there, and is`));
  const others = [...desired.overlays].flatMap(([name, wanted]): Drift[] => {
    const one = new Map([[name, wanted]]);
    const present = held.get(name);
    const before: OverlayState = present === undefined ? new Map() : new Map([[name, present]]);
    try {
      const lines =
        writeOverlayRemovals(before, one) +
        writeOverlayAdditions(reading.links, before, one) +
        writeFdb(before, one);
      return lines === '' ? [] : [drift(`the overlay ${name} ${words(present, wanted)}`)];
    } catch (error) {
      if (!(error instanceof NetmgrError) || error.kind !== 'Conflict') throw error;
      return [drift(error.message, false)];
    }
  });
  return [...missing, ...surplus, ...others];
}

function words(held: Overlay | undefined, wanted: Overlay): string {
  if (held === undefined) return 'should be there, and is not';
  if (held.bridge !== wanted.bridge) return `should be at the bridge ${wanted.bridge ?? ''}, and is not`;
  if (!held.up) return 'should be up, and is down';
  return 'should send to other hosts, or be joined with the bridge, as configured, and does not';
}

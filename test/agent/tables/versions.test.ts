import { expect } from 'chai';
import { MibView } from '../../../src/agent/tables/mib-view.js';
import type { SetWriter } from '../../../src/agent/tables/set-router.js';
import { TableSource } from '../../../src/agent/tables/table-source.js';
import { WalkedReadings } from '../../../src/agent/tables/versions.js';
import { flowStateTable } from '../../../src/mib/flow-state-table.js';
import { encodeIndex, type Entry } from '../../../src/mib/table.js';
import type { Oid } from '../../../src/mib/value.js';

const ROWS = 5;

/** All counters of a reading are its number. */
const reading = (number: number): Entry[] =>
  Array.from({ length: ROWS }, (_, i) => {
    const row = { index: i + 1, packets: BigInt(number), octets: BigInt(number) };
    return { index: encodeIndex(flowStateTable, row), row };
  });

const refreshing =
  (readings: WalkedReadings<readonly Entry[]>, number: number): (() => Promise<void>) =>
  () => {
    readings.found(reading(number));
    return Promise.resolve();
  };

describe('walks of what is read again and again', () => {
  let latest = 1;
  let view: MibView;

  beforeEach(() => {
    latest = 1;
    const readings = new WalkedReadings<readonly Entry[]>([]);
    const table = new TableSource(flowStateTable, () => readings.shown);
    const refresh = (): Promise<void> => {
      readings.found(reading(latest));
      return Promise.resolve();
    };
    view = new MibView([table], {} as SetWriter, [
      { prefix: flowStateTable.entry, refresh, versions: readings },
    ]);
  });

  /** One step of a walk: where it is then, and what it found there. */
  const step = async (at: Oid): Promise<{ at: Oid; value: unknown } | undefined> => {
    const found = await view.next(at, false, []);
    return found && { at: found.oid, value: 'value' in found.value ? found.value.value : undefined };
  };
  const whole = async (onStep: () => void = () => undefined): Promise<unknown[]> => {
    const seen: unknown[] = [];
    let at: Oid = flowStateTable.entry;
    for (let found = await step(at); found !== undefined; found = await step(at)) {
      seen.push(found.value);
      at = found.at;
      onStep();
    }
    return seen;
  };

  it('see one reading each, whatever is read meanwhile', async () => {
    const seen = await whole(() => latest++);
    expect(seen).to.deep.equal(Array.from({ length: 2 * ROWS }, () => 1n));
    expect((await whole())[0]).to.equal(BigInt(latest));
  });

  it('go on side by side, and GETs see the newest', async () => {
    const first = await step(flowStateTable.entry);
    latest = 2;
    const second = await step(first?.at ?? []);
    const other = await step(flowStateTable.entry);
    expect([first?.value, second?.value, other?.value]).to.deep.equal([1n, 1n, 2n]);
    expect(await view.get([...flowStateTable.entry, 1, 3])).to.have.property('value', 2n);
    expect((await step(second?.at ?? []))?.value).to.equal(1n);
  });

  it('come to what was never read before, beyond what is read with something else', async () => {
    const own = new WalkedReadings<readonly Entry[]>([]);
    const other = new WalkedReadings<readonly Entry[]>([]);
    const behind = { ...flowStateTable, entry: [...flowStateTable.entry.slice(0, -2), 4, 1] };
    const both = new MibView(
      [new TableSource(flowStateTable, () => own.shown), new TableSource(behind, () => other.shown)],
      {} as SetWriter,
      [
        {
          prefix: flowStateTable.entry,
          refresh: refreshing(own, 1),
          versions: own,
        },
        { prefix: behind.entry, refresh: refreshing(other, 2), versions: other },
      ],
    );
    other.found(reading(2));
    other.showLatest();
    const first = await both.next(flowStateTable.entry.slice(0, -3), false, []);
    expect(first?.value).to.have.property('value', 1n);
  });

  it('may ask the same again', async () => {
    const first = await step(flowStateTable.entry);
    latest = 2;
    expect((await step(first?.at ?? []))?.value).to.equal(1n);
    expect((await step(first?.at ?? []))?.value).to.equal(1n);
  });

  it('are forgotten where there are too many', () => {
    const readings = new WalkedReadings('');
    for (let i = 0; i < 30_000; i++) readings.passed([1, i]);
    expect(readings.showAt([1, 29_999])).to.equal(true);
    expect(readings.showAt([1, 0])).to.equal(false);
  });
});

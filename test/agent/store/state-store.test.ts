import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DEFAULT_SETTINGS, type AgentState, type Labelled } from '../../../src/agent/store/agent-state.js';
import { StateStore, type LoadedState } from '../../../src/agent/store/state-store.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { siteTable } from '../../../src/mib/site-table.js';
import { DurableFiles } from '../../../src/process/durable-files.js';
import { openSealedJson, sealJson } from '../../../src/process/sealed-json.js';

const labelled = (sites: number): Labelled => {
  const configuration = new Configuration();
  for (let site = 1; site <= sites; site++) {
    configuration.set(siteTable, { site, name: `site${String(site)}`, policy: 'open' });
  }
  return { configuration, label: `of ${String(sites)}` };
};
const digestOf = ({ configuration }: Labelled): string => configuration.digest().toString('hex');

const STATE: AgentState = {
  phase: { name: 'applying', target: labelled(3) },
  running: labelled(2),
  previous: labelled(1),
  generation: 7,
  confirmedGeneration: 6,
  runningTime: new Date('2026-01-02T03:04:05.000Z'),
  last: { action: 'commit', digest: digestOf(labelled(2)), result: 'interrupted' },
  settings: { ...DEFAULT_SETTINGS, autoRepair: true, auditInterval: 0 },
};

const plain = ({ state }: LoadedState): unknown =>
  state === undefined
    ? undefined
    : {
        ...state,
        phase: state.phase.name === 'applying' ? digestOf(state.phase.target) : state.phase,
        running: [digestOf(state.running), state.running.label],
        previous: [digestOf(state.previous), state.previous.label],
      };

describe('StateStore', () => {
  let directory: string;
  let steps: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-state-'));
    steps = [];
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** As the agent's next life has it. */
  const open = (): StateStore => new StateStore(directory, new DurableFiles((step) => void steps.push(step)));
  const save = async (state: AgentState = STATE): Promise<void> => {
    const store = open();
    await store.load();
    await store.save(state);
  };
  const path = (): string => join(directory, 'state.json');
  const pathOf = (one: Labelled): string => join(directory, 'configurations', `${digestOf(one)}.json`);
  const asideOf = (file: string): string[] => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    return readdirSync(file.slice(0, file.lastIndexOf('/'))).filter((one) =>
      one.startsWith(`${name}.damaged-`),
    );
  };

  it('reads back what it has written', async () => {
    await save();
    const loaded = await open().load();
    expect(loaded.damage).to.deep.equal([]);
    expect(plain(loaded)).to.deep.equal(plain({ state: STATE, damage: [] }));
  });

  it('reads what was written before it was known whether somebody had agreed to it: nobody had', async () => {
    await save();
    const { confirmedGeneration, ...earlier } = openSealedJson(readFileSync(path(), 'utf8')) as AgentState;
    expect(confirmedGeneration).to.equal(STATE.confirmedGeneration);
    writeFileSync(path(), sealJson(earlier));
    const { state, damage } = await open().load();
    expect([state?.confirmedGeneration, damage]).to.deep.equal([0, []]);
  });

  it('writes each file whole before its name leads to it, and configurations before the state that names them', async () => {
    await save();
    const names = [STATE.running, STATE.previous, labelled(3)].map((one) => `${digestOf(one)}.json`);
    const write = (name: string): string[] => [
      `write ${name}`,
      `sync ${name}`,
      `rename ${name}`,
      `sync the directory of ${name}`,
    ];
    expect(steps).to.deep.equal([...names, 'state.json'].flatMap(write));
  });

  it('writes no configuration twice, and takes away those that are named no more after the state', async () => {
    await save();
    const store = open();
    await store.load();
    steps = [];
    await store.save({ ...STATE, phase: { name: 'idle' } });
    expect(steps.map((step) => step.replace(/^(write|sync|rename) .*(state.json)$/, '$1 $2'))).to.deep.equal([
      'write state.json',
      'sync state.json',
      'rename state.json',
      'sync state.json',
      `remove ${digestOf(labelled(3))}.json`,
    ]);
  });

  it('knows nothing where there never was anything, and says nothing of damage', async () => {
    expect(await open().load()).to.deep.equal({ state: undefined, damage: [] });
  });

  it('sets a state aside that is cut short anywhere, and names it', async () => {
    await save();
    const whole = readFileSync(path());
    // The line's end after the checksum carries nothing.
    for (let length = 0; length < whole.length - 1; length++) {
      writeFileSync(path(), whole);
      truncateSync(path(), length);
      const { state, damage } = await open().load();
      expect(state, String(length)).to.equal(undefined);
      expect(damage).to.have.lengthOf(1);
      const [aside = ''] = asideOf(path());
      expect(damage[0]).to.contain(path()).and.to.contain(join(directory, aside));
      expect(readFileSync(join(directory, aside))).to.deep.equal(whole.subarray(0, length));
      rmSync(join(directory, aside));
    }
  });

  it('sees every flipped octet, of the state and of a configuration', async () => {
    await save();
    for (const file of [path(), pathOf(STATE.running)]) {
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length - 1; at += 3) {
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ 0x04;
        await save();
        writeFileSync(file, flipped);
        const { state, damage } = await open().load();
        expect(state, `${file} ${String(at)}`).to.equal(undefined);
        expect(damage.join()).to.contain(file);
        for (const one of asideOf(file)) rmSync(join(file, '..', one));
        for (const one of asideOf(path())) rmSync(join(directory, one));
      }
    }
  });

  it('goes on from what runs where only the way back is damaged', async () => {
    await save({ ...STATE, phase: { name: 'confirmWait', boot: 'a', deadline: 5 } });
    rmSync(pathOf(STATE.previous));
    const { state, damage } = await open().load();
    expect(state?.phase).to.deep.equal({ name: 'idle' });
    expect(damage.join()).to.contain(pathOf(STATE.previous));
    expect(state === undefined ? '' : digestOf(state.previous)).to.equal(digestOf(STATE.running));
  });

  it('says so where the configuration that runs is missing', async () => {
    await save();
    rmSync(pathOf(STATE.running));
    const { state, damage } = await open().load();
    expect(state).to.equal(undefined);
    expect(damage.join()).to.contain(pathOf(STATE.running));
  });

  it('leaves a configuration that cannot be read for now, and what names it', async () => {
    await save();
    // A link that leads to itself: ELOOP is no damage of the file.
    rmSync(pathOf(STATE.running));
    symlinkSync(pathOf(STATE.running), pathOf(STATE.running));
    const failure: unknown = await open()
      .load()
      .catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('kind', 'AccessDenied');
    expect(asideOf(path())).to.deep.equal([]);
    expect(asideOf(pathOf(STATE.running))).to.deep.equal([]);
  });

  it('refuses what a later version wrote, and leaves it as it is', async () => {
    await save();
    const later = sealJson({
      ...(openSealedJson(readFileSync(path(), 'utf8')) as object),
      version: 2,
    });
    writeFileSync(path(), later);
    const failure: unknown = await open()
      .load()
      .catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('kind', 'Conflict');
    expect(readFileSync(path(), 'utf8')).to.equal(later);
    expect(asideOf(path())).to.deep.equal([]);
  });
});

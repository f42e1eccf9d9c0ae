import { expect } from 'chai';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NetmgrError } from '../../../src/errors.js';
import { decisionToJson } from '../../../src/manager/apply/decision-json.js';
import { DecisionStore } from '../../../src/manager/apply/decision-store.js';
import { observeProcess, ownIdentity } from '../../../src/process/process-identity.js';
import { sealJson } from '../../../src/process/sealed-json.js';
import { startAttached } from '../../../src/process/start-attached.js';
import { decidedHost, decisionOf } from './decisions.js';

describe('the decisions of a manager', () => {
  let root: string;
  let directory: string;
  let warnings: NetmgrError[];
  let store: DecisionStore;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'netmgr-decisions-'));
    directory = join(root, 'state', 'netmgr', 'decisions');
    warnings = [];
    store = new DecisionStore(directory, (warning) => warnings.push(warning));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const files = (): string[] => readdirSync(directory).sort();
  const hostsOf = async (): Promise<string[][]> =>
    (await store.read()).map(({ hosts }) => hosts.map(({ agent }) => agent.host));

  it('are none before there was any, and reading makes nothing', async () => {
    expect(await store.read()).to.deep.equal([]);
    expect(readdirSync(root)).to.deep.equal([]);
  });

  it('are read as they were written, in their order, and are nobody else’s', async () => {
    await store.prepare();
    const written = [
      await store.write(decisionOf(decidedHost('host1'))),
      await store.write(decisionOf(decidedHost('host2', 2), decidedHost('host3', 3))),
    ];
    const read = await store.read();
    expect(read.map(decisionToJson)).to.deep.equal(written.map(decisionToJson));
    expect(read.map(({ path }) => path)).to.deep.equal(written.map(({ path }) => path));
    expect(statSync(directory).mode & 0o777).to.equal(0o700);
    for (const name of files()) expect(statSync(join(directory, name)).mode & 0o777).to.equal(0o600);
    expect(warnings).to.deep.equal([]);
  });

  it('are there when they are taken, and not before', async () => {
    await store.prepare();
    const [taken, dropped] = [
      await store.begin(decisionOf(decidedHost('host1'))),
      await store.begin(decisionOf(decidedHost('host2'))),
    ];
    expect(await store.read()).to.deep.equal([]);
    expect(await new DecisionStore(directory).read()).to.deep.equal([]);
    await dropped.drop();
    const decision = await taken.take();
    expect(await hostsOf()).to.deep.equal([['host1']]);
    expect(await store.isCarriedOut(decision)).to.equal(true);
    expect(files()).to.have.lengthOf(1);
  });

  it('are forgotten host by host', async () => {
    await store.prepare();
    const [one, two] = [decidedHost('host1'), decidedHost('host2')];
    const decision = await store.write(decisionOf(one, two));
    await store.strike([one.agent], decision);
    expect(await hostsOf()).to.deep.equal([['host2']]);
    await store.strike([two.agent], decision);
    expect(files()).to.deep.equal([]);
  });

  it('remember which hosts keep to them as long as others do not', async () => {
    await store.prepare();
    const [one, two] = [decidedHost('host1'), decidedHost('host2')];
    const earlier = await store.write(decisionOf(decidedHost('host1', 7)));
    const decision = await store.write(decisionOf(one, two));
    await store.finish([one.agent], decision);
    const [left, ...others] = await store.read();
    expect(others).to.deep.equal([]);
    expect(left?.path).to.equal(decision.path).and.not.to.equal(earlier.path);
    expect(left?.hosts.map(({ agent }) => agent.host)).to.deep.equal(['host2']);
    expect(left?.finished.map(({ agent }) => agent.host)).to.deep.equal(['host1']);
    await store.finish([two.agent], decision);
    expect(files()).to.deep.equal([]);
  });

  it('are carried out by the process that took them until it has finished', async () => {
    await store.prepare();
    const decision = await store.write(decisionOf(decidedHost('host1'), decidedHost('host2')));
    expect(await store.isCarriedOut(decision)).to.equal(true);
    await store.finish([decidedHost('host1').agent], decision);
    const [left] = await store.read();
    expect(left?.process).to.equal(undefined);
    expect(left && (await store.isCarriedOut(left))).to.equal(false);
  });

  it('are carried out by another process as long as it lives, be it stopped', async () => {
    await store.prepare();
    const decision = await store.write(decisionOf(decidedHost('host1')));
    await store.finish([], decision);
    const other = startAttached(['sleep', '600'], { stdio: ['ignore', 'ignore', 'ignore'] });
    const { startTime = '' } = (await observeProcess(other.pid ?? 0)) ?? {};
    const { boot } = await ownIdentity();
    const by = { ...decision, process: { pid: other.pid ?? 0, startTime, boot } };
    other.kill('SIGSTOP');
    expect(await store.isCarriedOut(by)).to.equal(true);
    expect(await store.isCarriedOut({ ...by, process: { ...by.process, boot: 'another' } })).to.equal(false);
    expect(await store.isCarriedOut({ ...by, process: { ...by.process, startTime: '1' } })).to.equal(false);
    other.kill('SIGKILL');
    await other.ended;
    expect(await store.isCarriedOut(by)).to.equal(false);
  });

  it('about a host end with a later one about it, and never come back', async () => {
    await store.prepare();
    const first = await store.write(decisionOf(decidedHost('host1'), decidedHost('host2')));
    const second = await store.write(decisionOf(decidedHost('host2', 2), decidedHost('host3', 2)));
    expect(await hostsOf()).to.deep.equal([['host1'], ['host2', 'host3']]);
    await store.strike(
      second.hosts.map(({ agent }) => agent),
      second,
    );
    expect(await hostsOf()).to.deep.equal([['host1']]);
    await store.strike([decidedHost('host1').agent], first);
    expect(files()).to.deep.equal([]);
  });

  it('that came later are not touched by what is struck from an earlier one', async () => {
    await store.prepare();
    const first = await store.write(decisionOf(decidedHost('host1')));
    await store.write(decisionOf(decidedHost('host1', 2)));
    await store.strike([decidedHost('host1').agent], first);
    expect((await store.read()).map(({ sequence }) => sequence)).to.deep.equal([2]);
  });

  it('do not mind what an interrupted writing left, and remove it when it is old', async () => {
    await store.prepare();
    await store.write(decisionOf(decidedHost('host1')));
    const [old, young] = ['2-00000000.json.new', '3-00000000.json.new'].map((name) => join(directory, name));
    for (const path of [old, young]) writeFileSync(path ?? '', '{"version":1,');
    utimesSync(old ?? '', 1, 1);
    expect(await hostsOf()).to.deep.equal([['host1']]);
    expect(warnings).to.deep.equal([]);
    await store.prepare();
    expect(files().filter((name) => name.endsWith('.new'))).to.deep.equal(['3-00000000.json.new']);
  });

  it('that are damaged are set aside with a message, and hide no others', async () => {
    await store.prepare();
    const { path } = await store.write(decisionOf(decidedHost('host1')));
    await store.write(decisionOf(decidedHost('host2')));
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('192.0.2.1', '192.0.2.9'));
    expect(await hostsOf()).to.deep.equal([['host2']]);
    expect(warnings.map(({ kind, subject }) => ({ kind, subject }))).to.deep.equal([
      { kind: 'InvalidInput', subject: path },
    ]);
    const aside = files().find((name) => name.includes('.damaged-')) ?? '';
    expect(warnings[0]?.message).to.contain(aside);
    expect(readFileSync(join(directory, aside), 'utf8')).to.contain('192.0.2.9');
    expect(await hostsOf()).to.deep.equal([['host2']]);
    expect(warnings).to.have.lengthOf(1);
  });

  it('that are no files are set aside, with a message, and block nothing', async () => {
    await store.prepare();
    mkdirSync(join(directory, '7-0a0a0a0a.json'));
    expect(await store.read()).to.deep.equal([]);
    expect(warnings.map(({ kind }) => kind)).to.deep.equal(['InvalidInput']);
    expect(files().filter((name) => name.endsWith('.json'))).to.deep.equal([]);
  });

  it('of a later version stay where they are, with a message', async () => {
    await store.prepare();
    const { path } = await store.write(decisionOf(decidedHost('host1')));
    const later = sealJson({
      ...decisionToJson({ ...decisionOf(), process: undefined, finished: [] }),
      version: 99,
    });
    writeFileSync(path, later);
    expect(await store.read()).to.deep.equal([]);
    expect(warnings.map(({ kind }) => kind)).to.deep.equal(['Conflict']);
    expect(readFileSync(path, 'utf8')).to.equal(later);
  });

  it('leave nothing behind when they cannot be written', async () => {
    const steps: string[] = [];
    const failing = new DecisionStore(directory, undefined, (step) => {
      steps.push(step.replace(/(\d+-)?[0-9a-f]{8}/, 'N'));
      if (step.startsWith('sync the directory')) throw new Error('ENOSPC: no space left on device');
    });
    await failing.prepare();
    const error = await failing.write(decisionOf(decidedHost('host1'))).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(NetmgrError).and.to.include({ kind: 'NotApplied' });
    expect(String(error)).to.contain('no space left');
    expect(steps).to.deep.equal([
      'write N.json',
      'sync N.json',
      'rename N.json',
      'sync the directory of N.json',
      'remove N.json',
    ]);
    expect(files()).to.deep.equal([]);
  });

  it('say when their directory cannot be used', async () => {
    writeFileSync(join(root, 'file'), '');
    const blocked = new DecisionStore(join(root, 'file', 'decisions'));
    const error = await blocked.prepare().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(NetmgrError).and.to.include({ kind: 'AccessDenied' });
  });
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { attachmentOf } from '../../../../src/agent/host/attachment.js';
import { readLinks } from '../../../../src/agent/kernel/ip/links.js';
import { parseOpenVswitch, readOpenVswitch } from '../../../../src/agent/kernel/open-vswitch/bridges.js';
import { bridgeEntries } from '../../../../src/agent/tables/bridge-rows.js';
import { withProgramPaths } from '../../../../src/process/program-path.js';
import type { Run } from '../../../../src/process/run.js';
import { makeScratch, type Scratch } from '../scratch.js';

const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';
const uuid = (id: string): readonly [string, string] => ['uuid', id];
const table = (headings: readonly string[], ...data: readonly unknown[]): string =>
  JSON.stringify({ headings, data });

describe('what ovs-vsctl prints', () => {
  it('is bridges with the interfaces that are their ports, or of bonds', () => {
    const output = [
      table(
        ['name', 'ports'],
        ['b2', uuid('p3')],
        ['b1', ['set', [uuid('p1'), uuid('p2'), uuid('p0')]]],
        ['b0', ['set', []]],
      ),
      table(
        ['_uuid', 'name', 'interfaces'],
        [uuid('p0'), 'b1', uuid('i0')],
        [uuid('p1'), 'tap1', uuid('i1')],
        [uuid('p2'), 'bond0', ['set', [uuid('i3'), uuid('i2')]]],
        [uuid('p3'), 'patch-b1', uuid('i4')],
      ),
      table(
        ['_uuid', 'name', 'type'],
        [uuid('i0'), 'b1', 'internal'],
        [uuid('i1'), 'tap1', ''],
        [uuid('i2'), 'eth0', 'system'],
        [uuid('i3'), 'eth1', ''],
        [uuid('i4'), 'patch-b1', 'patch'],
      ),
    ].join('\n');
    expect(parseOpenVswitch(`${output}\n`)).to.deep.equal([
      { name: 'b0', ports: [] },
      { name: 'b1', ports: ['eth0', 'eth1', 'tap1'] },
      { name: 'b2', ports: [] },
    ]);
    expect(parseOpenVswitch('{}\n{}\n{}\n')).to.deep.equal([]);
  });

  it('is not asked for where there is no datapath', async () => {
    const never: Run = () => Promise.reject(new Error('asked'));
    expect(await readOpenVswitch(never, [])).to.deep.equal([]);
  });
});

describe('Open vSwitch', function () {
  let scratch: Scratch;
  let directory: string | undefined;
  let run: Run;

  before(async function () {
    const isThere = withProgramPaths(['ovs-vswitchd'])[0] !== 'ovs-vswitchd';
    if (process.getuid?.() !== 0 || !isThere) {
      process.stderr.write('NOT TESTED: Open vSwitch: no root, or openvswitch-switch is not installed\n');
      this.skip();
    }
    scratch = await makeScratch();
    const made = mkdtempSync(join(tmpdir(), 'netmgr-ovs-'));
    directory = made;
    run = (argv, options) => scratch.run(argv, { ...options, env: { OVS_RUNDIR: made } });
    const file = (name: string): string => join(made, name);
    const daemon = (name: string): string[] => [
      ...['--detach', '--no-chdir', `--pidfile=${file(`${name}.pid`)}`, `--log-file=${file(`${name}.log`)}`],
      `--unixctl=${file(`${name}.ctl`)}`,
    ];
    await run(['ovsdb-tool', 'create', file('conf.db'), SCHEMA]);
    await run(['ovsdb-server', file('conf.db'), `--remote=punix:${file('db.sock')}`, ...daemon('ovsdb')]);
    await run(['ovs-vsctl', '--no-wait', 'init']);
    await run(['ovs-vswitchd', `unix:${file('db.sock')}`, ...daemon('ovs')]);
    // The datapath of ovs-vswitchd itself, which needs no module of the kernel.
    const [add, type] = [
      ['add-br', 'ovs0'],
      ['set', 'bridge', 'ovs0', 'datapath_type=netdev'],
    ] as const;
    await run(['ovs-vsctl', '--timeout=20', ...add, '--', ...type]);
    for (const [vif, far] of [
      ['vif1.0', 'eth1'],
      ['out0', 'far0'],
    ] as const) {
      await run(['ip', 'link', 'add', vif, 'type', 'veth', 'peer', 'name', far]);
      await run(['ovs-vsctl', '--timeout=20', 'add-port', 'ovs0', vif]);
    }
  });

  after(async () => {
    if (directory === undefined) return;
    for (const name of ['ovs', 'ovsdb']) {
      const pid = Number(readFileSync(join(directory, `${name}.pid`), 'utf8'));
      await run(['ovs-appctl', '-t', join(directory, `${name}.ctl`), 'exit']).catch(() => process.kill(pid));
    }
    await scratch.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is read with one process: its bridges and their ports', async () => {
    const links = await readLinks(scratch.run);
    const before = scratch.commands.length;
    const openVswitch = await readOpenVswitch(run, links);
    expect(scratch.commands.length - before).to.equal(1);
    expect(openVswitch).to.deep.equal([{ name: 'ovs0', ports: ['out0', 'vif1.0'] }]);
    const machine = {
      name: 'vm1',
      aliases: [],
      known: {},
      interfaces: [{ vif: 'vif1.0', model: 'veth', mac: '' }],
    };
    const rows = bridgeEntries({ links, openVswitch, machines: [machine] }, []).map(({ row }) => row);
    expect(rows).to.deep.equal([
      { ifName: 'ovs0', name: 'ovs0', kind: 'openVswitch', uplink: 'out0', otherUplinks: '' },
    ]);
    const { bridge, obstacle } = attachmentOf(
      'vif1.0',
      links.find(({ name }) => name === 'vif1.0'),
      openVswitch,
    );
    expect(bridge).to.equal('ovs0');
    expect(obstacle).to.match(/^vif1\.0 is a port of Open vSwitch \(ovs0\): .*attach it to a Linux bridge$/);
  });
});

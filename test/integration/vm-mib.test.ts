import { expect } from 'chai';
import { IndexAllocator } from '../../src/mib/index-allocator.js';
import { changesDuring } from './commands.js';
import { LAB_DIRECTORY, LiveLab, PAIR, PAIR_BANDWIDTH, skipWithoutRoot } from './live-lab.js';

const HOST = 'host1';
const VM_OBJECTS = '.1.3.6.1.2.1.236.1';
const VM_TABLE = '4.1';
const NETWORK_TABLE = '8.1';
const VIF_STATE = '.1.3.6.1.4.1.32473.1.1.4.1.1';
const SYS_OR_TABLE = '.1.3.6.1.2.1.1.9.1';
const CAPABILITIES = '.1.3.6.1.4.1.32473.1.2.3.1';
const IF_DESCR = '.1.3.6.1.2.1.2.2.1.2';
const INT32_MAX = 2147483647;

interface PrintedLink {
  readonly ifname: string;
  readonly ifindex: number;
  readonly address: string;
}

/** vmIndex of a machine in any run of any agent, and vmNetworkIndex of its interface. */
const numberOf = (name: string): string => String(new IndexAllocator(INT32_MAX).indexOf(name));
const octetsOf = (mac: string): string => mac.toUpperCase().replaceAll(':', ' ');
const indexOf = (name: string): string => [name.length, ...Buffer.from(name)].join('.');

describe('VM-MIB', function () {
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'VM-MIB');
    lab = await LiveLab.start([PAIR, PAIR_BANDWIDTH]);
  });

  after(async () => {
    await lab.stop();
  });

  // Nothing that setup installs has the text of VM-MIB.
  const tool = (name: string, ...args: readonly string[]): Promise<string> =>
    lab.run(name, '-m', '', '-OnQt', '-t', '5', ...args);
  /** What is below an OID, by the sub-identifiers that follow it. */
  const walk = async (oid: string, ...user: readonly string[]): Promise<Map<string, string>> => {
    const lines = (await tool('snmpwalk', ...user, HOST, oid)).split('\n');
    return new Map(
      lines
        .filter((line) => line.startsWith(`${oid}.`))
        .map((line) => {
          const [name = '', value = ''] = line.split(' = ');
          return [name.slice(oid.length + 1), value.replace(/^"(.*?) ?"$/, '$1')] as const;
        }),
    );
  };
  const linksOf = async (namespace: string): Promise<ReadonlyMap<string, PrintedLink>> => {
    const links = JSON.parse(await lab.at(namespace, 'ip -j link show')) as PrintedLink[];
    return new Map(links.map((link) => [link.ifname, link]));
  };
  const linkOf = async (namespace: string, device: string): Promise<PrintedLink> => {
    const link = (await linksOf(namespace)).get(device);
    if (link === undefined) throw new Error(`${namespace} has no ${device}`);
    return link;
  };
  /** The columns of a machine's row that are there, by their numbers. */
  const rowOf = (said: ReadonlyMap<string, string>, table: string, index: string): Record<string, string> =>
    Object.fromEntries(
      [...said]
        .filter(([name]) => name.startsWith(`${table}.`) && name.endsWith(`.${index}`))
        .map(([name, value]) => [name.slice(table.length + 1, -index.length - 1), value]),
    );

  it('says what the hypervisor is, and how many machines it has', async () => {
    const said = await walk(VM_OBJECTS);
    expect(said.get('1.1.0')).to.equal('Linux network namespaces');
    expect(said.get('1.2.0')).to.equal((await lab.run('uname', '-r')).trim());
    expect(said.get('1.3.0')).to.equal('.0.0');
    expect(said.get('2.0')).to.equal('2');
    expect([said.get('9.0'), said.get('10.0')], 'false(2)').to.deep.equal(['2', '2']);
    // The kernel has run since before this, and until after it.
    const uptime = Number((await lab.read('/proc/uptime')).split(' ')[0]) * 100;
    expect(Number(said.get('1.4.0'))).to.be.within(Number(said.get('3.0')), uptime);
  });

  it('has the machines and their interfaces as ip sees them', async () => {
    const said = await walk(VM_OBJECTS);
    for (const [machine, vif] of [
      ['proxy1', 'vif1.0'],
      ['node2', 'vif2.0'],
    ] as const) {
      // adminState is running, operState too, autoStart disabled, it is transient; what is not known has no instance.
      expect(rowOf(said, VM_TABLE, numberOf(machine)), machine).to.deep.equal({
        ...{ 2: machine, 3: '', 4: 'Linux', 5: '1', 6: '4', 7: '3', 8: '3' },
        ...{ 10: '-1', 11: '-1', 14: '-1', 15: '-1' },
      });
      const { ifindex } = await linkOf(HOST, vif);
      const { address } = await linkOf(machine, 'eth0');
      expect(rowOf(said, NETWORK_TABLE, `${numberOf(machine)}.${numberOf(vif)}`), vif).to.deep.equal({
        ...{ 2: String(ifindex), 3: '0', 4: 'veth', 5: octetsOf(address) },
      });
      expect((await walk(IF_DESCR)).get(String(ifindex))).to.equal(vif);
    }
    // Two rows of 11 columns, two of 4, and 8 scalars.
    expect(said.size).to.equal(2 * 11 + 2 * 4 + 8);
  });

  it('is what netemuVifStateTable leads to', async () => {
    const said = await walk(VM_OBJECTS);
    const states = await walk(VIF_STATE);
    for (const vif of ['vif1.0', 'vif2.0']) {
      const index = states.get(`4.${indexOf(vif)}`) ?? '';
      expect(said.get(`${VM_TABLE}.2.${index}`)).to.equal(states.get(`5.${indexOf(vif)}`));
      expect(said.get(`${NETWORK_TABLE}.2.${index}.${numberOf(vif)}`)).to.equal(
        states.get(`3.${indexOf(vif)}`),
      );
    }
  });

  it('is the same to the reader, and nobody writes it', async () => {
    const secrets = await lab.read(`${LAB_DIRECTORY}/agents/${HOST}.secrets`);
    const secret = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(secrets)?.[1] ?? '';
    const reader = ['-u', 'nms', '-A', secret('reader.auth'), '-X', secret('reader.priv')];
    const tables = (said: Map<string, string>): [string, string][] =>
      [...said].filter(([name]) => name !== '1.4.0');
    expect(tables(await walk(VM_OBJECTS, ...reader))).to.deep.equal(tables(await walk(VM_OBJECTS)));
    for (const user of [[], reader]) {
      const { stderr } = await lab.try(['snmpset', '-m', '', ...user, HOST, `${VM_OBJECTS}.9.0`, 'i', '1']);
      expect(stderr).to.match(/noAccess|authorizationError/);
    }
  });

  it('says in sysORTable what of it is served', async () => {
    const rows = await walk(SYS_OR_TABLE);
    const [name = ''] = [...rows].find(([, value]) => value === CAPABILITIES) ?? [];
    expect(rows.get(name.replace(/^2\./, '3.'))).to.match(
      /^VM-MIB \(RFC 7666\), read-only: .*Not vmCpuGroup/,
    );
  });

  it('has machines that no configuration names for as long as they are there, and changes nothing', async () => {
    const before = await walk(VM_OBJECTS);
    const changes = await changesDuring(lab, [HOST], async () => {
      await lab.run('ip', 'netns', 'add', 'guest');
      await lab.at(HOST, 'ip link add guest0 type veth peer name eth5 netns guest');
      const { ifindex } = await linkOf(HOST, 'guest0');
      const { address } = await linkOf('guest', 'eth5');
      const during = await until((said) => said.get('2.0') === '3');
      expect(rowOf(during, VM_TABLE, numberOf('guest'))).to.include({ 2: 'guest', 6: '4' });
      expect(rowOf(during, NETWORK_TABLE, `${numberOf('guest')}.${numberOf('guest0')}`)).to.deep.equal({
        ...{ 2: String(ifindex), 3: '0', 4: 'veth', 5: octetsOf(address) },
      });
      expect(Number(during.get('3.0'))).to.be.greaterThan(Number(before.get('3.0')));
      await lab.run('ip', 'netns', 'del', 'guest');
      const gone = await until((said) => said.get('2.0') === '2');
      expect([...gone.keys()]).to.deep.equal([...before.keys()]);
      expect(Number(gone.get('3.0'))).to.be.greaterThan(Number(during.get('3.0')));
    });
    expect(changes).to.deep.equal({ [HOST]: [] });
  });

  it('keeps the number of a machine that goes, and knows nothing of it meanwhile', async () => {
    await lab.at(HOST, 'ip link del vif2.0');
    await lab.run('ip', 'netns', 'del', 'node2');
    const said = await until((now) => now.get(`${VM_TABLE}.6.${numberOf('node2')}`) === '1');
    expect(rowOf(said, VM_TABLE, numberOf('node2'))).to.deep.equal({
      ...{ 2: 'node2', 3: '', 4: '', 6: '1', 7: '1', 8: '1' },
    });
    expect(rowOf(said, NETWORK_TABLE, `${numberOf('node2')}.${numberOf('vif2.0')}`)).to.deep.equal({
      ...{ 2: '0', 3: '0', 4: '', 5: '' },
    });
    expect(said.get('2.0')).to.equal('2');
  });

  /** Walks until what is read is young enough to have it. */
  async function until(isSo: (said: ReadonlyMap<string, string>) => boolean): Promise<Map<string, string>> {
    for (;;) {
      const said = await walk(VM_OBJECTS);
      if (isSo(said)) return said;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});

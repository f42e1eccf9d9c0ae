import { expect } from 'chai';
import { Subagent, type SubagentOptions } from '../../../src/agent/agentx/subagent.js';
import { NETEMU_CONFIG, NETEMU_MIB, NETEMU_STATE } from '../../../src/mib/objects.js';
import { oidText } from '../../../src/mib/oid.js';
import type { Oid, SnmpValue } from '../../../src/mib/value.js';
import { startPrivateSnmpd, type PrivateSnmpd } from '../snmpd/private-snmpd.js';
import { MemoryHandler } from './memory-handler.js';

const writable = (...tail: number[]): Oid => [...NETEMU_CONFIG, 99, ...tail];
const readable = (...tail: number[]): Oid => [...NETEMU_STATE, 99, ...tail];
const dotted = (oid: Oid): string => `.${oidText(oid)}`;
const text = (value: string): SnmpValue => ({ type: 'OctetString', value: Buffer.from(value) });
const gauge = (value: number): SnmpValue => ({ type: 'Gauge32', value });
/** Without the remark that nothing follows. */
const lines = (output: string): string[] =>
  output.split('\n').filter((line) => line !== '' && !line.includes('No more variables left'));

describe('the AgentX subagent behind a real snmpd', function () {
  this.timeout(60_000);
  let snmpd: PrivateSnmpd;
  let handler: MemoryHandler;
  let subagent: Subagent;
  let events: string[];
  let errors: unknown[];

  before(async () => {
    snmpd = await startPrivateSnmpd();
  });
  after(async () => {
    await snmpd.remove();
  });

  async function connect(options: Partial<SubagentOptions> = {}): Promise<Subagent> {
    const made = new Subagent({
      socketPath: snmpd.master.agentxSocket,
      registrations: [{ subtree: NETEMU_MIB }],
      handler,
      description: 'test',
      onError: (error) => errors.push(error),
      onConnected: () => events.push('connected'),
      onDisconnected: () => events.push('disconnected'),
      ...options,
    });
    await made.connected();
    return made;
  }

  beforeEach(async () => {
    handler = new MemoryHandler();
    events = [];
    errors = [];
    subagent = await connect();
  });
  afterEach(() => {
    subagent.close();
  });

  it('answers GET with values of every type', async () => {
    const values: [SnmpValue, string][] = [
      [{ type: 'Integer32', value: -2147483648 }, 'INTEGER: -2147483648'],
      [gauge(4294967295), 'Gauge32: 4294967295'],
      [{ type: 'Counter32', value: 4294967295 }, 'Counter32: 4294967295'],
      [{ type: 'Counter64', value: 18446744073709551615n }, 'Counter64: 18446744073709551615'],
      [{ type: 'Counter64', value: 4294967297n }, 'Counter64: 4294967297'],
      [{ type: 'TimeTicks', value: 123 }, 'Timeticks: (123) 0:00:01.23'],
      [{ type: 'IpAddress', value: Uint8Array.of(10, 0, 0, 255) }, 'IpAddress: 10.0.0.255'],
      [{ type: 'OctetString', value: Uint8Array.of(0, 255, 128) }, 'Hex-STRING: 00 FF 80 '],
      [text('a name'), 'STRING: "a name"'],
      [text(''), 'STRING: ""'],
      [{ type: 'ObjectIdentifier', value: NETEMU_MIB }, `OID: ${dotted(NETEMU_MIB)}`],
    ];
    values.forEach(([value], i) => {
      handler.put(readable(i), value);
    });
    const { stdout } = await snmpd.tool(
      'snmpget',
      values.map((_, i) => dotted(readable(i))),
    );
    expect(stdout.replace(/""$/gm, 'STRING: ""').trimEnd().split('\n')).to.deep.equal(
      values.map(([, shown], i) => `${dotted(readable(i))} = ${shown}`),
    );
    expect(handler.calls).to.deep.equal(['begin']);
    expect(errors).to.deep.equal([]);
  });

  it('tells what is not there', async () => {
    handler.put(readable(1), gauge(1));
    const { stdout } = await snmpd.tool('snmpget', [dotted(readable(1)), dotted(readable(2))]);
    expect(stdout).to.contain('Gauge32: 1').and.to.contain('No Such Instance');
  });

  it('walks in the order of RFC 3416 and to the end', async () => {
    const oids = [readable(1, 2), readable(1, 2, 0), readable(1, 10), readable(1, 4294967295), readable(2)];
    for (const oid of oids.toReversed()) handler.put(oid, gauge(oid.length));
    const { stdout } = await snmpd.tool('snmpwalk', [dotted(readable())]);
    expect(lines(stdout).map((line) => line.split(' = ')[0])).to.deep.equal(oids.map(dotted));
    // What comes next is snmpd's own: snmpEngineID.
    const beyond = await snmpd.tool('snmpgetnext', [dotted(readable(2))]);
    expect(beyond.stdout).to.match(/^\.1\.3\.6\.1\.6\.3\.10\.2\.1\.1\.0 /);
  });

  it('answers GETBULK with the most repetitions there are', async () => {
    handler.putAll(Array.from({ length: 3000 }, (_, i) => ({ oid: readable(1, i), value: gauge(i) })));
    const flags = ['-Cr2147483647'];
    const { stdout } = await snmpd.tool('snmpbulkget', [dotted(readable())], { flags });
    expect(lines(stdout).length).to.be.within(100, 3001);
    const walk = await snmpd.tool('snmpbulkwalk', [dotted(readable())], { flags: ['-Cr1000'] });
    expect(lines(walk.stdout)).to.have.length(3000);
    expect(lines(walk.stdout).at(-1)).to.equal(`${dotted(readable(1, 2999))} = Gauge32: 2999`);
  });

  it('answers many walks at once', async () => {
    handler.putAll(Array.from({ length: 300 }, (_, i) => ({ oid: readable(1, i), value: gauge(i) })));
    const walks = await Promise.all(
      Array.from({ length: 20 }, () => snmpd.tool('snmpwalk', [dotted(readable())], { flags: ['-t', '30'] })),
    );
    for (const { stdout } of walks) expect(lines(stdout)).to.have.length(300);
  });

  it('makes a SET in three phases', async () => {
    handler.put(writable(1), gauge(1));
    handler.put(writable(2), text('old'));
    await snmpd.tool('snmpset', [dotted(writable(1)), 'u', '7', dotted(writable(2)), 's', 'new']);
    expect(handler.calls).to.deep.equal(['test 2', 'commit', 'cleanup']);
    expect(handler.valueOf(writable(1))).to.deep.equal(gauge(7));
    expect(Buffer.from((handler.valueOf(writable(2)) as { value: Uint8Array }).value).toString()).to.equal(
      'new',
    );
  });

  it('changes nothing if the second varbind is refused, and says which and why', async () => {
    handler.put(writable(1), gauge(1));
    handler.put(writable(2), text('old'));
    const { stderr } = await snmpd.tool(
      'snmpset',
      [dotted(writable(1)), 'u', '7', dotted(writable(2)), 'i', '3'],
      { accept: [2] },
    );
    expect(stderr)
      .to.contain('wrongType')
      .and.to.contain(dotted(writable(2)));
    expect(handler.calls).to.deep.equal(['test 2']);
    expect(handler.valueOf(writable(1))).to.deep.equal(gauge(1));
  });

  it('undoes what was done when a commit fails', async () => {
    handler.put(writable(1), gauge(1));
    handler.put(writable(2), gauge(2));
    handler.failsAt = oidText(writable(2));
    const { stderr } = await snmpd.tool(
      'snmpset',
      [dotted(writable(1)), 'u', '7', dotted(writable(2)), 'u', '8'],
      { accept: [2] },
    );
    expect(stderr).to.contain('commitFailed');
    expect(handler.calls).to.deep.equal(['test 2', 'commit', 'undo', 'cleanup']);
    expect(handler.valueOf(writable(1))).to.deep.equal(gauge(1));
    expect(errors).to.have.length(1);
  });

  it('makes or undoes a SET over two registrations as a whole', async () => {
    subagent.close();
    subagent = await connect({ registrations: [{ subtree: writable(1) }, { subtree: writable(3) }] });
    handler.put(writable(1, 0), gauge(1));
    handler.put(writable(3, 0), gauge(2));
    const set = [dotted(writable(1, 0)), 'u', '7', dotted(writable(3, 0)), 'u', '8'];
    await snmpd.tool('snmpset', set);
    expect([handler.valueOf(writable(1, 0)), handler.valueOf(writable(3, 0))]).to.deep.equal([
      gauge(7),
      gauge(8),
    ]);
    expect(handler.calls).to.deep.equal(['test 2', 'commit', 'cleanup']);
    handler.calls.length = 0;
    handler.failsAt = oidText(writable(3, 0));
    set[2] = '70';
    set[5] = '80';
    await snmpd.tool('snmpset', set, { accept: [2] });
    expect(handler.valueOf(writable(1, 0))).to.deep.equal(gauge(7));
    expect(handler.calls).to.deep.equal(['test 2', 'commit', 'undo', 'cleanup']);
  });

  it('survives absurd names', async () => {
    handler.put(readable(1), gauge(1));
    const longest = [...readable(), ...new Array<number>(128 - readable().length).fill(4294967295)];
    const { stdout } = await snmpd.tool('snmpget', [dotted(longest), '.1.3.6.1.2.1.1.4294967295']);
    expect(stdout).to.contain('No Such Instance');
    await snmpd.tool('snmpgetnext', [dotted(longest)]);
    await snmpd.tool('snmpset', [dotted([...writable(), ...longest.slice(-100)]), 'u', '1'], { accept: [2] });
    handler.put(longest, gauge(2));
    expect((await snmpd.tool('snmpget', [dotted(longest)])).stdout).to.contain('Gauge32: 2');
    expect(events).to.deep.equal(['connected']);
  });

  it('survives values larger than any message', async () => {
    handler.put(readable(1), { type: 'OctetString', value: new Uint8Array(65_536) });
    handler.put(readable(2), { type: 'OctetString', value: new Uint8Array(60_000).fill(65) });
    handler.put(readable(3), { type: 'OctetString', value: new Uint8Array(2 ** 20) });
    const flags = ['-t', '1', '-r', '0'];
    for (const i of [1, 3]) {
      await snmpd.tool('snmpget', [dotted(readable(i))], { accept: [0, 1, 2], flags });
    }
    await snmpd.tool('snmpbulkwalk', [dotted(readable())], { accept: [0, 1, 2], flags });
    handler.put(readable(4), gauge(1));
    expect((await snmpd.tool('snmpget', [dotted(readable(4))])).stdout).to.contain('Gauge32: 1');
    expect(errors).not.to.have.length(0);
  });

  it('answers genErr when the handler throws or answers nonsense, and goes on', async () => {
    handler.put(readable(1), gauge(1));
    handler.put(readable(2), gauge(-1));
    handler.throwsAt = oidText(readable(1));
    for (const i of [1, 2]) {
      const { stderr } = await snmpd.tool('snmpget', [dotted(readable(i))], { accept: [2] });
      expect(stderr)
        .to.contain('genErr')
        .and.to.contain(dotted(readable(i)));
    }
    expect(errors).to.have.length(2);
    handler.throwsAt = undefined;
    expect((await snmpd.tool('snmpget', [dotted(readable(1))])).stdout).to.contain('Gauge32: 1');
    handler.next = () => Promise.resolve({ oid: readable(), value: gauge(1) });
    await snmpd.tool('snmpwalk', [dotted(readable())], { accept: [2] });
    expect(events).to.deep.equal(['connected']);
  });

  it('puts its capabilities into sysORTable, and takes them away with the session', async () => {
    const id = [...NETEMU_MIB, 2, 3, 99];
    const description = 'VM-MIB: read-only';
    const shown = async (): Promise<string> => (await snmpd.tool('snmpwalk', ['.1.3.6.1.2.1.1.9'])).stdout;
    subagent.close();
    subagent = await connect({ capabilities: [{ id, description }] });
    const [, row] =
      new RegExp(`^\\.1\\.3\\.6\\.1\\.2\\.1\\.1\\.9\\.1\\.2\\.(\\d+) = OID: \\${dotted(id)}$`, 'm').exec(
        await shown(),
      ) ?? [];
    expect(await shown()).to.contain(`.1.3.6.1.2.1.1.9.1.3.${String(row)} = STRING: "${description}"`);
    subagent.close();
    subagent = await connect();
    expect(await shown()).not.to.contain(description);
  });

  it('tells the sysUpTime of the master', async () => {
    const { stdout } = await snmpd.tool('snmpget', ['.1.3.6.1.2.1.1.3.0']);
    const [, ticks] = /\((\d+)\)/.exec(stdout) ?? [];
    // Hundredths of a second, with the truncation of both sides and a slow machine in mind.
    expect(subagent.sysUpTime()).to.be.within(Number(ticks) - 10, Number(ticks) + 3000);
  });

  it('has the master take a notification', async () => {
    await subagent.notify([...NETEMU_MIB, 0, 1], [{ oid: readable(1), value: text('vif1.0') }]);
    subagent.close();
    let refused: unknown;
    await subagent.notify([...NETEMU_MIB, 0, 1], []).catch((error: unknown) => (refused = error));
    expect(refused).to.have.property('kind', 'Unreachable');
  });

  it('is told by the master that a subtree is taken, and takes it when it is free', async () => {
    const reasons: string[] = [];
    const second = new Subagent({
      socketPath: snmpd.master.agentxSocket,
      registrations: [{ subtree: NETEMU_MIB }],
      handler,
      description: 'second',
      onError: () => undefined,
      onDisconnected: ({ message }) => {
        reasons.push(message);
        subagent.close();
      },
    });
    await second.connected();
    second.close();
    expect(reasons[0]).to.contain('duplicateRegistration');
  });

  it('keeps a session that has nothing to do', async () => {
    subagent.close();
    subagent = await connect({ pingInterval: 20 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(events).to.deep.equal(['connected', 'connected']);
  });

  it('connects and registers again after the master was killed', async () => {
    handler.put(readable(1), gauge(1));
    const { pid } = snmpd.master;
    if (pid === undefined) throw new Error('snmpd does not run');
    const again = new Promise<void>((resolve) => {
      const wait = setInterval(() => {
        if (events.filter((event) => event === 'connected').length < 2) return;
        clearInterval(wait);
        resolve();
      }, 20);
    });
    process.kill(pid, 'SIGKILL');
    await again;
    expect(snmpd.master.pid).not.to.equal(pid);
    expect(events[1]).to.equal('disconnected');
    expect((await snmpd.tool('snmpget', [dotted(readable(1))])).stdout).to.contain('Gauge32: 1');
  });
});

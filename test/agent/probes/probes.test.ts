import { expect } from 'chai';
import { ProbeRequest } from '../../../src/agent/probes/probe-request.js';
import { Probes } from '../../../src/agent/probes/probes.js';
import { NetmgrError } from '../../../src/errors.js';
import type { ProbeRow } from '../../../src/mib/probe-table.js';
import type { CommandOutput, RunOptions } from '../../../src/process/run.js';
import { probeRow, runningConfiguration } from './probe-fixture.js';

interface Ran {
  readonly machine: string;
  readonly command: string;
  readonly input: string;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const output = (words: Partial<CommandOutput>): CommandOutput => ({
  ...{ stdout: '', stderr: '', exitCode: 0 },
  ...words,
});

/** Never answers, until it is ended. */
function untilEnded({ signal }: RunOptions): Promise<CommandOutput> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new NetmgrError({ kind: 'CommandFailed', message: 'it was ended' }));
    });
  });
}

/** fping, which has an answer of 2 ms from everybody. */
function answerAll(argv: readonly string[], { input = '' }: RunOptions): Promise<CommandOutput> {
  const count = Number(argv[argv.indexOf('-C') + 1]);
  const times = Array.from({ length: count }, () => '2.00').join(' ');
  const lines = input.split('\n').filter((target) => target !== '');
  return Promise.resolve(output({ stderr: lines.map((target) => `${target} : ${times}\n`).join('') }));
}

describe('Probes', () => {
  let ran: Ran[];
  let answer: (argv: readonly string[], options: RunOptions) => Promise<CommandOutput>;
  let probes: Probes;

  beforeEach(() => {
    const running = runningConfiguration();
    ran = [];
    answer = (argv, options) =>
      argv.includes('fping') ? answerAll(argv, options) : Promise.resolve(output({ stdout: 'LISTEN\n' }));
    const eth0 = { ifname: 'eth0', flags: ['UP'], address: '00:16:3e:00:00:00', mtu: 1500, addr_info: [] };
    const printed = `${JSON.stringify([eth0])}\n[]\n[]\n`;
    probes = new Probes({
      machines: {
        inside:
          (machine) =>
          (argv, options = {}) => {
            if (argv.join(' ') === 'ip -j -batch -') return Promise.resolve(output({ stdout: printed }));
            ran.push({ machine, command: argv.join(' '), input: options.input ?? '' });
            return answer(argv, options);
          },
      },
      running: () => running,
      sysUpTime: () => 4711,
      startInterval: 0,
    });
  });

  afterEach(() => probes.stop());

  const add = (changes: Partial<ProbeRow> = {}): ProbeRequest => {
    const request = new ProbeRequest(probeRow(changes));
    probes.store.set(request);
    return request;
  };
  const states = (requests: readonly ProbeRequest[]): string[] => requests.map(({ result }) => result.state);
  const begin = async (): Promise<void> => {
    probes.begin(7);
    for (let i = 0; i < 20; i++) await turn();
  };

  it('asks all targets of a machine with one fping, from an address of the vif', async () => {
    const requests = [
      add({ number: 1 }),
      add({ number: 2, target: '10.9.0.1' }),
      add({ number: 3, target: 'fd00:2::1' }),
      add({ number: 4, target: '10.9.0.1' }),
      add({ number: 5, target: 'fe80::1' }),
      add({ number: 6, vif: 'vif2.0', target: '10.1.0.1' }),
      add({ number: 7, count: 4 }),
      add({ number: 8, interval: 50 }),
      add({ number: 9, timeout: 70 }),
      add({ number: 10, size: 1400 }),
    ];
    await begin();
    expect(states(requests)).to.deep.equal(requests.map(() => 'done'));
    const options = '-p 200 -t 1000 -M -b 56 -i 1';
    expect(ran).to.have.deep.members([
      {
        machine: 'proxy1',
        command: `fping -q -C 3 ${options} -S 10.1.0.1 -S fd00:1::1 -f -`,
        input: '10.2.0.1\n10.9.0.1\nfd00:2::1\n',
      },
      { machine: 'proxy1', command: `fping -6 -q -C 3 ${options} -f -`, input: 'fe80::1%eth0\n' },
      { machine: 'node2', command: `fping -4 -q -C 3 ${options} -S 10.2.0.1 -f -`, input: '10.1.0.1\n' },
      ...[
        '-C 4 -p 200 -t 1000 -M -b 56',
        '-C 3 -p 50 -t 1000 -M -b 56',
        '-C 3 -p 200 -t 70 -M -b 56',
        '-C 3 -p 200 -t 1000 -M -b 1400',
      ].map((words) => ({
        machine: 'proxy1',
        command: `fping -4 -q ${words} -i 1 -S 10.1.0.1 -f -`,
        input: '10.2.0.1\n',
      })),
    ]);
    expect(requests[0]?.result).to.include({
      sent: 3,
      received: 3,
      rttMin: 2000,
      rttAvg: 2000,
      rttMax: 2000,
    });
  });

  it('asks by each IP version alone where both at once fail, and says of each why', async () => {
    answer = (argv, options) =>
      argv.includes('fd00:1::1')
        ? Promise.reject(new NetmgrError({ kind: 'CommandFailed', message: 'cannot bind source address' }))
        : answerAll(argv, options);
    const [ipv4, ipv6] = [add({ number: 1 }), add({ number: 2, target: 'fd00:2::1' })];
    await begin();
    expect(ipv4.result).to.include({ state: 'done', received: 3 });
    expect(ipv6.result).to.include({ state: 'failed', message: 'cannot bind source address' });
    expect(ran).to.have.length(3);
    expect(probes.links.of({ vif: 'vif1.0', peer: 'fd00:2::1', peerPrefixLength: 128 }).probeTime).to.equal(
      0,
    );
  });

  it('asks link-local addresses of IPv6 with those past the routes, even if there is no way for these', async () => {
    const requests = [
      add({ number: 1, onLink: true }),
      add({ number: 2, target: 'fe80::1', onLink: true }),
      add({ number: 3, target: 'fd00:2::1', onLink: true }),
    ];
    await begin();
    const asked = (): string[] =>
      ran.filter(({ command }) => command.includes('fping')).map(({ input }) => input);
    expect(asked().sort()).to.deep.equal(['10.2.0.1\nfe80::1%eth0\n', 'fd00:2::1\n']);
    expect(states(requests)).to.deep.equal(['done', 'done', 'done']);
    answer = (argv, options) =>
      argv.includes('-4') ? Promise.resolve(output({ exitCode: 2 })) : answerAll(argv, options);
    const again = [add({ number: 4, onLink: true }), add({ number: 5, target: 'fe80::1', onLink: true })];
    await begin();
    expect(states(again)).to.deep.equal(['failed', 'done']);
  });

  it('counts what comes, and keeps it for the row of the link', async () => {
    answer = () => Promise.resolve(output({ stderr: '10.2.0.1 : 1.5 - 4.5\n', exitCode: 1 }));
    const request = add();
    await begin();
    const counted = { rttMin: 1500, rttAvg: 3000, rttMax: 4500 };
    expect(request.result).to.include({ state: 'done', sent: 3, received: 2, message: '', ...counted });
    expect(probes.links.of({ vif: 'vif1.0', peer: '10.2.0.1', peerPrefixLength: 32 })).to.deep.equal({
      probeTime: 4711,
      probeRttMin: 1500,
      probeRttAvg: 3000,
      probeRttMax: 4500,
      probeSent: 3,
      probeReceived: 2,
      probeBandwidth: 0,
    });
    for (const other of [
      { vif: 'vif2.0', peer: '10.2.0.1', peerPrefixLength: 32 },
      { vif: 'vif1.0', peer: '10.2.0.2', peerPrefixLength: 32 },
      { vif: 'vif1.0', peer: '10.2.0.1', peerPrefixLength: 31 },
    ]) {
      expect(probes.links.of(other)).to.include({ probeTime: 0, probeSent: 0 });
    }
  });

  it('has no times where nobody answers', async () => {
    answer = () => Promise.resolve(output({ stderr: '10.2.0.1 : - - -\n', exitCode: 1 }));
    const request = add();
    await begin();
    expect(request.result).to.include({ state: 'done', sent: 3, received: 0, rttMin: 0, rttMax: 0 });
  });

  it('says in words why it failed', async () => {
    answer = () =>
      Promise.reject(new NetmgrError({ kind: 'CommandFailed', message: `a\nb${'ä'.repeat(400)}` }));
    const request = add();
    await begin();
    expect(request.result.state).to.equal('failed');
    expect(request.result.message).to.match(/^a bä+…$/);
    expect(Buffer.byteLength(request.result.message)).to.be.at.most(255);
  });

  it('leads packets past the routes for as long as it takes, and takes the way away', async () => {
    add({ onLink: true });
    await begin();
    const commands = ran.map(({ command, input }) => `${command} ${input.trim().replaceAll('\n', '; ')}`);
    const asUser = 'setpriv --reuid 20045 --inh-caps +net_raw --ambient-caps +net_raw --';
    const remove = 'rule del pref 20045; route flush table 20045';
    expect(commands).to.deep.equal([
      `ip -4 -force -batch - ${remove}; route add default dev eth0 table 20045; rule add pref 20045 uidrange 20045-20045 table 20045`,
      `${asUser} fping -4 -q -C 3 -p 200 -t 1000 -M -b 56 -i 1 -S 10.1.0.1 -f - 10.2.0.1`,
      `ip -4 -batch - ${remove}`,
    ]);
  });

  it('takes the way away and says why where it cannot be made', async () => {
    answer = (argv, { input = '' }) => {
      if (!input.includes('add')) return Promise.resolve(output({}));
      const stderr = argv.includes('-force')
        ? 'RTNETLINK answers: No such file or directory\nCommand failed -:1\nCannot find device "eth0"\nCommand failed -:3\n'
        : 'Cannot find device "eth0"\nCommand failed -:1\n';
      return Promise.resolve(output({ stderr, exitCode: 1 }));
    };
    const request = add({ onLink: true });
    await begin();
    expect(request.result.state).to.equal('failed');
    expect(request.result.message).to.match(
      /^Cannot find device "eth0" \(line 1: route add default dev eth0/,
    );
    expect(ran.at(-1)?.input).to.equal('rule del pref 20045\nroute flush table 20045\n');
  });

  it('lets a machine answer whom it has no route to, until nobody wants it any more', async () => {
    const requests = [1, 2].map((number) =>
      add({ number, kind: 'answer', target: '10.1.0.1', duration: 60_000 }),
    );
    await begin();
    const commands = (): string[] =>
      ran.map(({ command, input }) => `${command} ${input.trim().replaceAll('\n', '; ')}`);
    const lines =
      'rule del pref 40000; route flush table 20046; rule del pref 20045; route flush table 20045';
    const own =
      'route add default dev eth0 table 20046; rule add pref 40000 table 20046; ' +
      'route add default dev eth0 table 20045; rule add pref 20045 uidrange 20045-20045 table 20045';
    const [begun, remove] = [`ip -4 -force -batch - ${lines}; ${own}`, `ip -4 -batch - ${lines}`];
    // Two in one machine take turns: what one has taken away the other would miss.
    expect(states(requests)).to.deep.equal(['running', 'waiting']);
    expect(commands()).to.deep.equal([begun]);
    requests[0]?.end();
    for (let i = 0; i < 20; i++) await turn();
    expect(states(requests)).to.deep.equal(['done', 'running']);
    expect(commands()).to.deep.equal([begun, remove, begun]);
    requests[1]?.end();
    for (let i = 0; i < 20; i++) await turn();
    expect(commands().at(-1)).to.equal(remove);
  });

  it('begins nothing twice', async () => {
    add();
    await begin();
    await begin();
    expect(ran).to.have.length(1);
    add({ number: 2 });
    await begin();
    expect(ran).to.have.length(2);
    expect(probes.store.begun).to.equal(7);
  });

  it('ends fping when nobody wants any of its results, and not before', async () => {
    let hasEnded = false;
    answer = (_argv, options) =>
      untilEnded(options).catch((error: unknown) => {
        hasEnded = true;
        throw error;
      });
    const [one, other] = [add({ number: 1 }), add({ number: 2, target: '10.9.0.1' })];
    await begin();
    expect(states([one, other])).to.deep.equal(['running', 'running']);
    one.end();
    await turn();
    expect(hasEnded).to.equal(false);
    other.end();
    await turn();
    expect(hasEnded).to.equal(true);
  });

  it('runs so many processes at a time, and none for what nobody wants any more', async () => {
    answer = (_argv, options) => untilEnded(options);
    const requests = Array.from({ length: 40 }, (_, i) => add({ number: i + 1, count: i + 1 }));
    await begin();
    expect(ran).to.have.length(32);
    requests[35]?.end();
    for (const request of requests.slice(0, 4)) request.end();
    await begin();
    expect(ran).to.have.length(36);
    expect(ran.some(({ command }) => command.includes(' -C 36 '))).to.equal(false);
  });

  it('ends everything when it is stopped, and begins nothing any more', async () => {
    answer = (_argv, options) => untilEnded(options);
    add();
    await begin();
    await probes.stop();
    expect(probes.store.size).to.equal(0);
    add();
    await begin();
    expect(ran).to.have.length(1);
  });

  describe('of throughput', () => {
    const second = { seconds: 1, bytes: 125_000, packets: 100, lost_packets: 10 };
    const report = JSON.stringify({
      start: { connected: [{ remote_host: '10.2.0.1' }] },
      intervals: Array.from({ length: 5 }, () => ({ sum: second })),
    });

    it('is running when it listens, and counts without the first and the last second', async () => {
      let finish = (): void => undefined;
      let listens = false;
      answer = (argv) =>
        argv[0] === 'iperf3'
          ? new Promise((resolve) => {
              finish = () => resolve(output({ stdout: report }));
            })
          : Promise.resolve(output({ stdout: listens ? 'LISTEN\n' : '' }));
      const request = add({ kind: 'receive', target: '10.1.0.1', port: 5300 });
      await begin();
      expect(request.result.state).to.equal('waiting');
      listens = true;
      while (request.result.state === 'waiting') await turn();
      expect(request.result.state).to.equal('running');
      expect(ran.map(({ command }) => command)).to.include.members([
        'iperf3 -s -1 -J -p 5300 -B 10.1.0.1',
        'ss -Hltn src 10.1.0.1:5300',
      ]);
      finish();
      await turn();
      expect(request.result).to.include({ state: 'done', octets: 375_000n, duration: 3_000_000 });
      expect(request.result).to.include({ sent: 300, received: 270 });
      expect(
        probes.links.of({ vif: 'vif1.0', peer: '10.2.0.1', peerPrefixLength: 32 }).probeBandwidth,
      ).to.equal(1000);
    });

    it('fails in the words of iperf3', async () => {
      const error = 'unable to start listener for connections: Address already in use';
      answer = (argv) =>
        Promise.resolve(output(argv[0] === 'iperf3' ? { stdout: JSON.stringify({ error }) } : {}));
      const request = add({ kind: 'receive', target: '10.1.0.1' });
      await begin();
      expect(request.result).to.include({ state: 'failed', message: `iperf3: ${error}` });
    });

    it('fails where there are too few seconds', async () => {
      const intervals = [{ sum: second }, { sum: second }];
      answer = (argv) =>
        Promise.resolve(output(argv[0] === 'iperf3' ? { stdout: JSON.stringify({ intervals }) } : {}));
      const request = add({ kind: 'receive', target: '10.1.0.1' });
      await begin();
      expect(request.result.state).to.equal('failed');
      expect(request.result.message).to.match(/no whole second/);
    });

    it('sends what is asked for', async () => {
      answer = (argv) =>
        Promise.resolve(
          output({
            stdout:
              argv[0] === 'sysctl' ? '212992\n212992\n' : JSON.stringify({ end: { sum: { packets: 250 } } }),
          }),
        );
      const tcp = add({ number: 1, kind: 'send', target: 'fd00:2::1', duration: 3001, timeout: 70 });
      const udp = add({ number: 2, kind: 'send', bandwidth: 1500, size: 1400, port: 5300 });
      await begin();
      while (states([tcp, udp]).includes('waiting')) await turn();
      await turn();
      expect(states([tcp, udp])).to.deep.equal(['done', 'done']);
      expect(udp.result.sent).to.equal(250);
      expect(ran.map(({ command }) => command)).to.have.members([
        'iperf3 -c fd00:2::1 -p 5201 -t 4 -J --connect-timeout 70 -B fd00:1::1',
        // What the machine's own kernel allows.
        'sysctl -n net.core.rmem_max net.core.wmem_max',
        'iperf3 -c 10.2.0.1 -p 5300 -t 3 -J --connect-timeout 1000 -B 10.1.0.1 -u -b 1500000 -l 1400 -w 212992',
      ]);
    });
  });
});

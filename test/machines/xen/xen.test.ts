import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipInSample } from '../../sample.js';
import { createDomain, type Domain } from './domains.js';
import { GLANCE, roundTrip, throughput } from './traffic.js';
import { XenLab, say } from './xen-lab.js';

const BRIDGE = 'xenbr0';
const PROXY1 = domain('proxy1', 1);
const NODE1 = domain('node1', 2);
const PROXY2 = domain('proxy2', 3);
const DOMAINS = [PROXY1, NODE1, PROXY2];

/** What the link is to do: milliseconds one way, and Mbit/s. */
const [LATENCY, BANDWIDTH] = [50, 2];
/** What of a frame of 1514 octets is TCP's data. */
const GOODPUT = 1448 / 1514;
const ADDRESS = { proxy1: '10.1.0.1', node1: '10.1.0.101', proxy2: '10.2.0.1' } as const;

/** Milliseconds between two looks at what comes by itself, and for which it is waited for. */
const [LOOK, PATIENCE] = [2000, 900_000];

const VIRTUAL = `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="xen">
  <site name="site1" network="10.1.0.0/16">
    <node vm="proxy1" address="${ADDRESS.proxy1}" role="proxy"/>
    <node vm="node1" address="${ADDRESS.node1}"/>
  </site>
  <site name="site2" network="10.2.0.0/16">
    <node vm="proxy2" address="${ADDRESS.proxy2}" role="proxy"/>
  </site>
  <link from="site1" to="site2" bandwidth="${String(BANDWIDTH)}mbit" latency="${String(LATENCY)}ms"/>
</virtual-environment>
`;

function domain(name: string, number: number): Domain {
  const digit = String(number);
  return {
    ...{ name, bridge: BRIDGE, agent: true, mac: `00:16:3e:00:01:0${digit}` },
    uuid: `6f1f0f3e-0000-4000-8000-00000000010${digit}`,
  };
}

/** The vifs have the names that they would have on another host at another time: they are found by their machines. */
const realFile = (port: number): string => `<?xml version="1.0" encoding="UTF-8"?>
<real-environment xmlns="urn:netmgr:real-environment:1" name="xen">
  <credentials name="xen" user="netmgr" auth="SHA-256" priv="AES-128" from="env:NETMGR_XEN"/>
  <host name="host1" address="127.0.0.1" hypervisor="xen" version="4.17">
    <agent port="${String(port)}" credentials="xen"/>
    <bridge name="${BRIDGE}"/>
${DOMAINS.map(({ name, mac }, i) => `    <vm name="${name}"><vif name="vif${String(i + 70)}.0" mac="${mac}" bridge="${BRIDGE}"/></vm>`).join('\n')}
  </host>
</real-environment>
`;

describe('Xen', function () {
  this.timeout(1_800_000);
  let started: XenLab | undefined;
  let lab: XenLab;
  let [real, virtual] = ['', ''];
  let untouched: HostTraces;
  /** Milliseconds. */
  let idle = 0;

  before(async function () {
    skipInSample(this, 'a Xen host', 'test:xen');
    lab = started = await XenLab.start(DOMAINS);
    real = await lab.write('real.xml', realFile(lab.host.snmpPort));
    virtual = await lab.write('virtual.xml', VIRTUAL);
    await lab.isReady();
    for (const { name } of DOMAINS) await eventually(`${name} answers`, () => answers(lab, name));
    say('all domains answer');
  });

  after(() => started?.stop());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') say(await lab.words());
  });

  it('reaches the insides of domains through their guest agents', async () => {
    for (const { name, mac } of DOMAINS) {
      const { stdout } = await lab.inDomain(name, 'ip', 'link', 'show', 'dev', 'eth0');
      expect(stdout).to.contain(mac);
    }
  });

  it('says what to do for a domain that is not there', async () => {
    const { message, hint } = await lab.inDomain('nobody', 'true');
    expect(message).to.equal('Xen runs no domain "nobody" on this host');
    expect(hint).to.contain('xl create');
  });

  it('has an idle network that is fast enough to be emulated in', async () => {
    untouched = await tracesOf(lab);
    for (const { name } of DOMAINS) {
      const address = `${ADDRESS[name as keyof typeof ADDRESS]}/8`;
      await lab.inDomain(name, 'ip', 'address', 'add', address, 'dev', 'eth0');
    }
    idle = (await roundTrip(lab, 'proxy1', ADDRESS.proxy2)) ?? Infinity;
    expect(idle, 'round trip').to.be.below(LATENCY);
    expect(await roundTrip(lab, 'node1', ADDRESS.proxy2), 'nothing isolates').to.be.below(LATENCY);
    const freely = await throughput(lab, 'proxy1', 'proxy2', ADDRESS.proxy2, GLANCE);
    say(`without netmgr: round trip ${String(idle)} ms, ${freely.toFixed(2)} Mbit/s`);
    expect(freely, 'Mbit/s').to.be.above(2 * BANDWIDTH);
    for (const { name } of DOMAINS) await lab.inDomain(name, 'ip', 'address', 'flush', 'dev', 'eth0');
  });

  it('isolates sites, and emulates the link between them', async () => {
    await managed(lab, 'apply', real, virtual, '--confirm-timeout', '600');
    await emulates();
  });

  it('finds nothing to do a second time', async () => {
    const stdout = await managed(lab, 'apply', real, virtual, '--confirm-timeout', '600');
    expect(stdout).to.contain('nothing to do');
  });

  it('gives a domain everything again that starts again', async () => {
    const before = await vifs(lab);
    await lab.host.run(['xl', 'destroy', PROXY2.name]);
    await createDomain(lab.host.run, PROXY2);
    const since = performance.now();
    expect(await vifs(lab), 'another interface').not.to.deep.equal(before);
    await eventually(
      'it is reached at its address',
      async () => (await roundTrip(lab, 'proxy1', ADDRESS.proxy2)) !== undefined,
    );
    say(`proxy2 has its address ${((performance.now() - since) / 1000).toFixed(0)} s after it was created`);
    await emulates();
  });

  it('takes everything away', async () => {
    await managed(lab, 'destroy', real, '--confirm-timeout', '600');
    expect(await tracesOf(lab)).to.deep.equal(untouched);
  });

  it('keeps the contract of drivers', async () => {
    await lab.endAgent();
    await lab.keepsTheContract(BRIDGE, [PROXY1, PROXY2]);
  });

  async function emulates(): Promise<void> {
    const during = (await roundTrip(lab, 'proxy1', ADDRESS.proxy2)) ?? Infinity;
    say(`with the link: round trip ${String(during)} ms`);
    // fping(8) says three digits.
    expect(during, 'round trip').to.be.within(2 * LATENCY, 2 * LATENCY + idle + 2);
    const inside = await roundTrip(lab, 'node1', ADDRESS.proxy1);
    say(`inside the site: round trip ${String(inside)} ms`);
    expect(inside, 'inside a site').to.be.below(LATENCY);
    expect(await roundTrip(lab, 'node1', ADDRESS.proxy2), 'isolation').to.equal(undefined);
    const limited = await throughput(lab, 'proxy1', 'proxy2', ADDRESS.proxy2);
    say(`through the link: ${limited.toFixed(3)} Mbit/s`);
    expect(limited, 'Mbit/s').to.be.within(BANDWIDTH * 0.93, BANDWIDTH * GOODPUT * 1.02);
  }
});

/** @returns what it says */
async function managed(lab: XenLab, ...argv: readonly string[]): Promise<string> {
  const begin = performance.now();
  const { exitCode, stdout, stderr } = await lab.manage(...argv);
  say(`netmgr ${argv[0] ?? ''} took ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  expect(exitCode, `${stdout}${stderr}`).to.equal(0);
  return stdout;
}

const answers = async (lab: XenLab, name: string): Promise<boolean> =>
  (await lab.inDomain(name, 'true')).exitCode === 0;

async function vifs(lab: XenLab): Promise<string[]> {
  const { stdout } = await lab.host.run(['ip', '-o', 'link', 'show', 'master', BRIDGE]);
  return [...stdout.matchAll(/^\d+: ([^:@]+)/gm)].map(([, name = '']) => name);
}

/** What netmgr might leave in dom0 and in the domains. */
type HostTraces = Readonly<Record<string, string>>;

/** The empty tables that iptables-nft makes, and leaves (docs/operations.md). */
const EMPTY_TABLES =
  /^table ip6? filter \{\n(\s*chain [A-Z]+ \{\n\s*type filter hook [a-z]+ priority filter; policy accept;\n\s*\}\n)*\}\n/gm;

/** A domain that was started again has another number. */
const comparable = (text: string): string => text.replace(EMPTY_TABLES, '').replace(/\bvif\d+\./g, 'vifN.');

async function tracesOf(lab: XenLab): Promise<HostTraces> {
  const traces: Record<string, string> = {};
  const commands = [
    'tc qdisc show',
    'tc filter show',
    'ipset list -n',
    'nft -s list ruleset',
    'ip -br link show type ifb',
  ];
  for (const command of commands)
    traces[command] = comparable((await lab.host.run(['sh', '-c', command])).stdout);
  for (const { name } of DOMAINS)
    for (const command of ['ip -o -4 address show dev eth0', 'ip route', 'ip -o link show dev eth0'])
      traces[`${name}: ${command}`] = (await lab.inDomain(name, 'sh', '-c', command)).stdout ?? '';
  return traces;
}

async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not so within ${String(PATIENCE / 1000)} s: ${what}`);
    await sleep(LOOK);
  }
}

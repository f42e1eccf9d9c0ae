import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { skipInSample } from '../../sample.js';
import type { Domain } from './domains.js';
import { XenLab } from './xen-lab.js';

const BRIDGE = 'xenbr0';
const PROXY1 = domain('proxy1', 1);
const NODE1 = domain('node1', 2);
const PROXY2 = domain('proxy2', 3);
const DOMAINS = [PROXY1, NODE1, PROXY2];

/** What the link is to do: milliseconds one way, and Mbit/s. */
const [LATENCY, BANDWIDTH] = [50, 4];
const ADDRESSES = { proxy1: '10.1.0.1', node1: '10.1.0.101', proxy2: '10.2.0.1' } as const;

/** A guest comes up in half a minute where nothing else is done, of which most goes by between two looks. */
const [LOOKS, LOOK] = [60, 3000];
const PINGS = 10;

const VIRTUAL = `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="xen">
  <site name="site1" network="10.1.0.0/16">
    <node vm="proxy1" address="${ADDRESSES.proxy1}" role="proxy"/>
    <node vm="node1" address="${ADDRESSES.node1}"/>
  </site>
  <site name="site2" network="10.2.0.0/16">
    <node vm="proxy2" address="${ADDRESSES.proxy2}" role="proxy"/>
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
  this.timeout(2_700_000);
  let started: XenLab | undefined;
  let lab: XenLab;
  let [real, virtual] = ['', ''];

  before(async function () {
    skipInSample(this, 'a Xen host', 'test:xen');
    const begin = performance.now();
    lab = started = await XenLab.start(DOMAINS);
    real = await lab.write('real.xml', realFile(lab.host.snmpPort));
    virtual = await lab.write('virtual.xml', VIRTUAL);
    process.stdout.write(`    a Xen host with ${String(DOMAINS.length)} domains: ${seconds(begin)} s\n`);
  });

  after(() => started?.stop());

  it('reaches the insides of domains through their guest agents', async () => {
    for (const { name, mac } of DOMAINS) {
      const { stdout } = await answered(lab, name);
      expect(stdout).to.contain(mac);
    }
  });

  it('says what to do for a domain that is not there', async () => {
    const { message, hint } = await lab.inDomain('nobody', 'true');
    expect(message).to.equal('Xen runs no domain "nobody" on this host');
    expect(hint).to.contain('xl create');
  });

  it('emulates the network between domains', async () => {
    // Before: what the machine under the emulation takes.
    for (const { name } of DOMAINS) {
      await lab.inDomain(
        name,
        'ip',
        'address',
        'add',
        `${ADDRESSES[name as keyof typeof ADDRESSES]}/8`,
        'dev',
        'eth0',
      );
    }
    const before = await roundTrip(lab, 'proxy1', ADDRESSES.proxy2);
    expect(before, 'before').to.be.within(0, LATENCY);
    expect(await roundTrip(lab, 'node1', ADDRESSES.proxy2), 'nothing isolates').to.be.within(0, LATENCY);
    const freely = await throughput(lab, 'proxy1', 'proxy2');
    for (const { name } of DOMAINS) await lab.inDomain(name, 'ip', 'address', 'flush', 'dev', 'eth0');

    await lab.startAgent();
    const applied = await lab.manage('apply', real, virtual, '--timeout', '40000');
    expect(applied.exitCode, applied.stderr).to.equal(0);

    const during = await roundTrip(lab, 'proxy1', ADDRESSES.proxy2);
    expect(during - before, 'round trip').to.be.within(2 * LATENCY - 10, 2 * LATENCY + 30);
    const limited = await throughput(lab, 'proxy1', 'proxy2');
    expect(limited, 'Mbit/s').to.be.within(BANDWIDTH * 0.7, BANDWIDTH * 1.03);
    expect(await roundTrip(lab, 'node1', ADDRESSES.proxy1), 'inside a site').to.be.within(0, LATENCY);
    expect(await roundTrip(lab, 'node1', ADDRESSES.proxy2), 'isolation').to.equal(undefined);
    process.stdout.write(
      `    round trip ${String(before)} ms, with the link ${String(during)} ms; ${freely.toFixed(1)} Mbit/s, with the link ${limited.toFixed(2)}\n`,
    );
  });
});

const seconds = (begin: number): string => ((performance.now() - begin) / 1000).toFixed(0);

/** What a domain says of its interface, as soon as its agent answers. */
async function answered(lab: XenLab, name: string): Promise<{ stdout: string }> {
  for (let look = 0; ; look++) {
    const { stdout, message = '' } = await lab.inDomain(name, 'ip', 'link', 'show', 'dev', 'eth0');
    if (stdout !== undefined) return { stdout };
    if (look === LOOKS) throw new Error(`${name} does not come up: ${message}`);
    await sleep(LOOK);
  }
}

/** Milliseconds: the shortest of several; undefined if none came back. */
async function roundTrip(lab: XenLab, from: string, to: string): Promise<number> {
  const {
    stdout = '',
    stderr = '',
    message,
  } = await lab.inDomain(from, 'fping', '-q', '-c', String(PINGS), '-p', '300', to);
  if (message !== undefined) throw new Error(message);
  const shortest = /min\/avg\/max = ([\d.]+)\//.exec(stdout + stderr)?.[1];
  return shortest === undefined ? (undefined as never) : Number(shortest);
}

/** Mbit/s of TCP from one to another. */
async function throughput(lab: XenLab, from: string, to: 'proxy2'): Promise<number> {
  await lab.inDomain(to, 'iperf3', '-s', '-D', '-1');
  const { stdout = '', message } = await lab.inDomain(from, 'iperf3', '-J', '-t', '8', '-c', ADDRESSES[to]);
  if (message !== undefined) throw new Error(message);
  const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e6;
}

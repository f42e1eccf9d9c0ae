import { expect } from 'chai';
import { failuresOf, type NetmgrError } from '../../../src/errors.js';
import { merged, virtualXml } from '../merge/environments.js';

/** Hosts h1, h2 and h3 with the machines a, b and c, and physical links. */
function real(links: string, hosts: { readonly memory?: string; readonly vmMemory?: string } = {}): string {
  const { memory = '', vmMemory = '' } = hosts;
  const host = (i: number, name: string): string =>
    `<host name="h${String(i)}" address="172.16.0.${String(i)}" ${memory}><agent port="161" credentials="lab"/>` +
    `<bridge name="br0"/><vm name="${name}" ${vmMemory}><vif name="vif1.0" mac="00:16:3e:00:00:0${String(i)}" bridge="br0"/></vm>` +
    `<vm name="${name}2" ${vmMemory}><vif name="vif2.0" mac="00:16:3e:00:00:1${String(i)}" bridge="br0"/></vm></host>`;
  return (
    '<real-environment xmlns="urn:netmgr:real-environment:1" name="test">' +
    '<credentials name="lab" user="netmgr" auth="SHA-256" priv="AES-128" from="env:LAB"/>' +
    `<switch name="s1"/><switch name="s2"/>${host(1, 'a')}${host(2, 'b')}${host(3, 'c')}\n${links}\n</real-environment>`
  );
}

/** Sites of a, b and c, which are proxies, and what is between them. */
function virtual(body: string, access = ''): string {
  const site = (name: string, i: number): string =>
    `<site name="${name.toUpperCase()}" network="10.${String(i)}.0.0/24"><node vm="${name}" address="10.${String(i)}.0.1" role="proxy">${access}</node></site>`;
  return virtualXml(`${site('a', 1)}${site('b', 2)}${site('c', 3)}\n${body}`);
}

const STAR =
  '<link from="h1" to="s1" bandwidth="100mbit" latency="100us"/>\n<link from="h2" to="s1" bandwidth="1gbit" latency="200us"/>\n<link from="s1" to="h3" bandwidth="100mbit"/>';

async function warningsOf(realText: string, virtualText: string): Promise<readonly NetmgrError[]> {
  const { warnings } = await merged(realText, virtualText);
  return warnings;
}

async function conflictsOf(realText: string, virtualText: string): Promise<NetmgrError[]> {
  return merged(realText, virtualText).then(
    () => [],
    (error: unknown) => failuresOf(error),
  );
}

describe('feasibility', () => {
  it('has nothing against what the physical network can do, or what the real file does not say', async () => {
    const asked = virtual('<link from="A" to="B" bandwidth="100mbit" latency="10ms"/>');
    expect(await warningsOf(real(STAR), asked)).to.deep.equal([]);
    expect(await warningsOf(real(''), asked)).to.deep.equal([]);
    expect(await warningsOf(real('<link from="h1" to="s1"/><link from="h2" to="s1"/>'), asked)).to.deep.equal(
      [],
    );
  });

  it('refuses more bandwidth than the narrowest physical link has, once for each link and pair of hosts', async () => {
    const [error, ...more] = await conflictsOf(
      real(STAR),
      virtual('<link from="B" to="A" bandwidth="101mbit"/>'),
    );
    expect(more.map(({ message }) => message)).to.deep.equal([
      '101mbit cannot pass from h1 to h2: the physical link h1 - s1 has 100mbit',
    ]);
    expect(error).to.include({
      kind: 'Conflict',
      message: '101mbit cannot pass from h2 to h1: the physical link s1 - h1 has 100mbit',
      subject: 'B - A',
      hint: 'Ask for 100mbit at most, put the nodes on one host, or correct the bandwidth in the real file.',
    });
    expect(error?.at).to.deep.equal({ file: 'virtual.xml', line: 2 });
  });

  it('judges no link between machines of one host', async () => {
    const both = virtualXml(
      '<site name="A" network="10.1.0.0/24"><node vm="a" address="10.1.0.1" role="proxy"/></site>' +
        '<site name="B" network="10.2.0.0/24"><node vm="a2" address="10.2.0.1" role="proxy"/></site>' +
        '<link from="A" to="B" bandwidth="10gbit" latency="1us"/>',
    );
    expect(await warningsOf(real(STAR), both)).to.deep.equal([]);
  });

  it('refuses a latency below that of the way, and warns where the way adds more than a tenth', async () => {
    const [error] = await conflictsOf(
      real(STAR),
      virtual('<link from="A" to="B" direction="forward" latency="299us"/>'),
    );
    expect(error).to.include({
      message: 'a latency of 299us is less than the way from h1 to h2 takes: 300us',
      subject: 'A - B',
    });
    const late = virtual('<link from="A" to="B" latency="2999us"/>');
    expect((await warningsOf(real(STAR), late)).map(({ message }) => message)).to.deep.equal([
      'the way from h1 to h2 adds 300us to the latency of 2999us',
    ]);
    expect(await warningsOf(real(STAR), virtual('<link from="A" to="B" latency="3ms"/>'))).to.deep.equal([]);
  });

  it('judges what access lines come to, between neighbours too', async () => {
    const site = virtualXml(
      '<site name="A" network="10.1.0.0/24"><node vm="a" address="10.1.0.1"/><node vm="b" address="10.1.0.2"/>\n<access latency="100us"/></site>',
    );
    const errors = await conflictsOf(real(STAR), site);
    expect(errors.map(({ message, at }) => [message, at?.line])).to.deep.equal([
      ['a latency of 200us is less than the way from h2 to h1 takes: 300us', 2],
      ['a latency of 200us is less than the way from h1 to h2 takes: 300us', 2],
    ]);
  });

  it('warns of physical links that cannot carry all at once, each direction by itself', async () => {
    const links =
      '<link from="A" to="B" bandwidth="60mbit"/><link from="A" to="C" direction="forward" bandwidth="60mbit"/>';
    const [warning, ...more] = await warningsOf(real(STAR), virtual(links));
    expect(more).to.deep.equal([]);
    expect(warning).to.include({
      kind: 'Conflict',
      message:
        'it has 100mbit, and links may send over it at once 120mbit from h1 to s1 (1.2 times): A/a → B/b 60mbit, A/a → C/c 60mbit',
      subject: 'h1 - s1',
    });
    expect(warning?.at).to.deep.equal({ file: 'real.xml', line: 2 });
  });

  it('counts no node for more than its own line lets it send or receive, and no link that is down', async () => {
    const links = '<link from="A" to="B" bandwidth="60mbit"/><link from="A" to="C" bandwidth="60mbit"/>';
    expect(await warningsOf(real(STAR), virtual(links, '<access bandwidth="100mbit"/>'))).to.deep.equal([]);
    expect(
      await warningsOf(
        real(STAR),
        virtual(links.replace('bandwidth="60mbit"/>', 'bandwidth="60mbit" state="down"/>')),
      ),
    ).to.deep.equal([]);
  });

  it('takes the way over the fewest links, of equals the one with the least latency, and none through a host', async () => {
    const ring =
      '<link from="h1" to="s1" latency="1ms"/><link from="h1" to="s2" latency="2ms"/>' +
      '<link from="s1" to="h2" latency="4ms"/><link from="s2" to="h2" latency="1ms"/>' +
      '<link from="h1" to="h3" latency="1us"/><link from="h3" to="h2" latency="1us"/>';
    const [error] = await conflictsOf(real(ring), virtual('<link from="A" to="B" latency="2ms"/>'));
    expect(error?.message).to.equal('a latency of 2ms is less than the way from h1 to h2 takes: 3ms');
  });

  it('warns of hosts that the file does not join, though it joins them to something', async () => {
    const apart = '<link from="h1" to="s1"/><link from="h2" to="s2"/>';
    const warnings = await warningsOf(real(apart), virtual('<link from="A" to="B" latency="2ms"/>'));
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'the real file has links of h1 and of h2, and no way from one to the other',
    ]);
  });

  it('refuses packets that the way does not pass, with what an overlay adds', async () => {
    const physical = STAR.replaceAll('<link ', '<link mtu="9000B" ');
    const link = '<link from="A" to="B" latency="10ms"/>';
    expect(await warningsOf(real(physical), virtual(link, '<access mtu="9000B"/>'))).to.deep.equal([]);
    const [error] = await conflictsOf(real(physical), virtual(link, '<access mtu="9001B"/>'));
    expect(error).to.include({
      message: 'packets of 9001B do not pass from h2 to h1: the physical links have room for 9000B',
      subject: 'B/b',
      hint: 'Write mtu="9000B" at most, or correct the mtu of the links in the real file.',
    });
    const overlay = virtual(link, '<access mtu="8951B"/>').replaceAll('<site ', '<site overlay="vxlan" ');
    const [tooLarge] = await conflictsOf(real(physical), overlay);
    expect(tooLarge?.message).to.include('have room for 8950B');
  });

  it('warns of machines with more memory together than their host', async () => {
    const warnings = await warningsOf(
      real('', { memory: 'memory="1GiB"', vmMemory: 'memory="768MiB"' }),
      virtual('<link from="A" to="B" latency="10ms"/>'),
    );
    expect(warnings.map(({ message, subject }) => [subject, message])).to.deep.equal(
      ['h1', 'h2', 'h3'].map((host) => [
        host,
        'its machines have 1536MiB of memory together, and it has 1GiB',
      ]),
    );
  });
});

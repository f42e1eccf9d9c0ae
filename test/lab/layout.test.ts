import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { failuresOf } from '../../src/errors.js';
import { planLayout } from '../../src/lab/layout.js';
import { parseRealEnvironment } from '../../src/manager/xml/read-real-environment.js';
import { PAIR } from './lab-process.js';

const pair = readFileSync(PAIR, 'utf8');

const layoutOf = async (text: string): Promise<ReturnType<typeof planLayout>> =>
  planLayout((await parseRealEnvironment(text, 'test.xml')).environment);

const refusal = async (text: string): Promise<string[]> => {
  try {
    await layoutOf(text);
  } catch (error) {
    return failuresOf(error).map(({ kind, message }) => `${kind}: ${message}`);
  }
  return [];
};

describe('planLayout', () => {
  it('names a namespace per host and machine', async () => {
    const { namespaces } = await layoutOf(pair);
    expect(namespaces).to.deep.equal(['host1', 'proxy1', 'node2', 'host2', 'proxy2', 'node1']);
  });

  it('puts each end of a vif where it belongs, with the MAC of the file', async () => {
    const { root, inside } = await layoutOf(pair);
    expect(root.ip).to.include(
      'link add name vif1.0 netns host1 type veth peer name eth0 address 00:16:3e:00:01:00 netns proxy1',
    );
    const host = inside.find(({ namespace }) => namespace === 'host1');
    expect(host?.ip).to.include('link set dev vif1.0 master xenbr0');
  });

  it('numbers the interfaces of a machine with several vifs', async () => {
    const { root, inside } = await layoutOf(
      pair.replace('bridge="xenbr0"/>', 'bridge="xenbr0"/><vif name="vif1.1" bridge="xenbr0"/>'),
    );
    expect(root.ip).to.include('link add name vif1.1 netns host1 type veth peer name eth1 netns proxy1');
    expect(inside.find(({ namespace }) => namespace === 'proxy1')?.ip).to.include('link set dev eth1 up');
  });

  it('has an address of its own beside the hosts', async () => {
    const { labAddresses, inside } = await layoutOf(pair);
    expect(labAddresses).to.deep.equal(['172.16.0.6']);
    expect(inside[0]?.ip).to.include('address add 172.16.0.1/29 dev mgmt0');
  });

  it('takes both IP versions side by side', async () => {
    const { labAddresses, inside } = await layoutOf(pair.replace('172.16.0.2', 'fd00::2'));
    expect(labAddresses).to.deep.equal(['172.16.0.6', 'fd00::6']);
    expect(inside.flatMap(({ ip }) => ip)).to.include('address add fd00::2/125 dev mgmt0 nodad');
  });

  it('shapes both ends of an uplink at the rate of the physical link', async () => {
    const { root, inside } = await layoutOf(pair);
    const rate = 'root tbf rate 1000000000bit burst 125000 limit 6375000';
    expect(root.tc).to.deep.equal([`qdisc add dev u0 ${rate}`, `qdisc add dev u1 ${rate}`]);
    expect(inside[0]?.tc).to.deep.equal([`qdisc add dev eth0 ${rate}`]);
  });

  it('says what it leaves out', async () => {
    const { notes } = await layoutOf(pair.replace('to="sw0"', 'to="host2"'));
    expect(notes).to.deep.equal(['the lab leaves out the link from host1 to host2: neither end is a switch']);
  });

  for (const [what, text, message] of [
    ['a machine named as a host', pair.replace('"proxy1"', '"host2"'), 'host2'],
    ['two hosts of one address', pair.replace('172.16.0.2', '172.16.0.1'), '172.16.0.1'],
    ['hosts that no network holds', pair.replace('172.16.0.2', '10.0.0.1'), 'no IPv4 network'],
    ["an interface named as the lab's", pair.replaceAll('"xenbr0"', '"mgmt0"'), 'mgmt0'],
    [
      'a ring of switches',
      pair
        .replace('<switch name="sw0"/>', '<switch name="sw0"/><switch name="sw1"/><switch name="sw2"/>')
        .replace(
          '</real-environment>',
          '<link from="sw0" to="sw1"/><link from="sw1" to="sw2"/><link from="sw2" to="sw0"/></real-environment>',
        ),
      'ring',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const messages = await refusal(text);
      expect(messages.join('\n')).to.contain(message);
    });
  }
});

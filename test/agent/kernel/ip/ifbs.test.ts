import { expect } from 'chai';
import { addIfbs, removeIfbs, writeIfbAdditions } from '../../../../src/agent/kernel/ip/ifbs.js';
import { parseLinks, readLinks } from '../../../../src/agent/kernel/ip/links.js';
import { ifbName } from '../../../../src/agent/kernel/tc/ifb-name.js';
import { readFixture } from '../fixture.js';
import { makeScratch, type Scratch } from '../scratch.js';

describe('IFBs on a real kernel', function () {
  this.timeout(60_000);
  let scratch: Scratch;

  beforeEach(async () => {
    scratch = await makeScratch();
    await scratch.sh('ip link add theirs type ifb');
  });

  afterEach(() => scratch.remove());

  it('makes what is missing, completes what was begun and takes away what is left over', async () => {
    await scratch.sh(`ip link add ${ifbName('vif1.0')} type ifb`);
    await addIfbs(scratch.run, await readLinks(scratch.run), ['vif1.0', 'vif2.0']);
    const links = await readLinks(scratch.run);
    expect(links.map(({ alias }) => alias).filter((alias) => alias !== undefined)).to.have.members([
      'netmgr:vif1.0',
      'netmgr:vif2.0',
    ]);
    expect(writeIfbAdditions(links, ['vif1.0', 'vif2.0'])).to.equal('');
    await removeIfbs(scratch.run, links, ['vif2.0']);
    await removeIfbs(scratch.run, await readLinks(scratch.run), []);
    expect((await readLinks(scratch.run)).map(({ name }) => name)).to.include('theirs');
    expect((await readLinks(scratch.run)).filter(({ name }) => name.startsWith('nm-'))).to.deep.equal([]);
  });

  it("refuses somebody else's interface of the same name", async () => {
    await scratch.sh(`ip link add ${ifbName('vif1.0')} type bridge`);
    const links = await readLinks(scratch.run);
    expect(() => writeIfbAdditions(links, ['vif1.0']))
      .to.throw('not netmgr')
      .with.property('kind', 'Conflict');
  });

  it('reads what another kernel prints', async () => {
    const links = parseLinks(await readFixture('links.txt'));
    const vif = links.find(({ name }) => name === 'v0');
    expect(vif).to.include({ kind: 'veth', master: 'br0', mtu: 1500, up: true });
    expect(vif?.peer).to.have.any.keys('name', 'ifindex');
    expect(links.find(({ kind }) => kind === 'ifb')?.name).to.equal(ifbName('v0'));
  });
});

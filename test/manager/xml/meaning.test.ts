import { expect } from 'chai';
import { failuresOf } from '../../../src/errors.js';
import { parseVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';

async function messagesFor(content: string): Promise<string[]> {
  const text = `<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="x">${content}</virtual-environment>`;
  return parseVirtualEnvironment(text, 'f').then(
    () => [],
    (error: unknown) => failuresOf(error).map(({ message }) => message),
  );
}

function site(index: number, attributes: string, content: string): string {
  return `<site name="s${String(index)}" network="10.${String(index)}.0.0/16" ${attributes}>${content}</site>`;
}

describe('a virtual environment', () => {
  it('may have a machine in two sites, by a vif in each', async () => {
    const sites = [1, 2].map((index) =>
      site(index, '', `<node vm="a" vif="vif1.${String(index)}" address="10.${String(index)}.0.1"/>`),
    );
    expect(await messagesFor(sites.join(''))).to.deep.equal([]);
  });

  it('may not have the same vif in two sites, nor a machine whole and by a vif', async () => {
    for (const vif of ['vif="vif1.0"', '']) {
      const sites = site(1, '', '<node vm="a" vif="vif1.0" address="10.1.0.1"/>');
      const second = site(2, '', `<node vm="a" ${vif} address="10.2.0.1"/>`);
      expect(await messagesFor(sites + second)).to.deep.equal([
        'the node "a" is there twice, first in line 1',
      ]);
    }
  });

  it('needs proxies for a link only where the narrower policy is proxy', async () => {
    const link = '<link from="s1" to="s2"/>';
    const between = async (first: string, second: string): Promise<number> => {
      const messages = await messagesFor(
        site(1, `policy="${first}"`, '') + site(2, `policy="${second}"`, '') + link,
      );
      return messages.length;
    };
    expect(await between('open', 'open')).to.equal(0);
    expect(await between('open', 'proxy')).to.equal(2);
    expect(await between('isolated', 'proxy')).to.equal(0);
  });

  it('may have a link for each direction, not two for one', async () => {
    const sites = site(1, 'policy="open"', '') + site(2, 'policy="open"', '');
    const forward = '<link from="s1" to="s2" direction="forward"/>';
    const back = '<link from="s2" to="s1" direction="forward"/>';
    expect(await messagesFor(sites + forward + back)).to.deep.equal([]);
    expect(await messagesFor(sites + forward + forward)).to.have.lengthOf(1);
    expect(await messagesFor(`${sites}<link from="s1" to="s2"/>${back}`)).to.have.lengthOf(1);
  });

  it('may use the first and last address of a network of two addresses', async () => {
    const nodes = '<node vm="a" address="10.0.0.0"/><node vm="b" address="10.0.0.1"/>';
    expect(await messagesFor(`<site name="s" network="10.0.0.0/31">${nodes}</site>`)).to.deep.equal([]);
  });

  it('says nothing about references while a part of the file does not fit', async () => {
    const broken = '<site name="s2"/>';
    expect(await messagesFor(`${site(1, '', '')}${broken}<link from="s1" to="s2"/>`)).to.deep.equal([
      '<site> has no network',
    ]);
  });
});

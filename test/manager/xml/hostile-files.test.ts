import { mkdtemp, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { failuresOf, type NetmgrError } from '../../../src/errors.js';
import { MAX_FILE_BYTES } from '../../../src/manager/xml/read-text.js';
import { parseRealEnvironment, readRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';

const OPEN = '<real-environment xmlns="urn:netmgr:real-environment:1" name="x">';
const CLOSE = '</real-environment>';

async function failuresFrom(reading: Promise<unknown>): Promise<NetmgrError[]> {
  return reading.then(
    () => [],
    (error: unknown) => failuresOf(error),
  );
}

async function messagesFor(text: string): Promise<string[]> {
  return (await failuresFrom(parseRealEnvironment(text, 'f.xml'))).map(({ message }) => message);
}

describe('a file that is none', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'netmgr-xml-'));
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  it('is missing', async () => {
    const [error] = await failuresFrom(readRealEnvironment(join(directory, 'none.xml')));
    expect(error?.kind).to.equal('InvalidInput');
    expect(error?.message).to.equal(`there is no file ${join(directory, 'none.xml')}`);
  });

  it('is a directory', async () => {
    const path = join(directory, 'directory');
    await mkdir(path);
    const [error] = await failuresFrom(readRealEnvironment(path));
    expect(error?.message).to.equal(`${path} is no file but a directory`);
  });

  it('is larger than what is read', async () => {
    const path = join(directory, 'large.xml');
    await writeFile(path, '');
    await truncate(path, MAX_FILE_BYTES + 1);
    const [error] = await failuresFrom(readRealEnvironment(path));
    expect(error?.message).to.equal(`${path} has 67108865 bytes, more than the 67108864 that are read`);
  });

  it('has a name with control characters, which are escaped', async () => {
    const [error] = await failuresFrom(readRealEnvironment(join(directory, 'a\u001b[2Jb')));
    expect(error?.message).to.match(/there is no file .*a\\u\{1b\}\[2Jb$/);
  });
});

describe('a file that attacks', () => {
  it('is refused with a DOCTYPE wherever one may stand', async () => {
    const doctype = '<!DOCTYPE real-environment>';
    for (const before of [
      '',
      '\n',
      '\ufeff',
      '<?xml version="1.0"?>',
      '<!-- a --><!-- b -->',
      '<?p <!-- ?>',
    ]) {
      expect(await messagesFor(`${before}${doctype}${OPEN}${CLOSE}`), before).to.have.lengthOf(1);
    }
  });

  it('may speak of a DOCTYPE in a comment', async () => {
    expect(await messagesFor(`<!-- <!DOCTYPE x> -->${OPEN}<!-- <!DOCTYPE y> -->${CLOSE}`)).to.deep.equal([]);
  });

  it('has many comments before its root, which take no time to tell apart', async () => {
    expect(await messagesFor(`${'<!-- -->'.repeat(10_000)}${OPEN}${CLOSE}`)).to.deep.equal([]);
  });

  it('refers to an entity that nobody declared', async () => {
    const [message] = await messagesFor(`${OPEN}<switch name="&x;"/>${CLOSE}`);
    expect(message).to.match(/^the file is no well-formed XML: .*'x' not defined/);
  });

  it('cannot make the reader ask for another file', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/x`;
      const located = OPEN.replace(
        '>',
        ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:netmgr:real-environment:1 ${url} urn:other ${url}">`,
      );
      expect(await messagesFor(located + CLOSE)).to.deep.equal([]);
      const include = `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${url}"/>`;
      expect(await messagesFor(OPEN + include + CLOSE)).to.have.lengthOf(1);
      const [refused] = await messagesFor(`<!DOCTYPE a [<!ENTITY x SYSTEM "${url}">]>${OPEN}&x;${CLOSE}`);
      expect(refused).to.match(/document type/);
      expect(requests).to.equal(0);
    } finally {
      server.close();
    }
  });

  it('has names of 64 KB, which are cut in messages', async () => {
    const long = 'n'.repeat(65_536);
    for (const text of [
      `${OPEN}<${long}/>${CLOSE}`,
      `${OPEN}<switch ${long}="1" name="a"/>${CLOSE}`,
      `${OPEN}<switch name="${long}"/>${CLOSE}`,
      `<${long}/>`,
    ]) {
      const messages = await messagesFor(text);
      expect(messages).to.have.lengthOf(1);
      expect(messages[0]?.length).to.be.lessThan(300);
    }
  });

  it('is nested deeply', async () => {
    const messages = await messagesFor(`${OPEN}${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}${CLOSE}`);
    expect(messages).to.have.lengthOf(1);
  });

  it('uses names that mean something to JavaScript', async () => {
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      expect(await messagesFor(`${OPEN}<${name}/>${CLOSE}`), name).to.have.lengthOf(1);
      expect(await messagesFor(`${OPEN}<switch name="a" ${name}="b"/>${CLOSE}`), name).to.have.lengthOf(1);
    }
    expect(({} as Record<string, unknown>)['name']).to.equal(undefined);
  });
});

describe('XML in other clothes', () => {
  it('may have a prefix, references, CR LF, processing instructions and single quotes', async () => {
    const text = `<n:real-environment xmlns:n='urn:netmgr:real-environment:1'\r\n name='x&#45;y'>\r\n<?p i?>\r\n<n:switch\r\n name="sw&#x30;"/></n:real-environment>`;
    const { environment, positionOf } = await parseRealEnvironment(text, 'f.xml');
    expect(environment.name).to.equal('x-y');
    const [only] = environment.switches;
    expect(only?.name).to.equal('sw0');
    expect(positionOf(only ?? {})).to.deep.equal({ file: 'f.xml', line: 4 });
    expect(positionOf(only ?? {}, 'name')).to.deep.equal({ file: 'f.xml', line: 5 });
  });

  it('says the errors of elements with a prefix at their own lines', async () => {
    const text = `<n:real-environment xmlns:n="urn:netmgr:real-environment:1" name="x">\n<n:switch name="a"/>\n<n:switch name=""/>\n<n:hots/>\n</n:real-environment>`;
    const failures = await failuresFrom(parseRealEnvironment(text, 'f.xml'));
    expect(failures.map(({ message, at }) => `${String(at?.line)} ${message}`)).to.deep.equal([
      '3 name is empty',
      '4 <real-environment> has no element <n:hots>',
    ]);
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { failuresOf } from '../../../src/errors.js';
import { readRealEnvironment } from '../../../src/manager/xml/read-real-environment.js';
import { readVirtualEnvironment } from '../../../src/manager/xml/read-virtual-environment.js';

interface Expected {
  readonly file: string;
  readonly kind: 'real' | 'virtual';
  readonly errors: readonly {
    readonly line: number;
    readonly message: string;
    readonly hint: string;
    readonly subject?: string;
  }[];
}

const FIXTURES = new URL('../../../fixtures/invalid/', import.meta.url);

const table = JSON.parse(
  await readFile(new URL('invalid-fixtures.json', import.meta.url), 'utf8'),
) as Expected[];

describe('files with something wrong', () => {
  it('are all in the table', async () => {
    const files = (await readdir(FIXTURES)).filter((file) => file.endsWith('.xml')).sort();
    expect(table.map(({ file }) => file).sort()).to.deep.equal(files);
  });

  for (const { file, kind, errors } of table) {
    it(`${file} is refused with its lines and what to do`, async () => {
      const path = new URL(file, FIXTURES).pathname;
      const read = kind === 'real' ? readRealEnvironment : readVirtualEnvironment;
      const thrown = await read(path).then(
        () => undefined,
        (error: unknown) => error,
      );
      const failures = thrown === undefined ? [] : failuresOf(thrown).map((error) => error.toJSON());
      const told = failures.map(({ cause: _, ...report }) => report);
      expect(told).to.deep.equal(
        errors.map(({ line, ...error }) => ({ kind: 'InvalidInput', ...error, at: { file: path, line } })),
      );
    });
  }
});

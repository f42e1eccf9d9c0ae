import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { NetmgrError } from '../../../src/errors.js';
import { fitsInPieces } from '../../../src/manager/xml/fits-in-pieces.js';
import { Findings } from '../../../src/manager/xml/findings.js';
import { parseDocument } from '../../../src/manager/xml/parse-document.js';
import { parseElements } from '../../../src/manager/xml/parse-elements.js';
import { removeMisfits } from '../../../src/manager/xml/remove-misfits.js';
import { Schema, type SchemaName } from '../../../src/manager/xml/schema.js';
import { validate } from '../../../src/manager/xml/validate.js';
import { expectKind } from '../snmp/expect-kind.js';

const FIXTURES = new URL('../../../fixtures/', import.meta.url);
const DIRECTORIES = ['real-env/', 'virtual-env/', 'invalid/'];
const KINDS: readonly SchemaName[] = ['real-environment', 'virtual-environment'];
/** Characters; with so few each element below the root is a piece. */
const PIECE = 1;

const texts = DIRECTORIES.flatMap((directory) =>
  readdirSync(new URL(directory, FIXTURES))
    .filter((name) => name.endsWith('.xml'))
    .map((name) => ({
      name: `${directory}${name}`,
      text: readFileSync(new URL(`${directory}${name}`, FIXTURES), 'utf8'),
    })),
);

/** What libxml2 says of the whole. */
function fitsAsAWhole(text: string, schema: Schema): boolean {
  try {
    const document = parseDocument(text, 'whole.xml');
    try {
      const root = parseElements(text);
      const findings = new Findings('whole.xml');
      if (root === undefined || document.dtd !== null) return false;
      return removeMisfits(document, root, schema, findings) && findings.errors.length === 0;
    } finally {
      document.dispose();
    }
  } catch (error) {
    if (error instanceof NetmgrError) return false;
    throw error;
  }
}

function inPieces(text: string, schema: Schema, piece = PIECE): boolean {
  const root = parseElements(text);
  return root !== undefined && fitsInPieces(text, 'pieces.xml', root, schema, piece);
}

describe('a text that is looked at in pieces', () => {
  const schemas: Schema[] = [];

  before(async () => {
    for (const kind of KINDS) schemas.push(await Schema.read(kind));
  });

  after(() => {
    for (const schema of schemas) schema.dispose();
  });

  it('fits where the whole does, and nowhere else', () => {
    const found = texts.flatMap(({ name, text }) =>
      schemas.map((schema) => {
        const fits = fitsAsAWhole(text, schema);
        for (const piece of [PIECE, 500, 1_000_000]) {
          expect(inPieces(text, schema, piece), `${name}, ${schema.rootName}, ${String(piece)}`).to.equal(
            fits,
          );
        }
        return fits;
      }),
    );
    expect(found.filter((fits) => fits).length).to.be.greaterThan(20);
    expect(found.filter((fits) => !fits).length).to.be.greaterThan(100);
  });

  it('never fits where the whole does not, whatever was done to it', () => {
    const pieces = [
      '<',
      '>',
      '/>',
      '</',
      '<!--',
      '-->',
      '<?',
      '?>',
      '<![CDATA[',
      ']]>',
      ']]',
      '"',
      "'",
      '&',
      'x',
      ' ',
      '<link/>',
      '&#x110000;',
      '&#',
      ';',
    ];
    const whole = texts.flatMap(({ text }) =>
      schemas.filter((schema) => fitsAsAWhole(text, schema)).map((schema) => ({ text, schema })),
    );
    let fitting = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 1, noNaN: true }),
            cut: fc.nat(12),
            put: fc.constantFrom('', ...pieces),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        ({ text, schema }, edits) => {
          const damaged = edits.reduce((all, { at, cut, put }) => {
            const from = Math.floor(at * all.length);
            return `${all.slice(0, from)}${put}${all.slice(from + cut)}`;
          }, text);
          if (!inPieces(damaged, schema)) return;
          fitting++;
          expect(fitsAsAWhole(damaged, schema), damaged).to.equal(true);
        },
      ),
      { numRuns: 1500 },
    );
    expect(fitting).to.be.greaterThan(10);
  });

  it('is refused in words where it is no XML, whatever its references and depth are', () => {
    const [, schema] = schemas;
    if (schema === undefined) throw new Error('there is no such schema');
    const start = '<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="';
    for (const text of [
      `${start}&#x110000;"/>`,
      `${start}&#99999999999999999999;"/>`,
      `${start}&#;"/>`,
      `${start}a">${'<a>'.repeat(100_000)}`,
      `${start}a">${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}</virtual-environment>`,
      `${start}a"><!-- `,
      `${start}a"><link`,
    ])
      expectKind('InvalidInput', () => validate(text, 'none.xml', schema));
  });

  it('is of a kind whose parts may stand in any number and order, and are not looked at together', () => {
    for (const kind of KINDS) {
      const text = readFileSync(new URL(`../../../schemas/${kind}.xsd`, import.meta.url), 'utf8');
      const [, root = ''] =
        new RegExp(`<xs:element name="${kind}">(.*?)</xs:complexType>\\s*</xs:element>`, 's').exec(text) ??
        [];
      expect(root).to.match(
        /<xs:choice minOccurs="0" maxOccurs="unbounded">(?!.*(?:min|max)Occurs).*<\/xs:choice>/s,
      );
      expect(root.match(/<xs:(?:choice|sequence|all|any)\b/g)).to.deep.equal(['<xs:choice']);
      expect(text).not.to.match(/<xs:(?:key|keyref|unique)\b|xs:ID\b|xs:IDREF/);
    }
  });
});

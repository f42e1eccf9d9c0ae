import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { drawSvg } from '../../src/cli/output/draw-svg.js';
import { dotText } from '../../src/manager/graph/dot/dot-text.js';
import type { Graph } from '../../src/manager/graph/graph.js';
import { graphOf, manyMachines } from '../manager/graph/environments.js';

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)), 'utf8');

/** What stands in an SVG: its elements' names, all of its attributes, and its texts. */
interface Drawing {
  readonly elements: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly texts: readonly string[];
  readonly size: readonly [width: number, height: number];
}

function parsed(svg: string): Drawing {
  const document = XmlDocument.fromString(svg);
  try {
    const elements = document.find('//*').filter((node) => node instanceof XmlElement);
    const viewBox = document.root.attr('viewBox')?.value.split(' ').map(Number) ?? [];
    return {
      elements: elements.map(({ name }) => name),
      attributes: elements.flatMap(({ attrs }) => attrs.map(({ name, value }) => [name, value] as const)),
      texts: elements.filter(({ name }) => name === 'text').map(({ content }) => content),
      size: [viewBox[2] ?? 0, viewBox[3] ?? 0],
    };
  } finally {
    document.dispose();
  }
}

describe('the picture', () => {
  it('of the grid has all of its nodes and links, and nothing of elsewhere', async () => {
    const graph = await graphOf(fixture('real-env/grid.xml'), fixture('virtual-env/grid.xml'));
    const svg = await drawSvg(dotText(graph));
    const { texts, elements, attributes } = parsed(svg);
    for (const { name, addresses } of graph.nodes) expect(texts).to.include.members([name, ...addresses]);
    for (const { name, words } of graph.groups) {
      expect(texts).to.include(name);
      for (const word of words) expect(texts.join('\n')).to.contain(word);
    }
    expect(texts.filter((text) => text.includes('1mbit 20ms'))).to.have.lengthOf(3);
    for (const { name } of graph.hosts) expect(texts).to.include(name).and.to.include(`on ${name}`);
    expect([...new Set(elements)].sort()).to.deep.equal(['g', 'path', 'polygon', 'svg', 'text', 'title']);
    expect(attributes.filter(([name]) => /href|src|style|^on/.test(name))).to.deep.equal([]);
    expect(svg).to.not.contain('<!').and.not.contain('url(').and.not.contain('w3.org/Graphics');
    // Light, whatever is behind it.
    expect(svg.slice(svg.indexOf('<polygon'))).to.match(/^<polygon fill="#ffffff" stroke="none"/);
    expect(await drawSvg(dotText(graph))).to.equal(svg);
  });

  it('of 300 machines is there in seconds, and no strip', async () => {
    const [real, virtual] = manyMachines();
    for (const graph of [await graphOf(real), await graphOf(real, virtual)]) {
      for (const all of [false, true]) {
        const started = performance.now();
        const { size } = parsed(await drawSvg(dotText(graph, { all })));
        expect(performance.now() - started).to.be.lessThan(10_000);
        expect(Math.max(...size) / Math.min(...size), JSON.stringify(size)).to.be.lessThan(4);
      }
    }
  });

  it('shows hostile texts as they are, and is no other picture for them', async () => {
    const hostile = [
      ...[
        '"',
        '\\',
        '\\"',
        '</text><script>alert(1)</script>',
        '<B>bold</B>',
        '&amp;',
        '&#60;',
        ']]>',
        '-->',
      ],
      ...[
        "'",
        '\\N',
        '\\G\\n',
        '"]; evil [label="',
        '\u0000\u0007',
        'a\nb',
        '\ud800',
        '\u202eabc',
        '<!ENTITY',
        ' ',
      ],
    ];
    const kinds = ['node', 'proxy', 'node', 'machine'] as const;
    const graphWith = (texts: readonly string[]): Graph => ({
      ...{ name: texts.join(''), shows: 'sites', hosts: [{ name: texts.join(''), address: texts.join('') }] },
      groups: [{ id: 'g', kind: 'site', name: texts.join(''), words: texts }],
      nodes: texts.map((text, i) => ({
        ...{ id: `g/${String(i)}${text}`, kind: kinds[i % kinds.length] ?? 'node', name: text, group: 'g' },
        ...{ host: texts.join(''), addresses: [text], words: [text] },
      })),
      edges: texts.flatMap((text, i) =>
        (['link', 'deny'] as const).map((kind) => ({
          ...{
            kind,
            from: 'g',
            to: `g/${String(i)}${text}`,
            direction: 'forward',
            state: 'up',
            words: [text],
          },
        })),
      ),
    });
    const drawn = parsed(await drawSvg(dotText(graphWith(hostile))));
    const plain = parsed(await drawSvg(dotText(graphWith(hostile.map((_text, i) => `x${String(i)}`)))));
    // Those with blanks in them are on more lines.
    const shapes = ({ elements }: Drawing): string[] => elements.filter((name) => name !== 'text').sort();
    const names = ({ attributes }: Drawing): string[] =>
      [...new Set(attributes.map(([name]) => name))].sort();
    expect(shapes(drawn)).to.deep.equal(shapes(plain));
    expect(names(drawn)).to.deep.equal(names(plain));
    for (const text of [
      '</text><script>alert(1)</script>',
      '&amp;',
      '&#60;',
      ']]>',
      '-->',
      '\\N',
      '\\u{202e}abc',
    ]) {
      expect(drawn.texts.map((one) => one.trim())).to.include(text);
    }
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { ErrorReport } from '../../src/errors.js';
import type { Graph } from '../../src/manager/graph/graph.js';
import { netmgr } from './cli-process.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const REAL = fixture('real-env/pair.xml');
const VIRTUAL = fixture('virtual-env/pair-rules.xml');

describe('netmgr graph', () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-graph-'));
  });

  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const errorsOf = async (...args: readonly string[]): Promise<readonly ErrorReport[]> => {
    const { exitCode, stdout } = await netmgr('graph', ...args, '--json');
    expect(exitCode).to.equal(1);
    return (JSON.parse(stdout) as { errors: readonly ErrorReport[] }).errors;
  };

  it('writes an SVG to standard output', async () => {
    const { exitCode, stdout, stderr } = await netmgr('graph', REAL, VIRTUAL);
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
    expect(stdout).to.match(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg [\s\S]*<\/svg>\n$/);
    expect(stdout).to.contain('>site2<').and.contain('>100mbit<').and.contain('>172.16.0.1<');
  });

  for (const [name, options, expected] of [
    ['PICTURE.SVG', [], /^<\?xml[\s\S]*<svg /],
    ['picture.gv', [], /^digraph "pair-rules" \{\n/],
    ['picture', ['--format', 'dot'], /^digraph "pair-rules" \{\n/],
    ['other.dot', ['--format', 'svg'], /^<\?xml[\s\S]*<svg /],
  ] as const) {
    it(`writes ${[...options, name].join(' ')}`, async () => {
      const file = join(directory, name);
      const output = await netmgr('graph', REAL, VIRTUAL, '-o', file, ...options);
      expect(output).to.include({ exitCode: 0, stdout: '', stderr: '' });
      expect(readFileSync(file, 'utf8')).to.match(expected);
    });
  }

  it('prints the graph as JSON, and writes the picture only where it is asked for', async () => {
    const { exitCode, stdout } = await netmgr('graph', REAL, '--json');
    expect(exitCode).to.equal(0);
    const { ok, graph, warnings } = JSON.parse(stdout) as { ok: boolean; graph: Graph; warnings: unknown[] };
    expect({ ok, warnings }).to.deep.equal({ ok: true, warnings: [] });
    expect(graph.nodes.map(({ kind }) => kind)).to.have.members([
      ...['switch', 'bridge', 'bridge', 'machine', 'machine', 'machine', 'machine'],
    ]);
    const file = join(directory, 'with-json.dot');
    expect(JSON.parse((await netmgr('graph', REAL, '--json', '--out', file)).stdout)).to.deep.equal(
      JSON.parse(stdout),
    );
    expect(readFileSync(file, 'utf8')).to.match(/^digraph /);
  });

  it('tells what is wrong in the files with their lines, and writes nothing', async () => {
    const file = join(directory, 'never.svg');
    const [error] = await errorsOf(REAL, fixture('invalid/link-to-nowhere.xml'), '-o', file);
    expect(error?.at?.line).to.be.a('number');
    expect(error?.hint).to.be.a('string');
    expect(existsSync(file)).to.equal(false);
  });

  it('tells what only both files together show', async () => {
    const virtual = join(directory, 'unknown-machine.xml');
    writeFileSync(virtual, readFileSync(VIRTUAL, 'utf8').replaceAll('node1', 'node9'));
    const [error] = await errorsOf(REAL, virtual);
    expect(error).to.deep.include({ kind: 'Conflict', subject: 'site1/node9' });
    expect(error?.at).to.deep.equal({ file: virtual, line: 9 });
  });

  it('warns as the other commands do', async () => {
    const { exitCode, stderr } = await netmgr(
      ...['graph', fixture('real-env/grid.xml'), fixture('virtual-env/grid-table2-100mbit.xml')],
      ...['--format', 'dot'],
    );
    expect(exitCode).to.equal(0);
    expect(stderr)
      .to.match(/^warning: /)
      .and.contain('grid.xml:');
  });

  it('says what to do about a name that says no format', async () => {
    for (const name of ['drawing.png', 'drawing']) {
      const [error] = await errorsOf(REAL, '-o', join(directory, name));
      expect(error?.kind).to.equal('InvalidInput');
      expect(error?.message).to.contain(name);
      expect(error?.hint).to.contain('.svg').and.contain('--format');
      expect(existsSync(join(directory, name))).to.equal(false);
    }
  });

  it('says what to do about a file that cannot be written', async () => {
    const file = join(directory, 'no', 'such', 'directory.svg');
    const [error] = await errorsOf(REAL, '-o', file);
    expect(error?.kind).to.equal('InvalidInput');
    expect(error?.message).to.contain('the picture could not be written').and.contain(file);
    expect(error?.hint).to.contain('directory');
  });

  it('refuses formats that it does not have', async () => {
    const { exitCode, stderr } = await netmgr('graph', REAL, '--format', 'png');
    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^error: .*svg, dot/);
  });
});

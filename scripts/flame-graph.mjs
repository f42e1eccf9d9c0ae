// flame-graph.mjs PROFILE TITLE: draws what `node --cpu-prof` has written as an SVG picture. A box is as wide as its function took of
// the processor, with what it called on it; what took less than half a percent is left out.
import { readFileSync } from 'node:fs';

const [, , file, title] = process.argv;
if (file === undefined || title === undefined) {
  process.stderr.write('flame-graph.mjs PROFILE TITLE\n');
  process.exit(1);
}
const [WIDTH, ROW, TOP, LETTER] = [1000, 17, 30, 6.2];
const LEAST = 0.005;
const IDLE = new Set(['(idle)', '(program)']);

const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
const byId = new Map(nodes.map((node) => [node.id, node]));
const own = new Map();
for (const [i, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + timeDeltas[i]);

/** Calls of the same function by the same callers are one, and what Node does around them is left out. */
function frameOf(node, into) {
  const { functionName, url } = node.callFrame;
  if (IDLE.has(functionName)) return;
  const place = /\/(dist|node_modules)\/(.*)\.[cm]?js$/.exec(url)?.[2];
  const isOurs = place !== undefined || functionName === '(garbage collector)';
  const name = place === undefined ? functionName : `${functionName || 'anonymous'} ${place}`;
  let frame = into;
  if (isOurs) {
    frame = into.children.get(name) ?? { name, place, time: 0, children: new Map() };
    into.children.set(name, frame);
  }
  const before = frame.time;
  const time = own.get(node.id) ?? 0;
  frame.time += time;
  for (const id of node.children ?? []) frameOf(byId.get(id), frame);
  // What was added below belongs to the callers as well.
  if (isOurs) into.time += frame.time - before;
}

const root = { name: title, time: 0, children: new Map() };
frameOf(nodes[0], root);

const escape = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** One colour for each room. */
const hueOf = (place = '') =>
  [...(place.split('/')[1] ?? place)].reduce((sum, sign) => sum + sign.charCodeAt(0) * 37, 0) % 360;

const boxes = [];
let deepest = 0;
function draw({ name, place, time, children }, x, depth) {
  const width = (time / root.time) * WIDTH;
  if (width < LEAST * WIDTH) return;
  deepest = Math.max(deepest, depth);
  const y = TOP + depth * ROW;
  const words = `${name}: ${(time / 1000).toFixed(0)} ms`;
  const shown = words.slice(0, Math.max(0, Math.floor((width - 6) / LETTER)));
  boxes.push(
    `<g><title>${escape(words)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${(width - 0.5).toFixed(1)}" height="${ROW - 1}" fill="hsl(${hueOf(place)} 60% 80%)"/>`,
    ...(shown.length < 4 ? [] : [`<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escape(shown)}</text>`]),
    '</g>',
  );
  let at = x;
  for (const child of [...children.values()].sort((a, b) => b.time - a.time)) {
    draw(child, at, depth + 1);
    at += (child.time / root.time) * WIDTH;
  }
}
draw(root, 0, 0);
const height = TOP + (deepest + 1) * ROW + 6;
process.stdout.write(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="10.5">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    `<text x="3" y="19" font-size="14">${escape(title)}</text>`,
    ...boxes,
    '</svg>\n',
  ].join('\n'),
);

import { expect } from 'chai';
import fc from 'fast-check';
import { arrange, middleOf, type Box } from '../../src/web/page/arrange.js';
import { curveBetween } from '../../src/web/page/curve.js';

const size = fc.record({
  width: fc.integer({ min: 20, max: 300 }),
  height: fc.integer({ min: 20, max: 300 }),
});
const sizes = fc.array(size, { minLength: 1, maxLength: 24 });
const room = fc.record({
  width: fc.integer({ min: 320, max: 1600 }),
  height: fc.integer({ min: 320, max: 1600 }),
});
const GAP = 10;

const isInside = (box: Box, [x, y]: readonly [number, number]): boolean =>
  x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;

function pairsOf(boxes: readonly Box[]): [Box, Box][] {
  return boxes.flatMap((from) => boxes.filter((to) => to !== from).map((to): [Box, Box] => [from, to]));
}

describe('the arrangement of a picture', () => {
  it('keeps boxes apart and inside, whatever their sizes', () => {
    fc.assert(
      fc.property(sizes, room, (all, there) => {
        const { boxes, width, height } = arrange(all, there, GAP);
        expect(boxes.map((box) => ({ width: box.width, height: box.height }))).to.deep.equal(all);
        for (const [i, box] of boxes.entries()) {
          expect(box.x).to.be.at.least(-1);
          expect(box.y).to.be.at.least(-1);
          expect(box.x + box.width).to.be.at.most(width + 1);
          expect(box.y + box.height).to.be.at.most(height + 1);
          for (const other of boxes.slice(i + 1)) {
            const apart =
              box.x + box.width <= other.x ||
              other.x + other.width <= box.x ||
              box.y + box.height <= other.y ||
              other.y + other.height <= box.y;
            expect(apart, JSON.stringify([box, other])).to.equal(true);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is the same for the same sizes', () => {
    fc.assert(
      fc.property(sizes, room, (all, there) => {
        expect(arrange(all, there, GAP)).to.deep.equal(arrange(all, there, GAP));
      }),
      { numRuns: 20 },
    );
  });

  // Where boxes of other shapes stand close together, a corner of one may lie on the way.
  for (const [count, one, there] of [
    [20, { width: 90, height: 76 }, { width: 1000, height: 690 }],
    [20, { width: 63, height: 57 }, { width: 358, height: 573 }],
    [12, { width: 90, height: 76 }, { width: 700, height: 700 }],
    [4, { width: 100, height: 230 }, { width: 358, height: 573 }],
    [3, { width: 200, height: 260 }, { width: 1000, height: 690 }],
  ] as const) {
    it(`leads no line behind a third of ${String(count)} boxes`, () => {
      const { boxes, width, height } = arrange(
        Array.from({ length: count }, () => one),
        there,
        GAP,
      );
      for (const [from, to] of pairsOf(boxes)) {
        const { line } = curveBetween(from, to, [width / 2, height / 2], 0, 5);
        const points = [...line.matchAll(/(-?[0-9.]+) (-?[0-9.]+)/g)].map(
          ([, x, y]) => [Number(x), Number(y)] as const,
        );
        const others = boxes.filter((box) => box !== from && box !== to);
        expect(others.filter((box) => points.some((point) => isInside(box, point)))).to.deep.equal([]);
      }
    });
  }

  it('puts two beside each other, or one above the other where it is high', () => {
    const two = [
      { width: 50, height: 50 },
      { width: 50, height: 50 },
    ];
    const [left, right] = arrange(two, { width: 400, height: 300 }, GAP).boxes.map(middleOf);
    expect(left?.[0]).to.be.below(right?.[0] ?? 0);
    const [top, bottom] = arrange(two, { width: 300, height: 400 }, GAP).boxes.map(middleOf);
    expect(top?.[1]).to.be.below(bottom?.[1] ?? 0);
  });
});

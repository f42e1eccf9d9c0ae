import { middleOf, type Box } from './arrange.js';

type Point = readonly [x: number, y: number];

/** How far the middle of a curve is drawn to the middle of the picture, as a share of the way. */
const BEND = 0.4;
const STEPS = 80;
/** Where words stand, as a share of the way. */
const WORDS = 0.34;
/** Pixels between a box and the tip of an arrow. */
const TIP = 2;

export interface Curve {
  /** What `d` of a path is. */
  readonly line: string;
  readonly arrow: string;
  /** A point on it where words may stand: nearer to where it begins, as in the middle it meets others. */
  readonly words: Point;
}

/**
 * The way from one box to another one, bent to the centre, where no boxes are.
 *
 * @param side pixels by which it keeps to its right, so that there is room for the way back
 * @param arrow pixels
 */
export function curveBetween(from: Box, to: Box, centre: Point, side: number, arrow: number): Curve {
  const [a, b] = [middleOf(from), middleOf(to)];
  const along = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const offset = [(-(b[1] - a[1]) / along) * side, ((b[0] - a[0]) / along) * side] as const;
  const half: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const control: Point = [half[0] + (centre[0] - half[0]) * BEND, half[1] + (centre[1] - half[1]) * BEND];
  const points = Array.from({ length: STEPS + 1 }, (_, i): Point => {
    const t = i / STEPS;
    const of = (axis: 0 | 1): number =>
      (1 - t) ** 2 * a[axis] + 2 * t * (1 - t) * control[axis] + t ** 2 * b[axis] + offset[axis];
    return [of(0), of(1)];
  });
  const outside = points.filter((point) => !isIn(from, point, 0) && !isIn(to, point, TIP));
  const visible = outside.length > 1 ? outside : points;
  const end = visible.at(-1) ?? b;
  const before = visible.at(-4) ?? visible[0] ?? a;
  return {
    line: `M${visible.map(text).join('L')}`,
    arrow: arrowAt(before, end, arrow),
    words: visible[Math.floor(visible.length * WORDS)] ?? half,
  };
}

function isIn({ x, y, width, height }: Box, [px, py]: Point, margin: number): boolean {
  return px > x - margin && px < x + width + margin && py > y - margin && py < y + height + margin;
}

function arrowAt(before: Point, [x, y]: Point, size: number): string {
  const length = Math.hypot(x - before[0], y - before[1]) || 1;
  const [dx, dy] = [((x - before[0]) / length) * size, ((y - before[1]) / length) * size];
  const wings: Point[] = [
    [x - dx - dy * 0.6, y - dy + dx * 0.6],
    [x - dx + dy * 0.6, y - dy - dx * 0.6],
  ];
  return `M${[[x, y] as const, ...wings].map(text).join('L')}z`;
}

function text([x, y]: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

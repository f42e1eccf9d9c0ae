/** A rectangle; x and y are its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Arrangement extends Size {
  /** In the order of the sizes. */
  readonly boxes: readonly Box[];
}

/** How much a picture grows at once if its boxes do not fit. */
const GROWTH = 1.06;
/** By then every box has room. */
const MOST_GROWTHS = 120;
/** Points of the ellipse by which its length is measured. */
const POINTS = 1440;

/**
 * Places boxes around an ellipse, at equal distances. What joins two of them passes no third one, because none is between them; and
 * where a box is follows from the sizes alone, so that nothing moves while values do.
 *
 * @param room what the picture should fit into; it has the same shape, and grows where that is too little
 * @param gap pixels between two boxes, at least
 */
export function arrange(sizes: readonly Size[], room: Size, gap: number): Arrangement {
  let { width, height } = room;
  for (let tries = 0; ; tries++) {
    const boxes = around(sizes, { width, height });
    if (tries === MOST_GROWTHS || !anyOverlap(boxes, { width, height }, gap)) return { width, height, boxes };
    width *= GROWTH;
    height *= GROWTH;
  }
}

function around(sizes: readonly Size[], { width, height }: Size): Box[] {
  const place = (size: Size, x: number, y: number): Box => ({
    ...size,
    x: width / 2 + x - size.width / 2,
    y: height / 2 + y - size.height / 2,
  });
  const [only] = sizes;
  if (only !== undefined && sizes.length === 1) return [place(only, 0, 0)];
  const widest = Math.max(...sizes.map((size) => size.width));
  const highest = Math.max(...sizes.map((size) => size.height));
  const points = evenPoints(
    sizes.length,
    Math.max(1, (width - widest) / 2),
    Math.max(1, (height - highest) / 2),
  );
  return sizes.map((size, i) => place(size, ...(points[i] ?? [0, 0])));
}

/** Points at equal distances along an ellipse, clockwise; the first to the left or, on high pictures, at the top. */
function evenPoints(count: number, rx: number, ry: number): [x: number, y: number][] {
  const start = count === 2 && rx >= ry ? Math.PI : -Math.PI / 2;
  const points = Array.from({ length: POINTS + 1 }, (_, i): [number, number] => {
    const angle = start + (2 * Math.PI * i) / POINTS;
    return [rx * Math.cos(angle), ry * Math.sin(angle)];
  });
  const lengths = [0];
  for (const [i, [x, y]] of points.entries()) {
    const before = points[i - 1];
    if (before !== undefined) {
      lengths.push((lengths.at(-1) ?? 0) + Math.hypot(x - before[0], y - before[1]));
    }
  }
  const total = lengths.at(-1) ?? 0;
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    while ((lengths[at] ?? total) < (total * i) / count) at += 1;
    return points[at] ?? [0, 0];
  });
}

function anyOverlap(boxes: readonly Box[], { width, height }: Size, gap: number): boolean {
  const isOut = (box: Box): boolean =>
    box.x < 0 || box.y < 0 || box.x + box.width > width + 1 || box.y + box.height > height + 1;
  const overlap = (a: Box, b: Box): boolean =>
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap;
  return boxes.some((box, i) => isOut(box) || boxes.slice(i + 1).some((other) => overlap(box, other)));
}

/** The middle of a box. */
export function middleOf({ x, y, width, height }: Box): readonly [x: number, y: number] {
  return [x + width / 2, y + height / 2];
}

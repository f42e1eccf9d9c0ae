/** What is cut into pieces of a size, of which the last may be shorter. @param take gives what is from one place up to another */
export const inPieces = <T>(length: number, size: number, take: (from: number, to: number) => T): T[] =>
  Array.from({ length: Math.ceil(length / size) }, (_, i) => take(i * size, (i + 1) * size));

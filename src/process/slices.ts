/** Octets: as much as a pipe holds (pipe(7)). */
const SLICE = 65_536;

/** A text in pieces, each of which is taken when the one before is on its way. @param onTaken hears which share of all that was */
export function* slices(text: string, onTaken: (share: number) => void): Generator<Buffer> {
  const octets = Buffer.from(text);
  for (let at = 0; at < octets.length; at += SLICE) {
    const slice = octets.subarray(at, at + SLICE);
    yield slice;
    onTaken(slice.length / octets.length);
  }
}

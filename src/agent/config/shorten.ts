/** Octets of the SnmpAdminStrings that carry the words of tools. */
const LONGEST_TEXT = 255;

/** Text that fits an object of 255 octets, without what an SnmpAdminString does not hold. */
export function shorten(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const plain = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  if (Buffer.byteLength(plain) <= LONGEST_TEXT) return plain;
  let short = plain.slice(0, LONGEST_TEXT);
  while (Buffer.byteLength(short) > LONGEST_TEXT - 3) short = short.slice(0, -1);
  return `${short}…`;
}

const LONGEST = 80;

/** Text of a file as it may stand in a message: {@link visible}, and what is very long is cut. */
export function printable(text: string): string {
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** Control characters, the ones that turn the direction of writing and line ends are escaped. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** {@link printable} text in quotation marks. */
export function quoted(text: string): string {
  return `"${printable(text)}"`;
}

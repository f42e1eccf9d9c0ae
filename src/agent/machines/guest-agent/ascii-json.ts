/** JSON of printable ASCII alone, without apostrophes: it can stand between two of them. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -&(-~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

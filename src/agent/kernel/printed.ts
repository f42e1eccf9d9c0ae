const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The record, or an empty one. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The objects of a JSON array on one line. @throws SyntaxError if it is none. */
export function recordsOf(line: string): Record<string, unknown>[] {
  const parsed: unknown = JSON.parse(line);
  return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
}

/** The number, or 0. */
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
/** The text, or an empty one. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

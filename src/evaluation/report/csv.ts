type Cell = string | number | boolean | null | undefined;

/** Rows as CSV (RFC 4180); the first is the head. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  // What a spreadsheet would take for a formula is text.
  const text = typeof value === 'string' ? value.replace(/^[=+@\t\r-]/, "'$&") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What the demo prints: short headings, what was done, and what was not as it should be. */
export class Screen {
  private readonly wrongs: string[] = [];
  private steps = 0;

  heading(text: string): void {
    this.steps += 1;
    this.line(`\n== ${String(this.steps)}. ${text}`);
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** The command as a user would type it. */
  command(text: string): void {
    this.line(`$ ${text}`);
  }

  /** Rows in columns as wide as their contents; the first row is the head. Numbers stand to the right. */
  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    );
    for (const row of rows) {
      const cells = row.map((cell, column) =>
        /^[-+0-9]/.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      );
      this.line(`  ${cells.join('  ')}`.trimEnd());
    }
  }

  /** Something that is not as it should be: the demo fails with it. */
  wrong(text: string): void {
    this.wrongs.push(text);
    this.line(`WRONG: ${text}`);
  }

  get problems(): readonly string[] {
    return this.wrongs;
  }
}

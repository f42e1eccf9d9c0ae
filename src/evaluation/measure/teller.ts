import type { ReportLine } from '../report-line.js';
import type { Sample } from '../sample.js';

/** Tells what was measured to whoever started the lab. */
export class Teller {
  constructor(private readonly write: (line: string) => void) {}

  tell(line: ReportLine): void {
    this.write(`${JSON.stringify(line)}\n`);
  }

  sample(sample: Sample): void {
    this.tell({ type: 'sample', sample });
  }

  note(text: string): void {
    this.tell({ type: 'note', text });
  }
}

import { ApplyError, failuresOf, type ErrorReport, type NetmgrError } from '../../errors.js';

/** A failure for people: what, where, why, what to do. */
export function errorBlock(error: NetmgrError): string {
  const report = error.toJSON();
  const lines = [`error: ${report.message}`];
  if (report.at !== undefined) lines.push(`  at:    ${report.at.file}:${String(report.at.line)}`);
  if (report.subject !== undefined) lines.push(`  about: ${report.subject}`);
  if (report.cause !== undefined && report.cause !== report.message) lines.push(`  why:   ${report.cause}`);
  if (report.hint !== undefined) lines.push(`  do:    ${report.hint}`);
  return lines.map(withoutControls).join('\n');
}

/**
 * Writes all failures of what was thrown, and what they come to: blocks to standard error, or one JSON object to
 * standard output.
 */
export function reportErrors(thrown: unknown, json: boolean): void {
  const failures = failuresOf(thrown);
  const message = thrown instanceof ApplyError ? thrown.message : undefined;
  if (json) {
    const errors: ErrorReport[] = failures.map((failure) => failure.toJSON());
    process.stdout.write(`${JSON.stringify({ ok: false, message, errors }, undefined, 2)}\n`);
    return;
  }
  const count = failures.length > 1 ? [`${String(failures.length)} errors`] : [];
  const conclusion = [...count, ...(message === undefined ? [] : [message])].map(withoutControls).join(': ');
  const parts = [...failures.map(errorBlock), ...(conclusion === '' ? [] : [conclusion])];
  process.stderr.write(`${parts.join('\n')}\n`);
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;
/** What turns the direction of writing (UAX #9): what is read would be another word. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from files and agents must not drive the terminal. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '?').replace(TURNS, '?');
}

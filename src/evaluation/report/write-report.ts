import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../results.js';
import { reportPage } from './report-page.js';
import { SAMPLE_TABLES } from './sample-tables.js';

/** Writes results.json, a CSV for each experiment, and report.html. @returns the path of the page */
export async function writeReport(results: Results, directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const files: Record<string, string> = { 'results.json': `${JSON.stringify(results)}\n` };
  for (const { experiment } of results.parts) {
    Object.assign(files, SAMPLE_TABLES[experiment](results.samples));
  }
  files['report.html'] = reportPage(results);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return join(directory, 'report.html');
}

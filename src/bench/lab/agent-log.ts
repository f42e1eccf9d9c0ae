import { readFile } from 'node:fs/promises';

/** The seconds that each commit took by an agent's log, in their order. */
export async function commitsOf(log: string): Promise<number[]> {
  const lines = (await readFile(log, 'utf8'))
    .split('\n')
    .filter((line) => line.includes('"action":"commit"'));
  return lines.map((line) => (JSON.parse(line) as { readonly milliseconds: number }).milliseconds / 1000);
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, NetmgrError } from '../errors.js';
import { EXPERIMENTS } from './experiments.js';
import { sampleSchema } from './sample.js';

const experiment = z.enum(EXPERIMENTS);
const HINT = 'Give the results.json that npm run evaluation has written.';

const resultsSchema = z.object({
  format: z.literal('netmgr-evaluation-1'),
  /** When it began, as ISO 8601 says it. */
  begun: z.string().max(64),
  netmgr: z.string().max(64),
  node: z.string().max(64),
  /** The machine's processor and how many it has, and its kernel. */
  machine: z.string().max(256),
  kernel: z.string().max(256),
  quick: z.boolean(),
  parts: z.array(
    z.object({
      experiment,
      seconds: z.number().nonnegative(),
      /** The release of the lab's kernel. */
      kernel: z.string().max(256),
      /** Why it ended too early. */
      failure: z.string().optional(),
    }),
  ),
  samples: z.array(sampleSchema),
});

/** All that a run of the evaluation measured, as `results.json` keeps it. */
export type Results = z.infer<typeof resultsSchema>;
export type Part = Results['parts'][number];

/** @throws NetmgrError `InvalidInput` if the file cannot be read, or says what of it is not as it should be. */
export async function readResults(file: string): Promise<Results> {
  try {
    return parseResults(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof NetmgrError) throw error;
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${file} cannot be read: ${messageOf(error)}`,
      hint: HINT,
    });
  }
}

/** @throws NetmgrError `InvalidInput` that says what of the text is not as it should be. */
export function parseResults(text: string, file: string): Results {
  try {
    return resultsSchema.parse(JSON.parse(text));
  } catch (error) {
    const message =
      error instanceof z.ZodError ? z.prettifyError(error).split('\n').slice(0, 4).join(' ') : String(error);
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${file} holds no results of an evaluation: ${message}`,
      hint: HINT,
    });
  }
}

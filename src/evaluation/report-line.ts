import { z } from 'zod';
import { EXPERIMENTS } from './experiments.js';
import { sampleSchema } from './sample.js';

const experiment = z.enum(EXPERIMENTS);

/** What the inside tells, one per line of JSON. */
export const reportLineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begun'), experiment }),
  z.object({ type: z.literal('sample'), sample: sampleSchema }),
  z.object({ type: z.literal('note'), text: z.string() }),
  z.object({ type: z.literal('ended'), experiment, seconds: z.number() }),
  z.object({ type: z.literal('failed'), experiment, message: z.string() }),
  /** The lab's kernel. */
  z.object({ type: z.literal('kernel'), release: z.string() }),
]);

export type ReportLine = z.infer<typeof reportLineSchema>;

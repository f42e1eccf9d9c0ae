import { readFileSync } from 'node:fs';

/** Of the times in /proc (proc(5), USER_HZ): the same on all of Linux's platforms that Node runs on. */
const TICKS = 100;
/** utime, stime, cutime and cstime, counted from the field after the name, which may have blanks. */
const [FIRST_TIME, END_OF_TIMES] = [11, 15];

/** Seconds of the processor that this process has used, and those that it has started and that have ended. */
export function processorTime(): number {
  return processorTimeIn(readFileSync('/proc/self/stat', 'latin1'));
}

/** The same in a text of /proc/PID/stat. */
export function processorTimeIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(FIRST_TIME, END_OF_TIMES).reduce((sum, field) => sum + Number(field), 0) / TICKS;
}

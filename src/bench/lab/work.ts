import { readdirSync, readFileSync } from 'node:fs';

// `work`: prints the seconds of the processor that the lab's agents, their snmpds and what they have started took until now.

/** USER_HZ of all architectures that Linux tells programs of (proc(5)). */
const TICKS = 100;

/** utime, stime, cutime and cstime of /proc/PID/stat, behind the name, which may have blanks. */
function ticksOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

let ticks = 0;
for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (/(^|\/)snmpd$/.test(words[0] ?? '') || (words.includes('agent') && words.includes('run')))
      ticks += ticksOf(pid);
  } catch {
    // It has just ended.
  }
}
process.stdout.write(String(ticks / TICKS));

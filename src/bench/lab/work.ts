import { readdirSync, readFileSync } from 'node:fs';
import { processorTimeIn } from '../../agent/processes/processor-time.js';

// `work`: prints the seconds of the processor that the lab's agents, their snmpds and what they have started took until now.

let seconds = 0;
for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (/(^|\/)snmpd$/.test(words[0] ?? '') || (words.includes('agent') && words.includes('run')))
      seconds += processorTimeIn(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // It has just ended.
  }
}
process.stdout.write(String(seconds));

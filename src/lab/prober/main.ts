import { setMaxListeners } from 'node:events';
import { createInterface } from 'node:readline';
import { answerOthers } from './answer-others.js';
import { askTcp } from './ask-tcp.js';
import { UdpQuestions } from './ask-udp.js';
import type { ProbeOrder, ProbeTarget, ProberReport } from './messages.js';

// One such process runs in each machine of a lab, so it imports nothing that would take time to load.

const [name = '', port = ''] = process.argv.slice(2);
const questions = new UdpQuestions();

function report(message: ProberReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function ask(target: ProbeTarget, signal: AbortSignal): Promise<number | null> {
  const begun = performance.now();
  const answered =
    target.transport === 'tcp'
      ? await askTcp(target.name, target.address, Number(port), signal)
      : await questions.ask(target.name, target.address, Number(port), signal);
  return answered ? Math.round(performance.now() - begun) : null;
}

async function obey({ patience, targets }: ProbeOrder): Promise<void> {
  const signal = AbortSignal.timeout(patience);
  setMaxListeners(0, signal);
  report({
    type: 'answers',
    milliseconds: await Promise.all(targets.map((target) => ask(target, signal))),
  });
}

await answerOthers(name, Number(port));
createInterface({ input: process.stdin })
  .on('line', (line) => void obey(JSON.parse(line) as ProbeOrder))
  .on('close', () => process.exit());
report({ type: 'ready' });

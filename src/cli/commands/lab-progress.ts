import type { LabEvent } from '../../lab/lab-options.js';

const DOING: Readonly<Record<Extract<LabEvent, { type: 'step' }>['step'], string>> = {
  kernel: 'Starting the kernel',
  build: 'Building hosts and machines',
  agents: 'Starting the agents',
  apply: 'Applying the virtual environment',
};

/** Tells on standard error what happens to a lab: for people, or as a JSON object per line. */
export function printLabEvent(json: boolean): (event: LabEvent) => void {
  if (json) return (event) => void process.stderr.write(`${JSON.stringify(event)}\n`);
  const { stderr } = process;
  return (event) => {
    switch (event.type) {
      case 'kernel':
        if (stderr.isTTY) stderr.write(`${DOING.kernel} …`);
        break;
      case 'step':
        if (event.state === 'begun') {
          if (stderr.isTTY) stderr.write(`${DOING[event.step]} …`);
        } else {
          const seconds = (event.milliseconds / 1000).toFixed(1);
          const detail = event.detail === undefined ? '' : ` (${event.detail})`;
          stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${DOING[event.step]}: ${seconds} s${detail}\n`);
        }
        break;
      case 'notice':
        stderr.write(`Note: ${event.text}\n`);
        break;
      case 'command':
        break;
    }
  };
}

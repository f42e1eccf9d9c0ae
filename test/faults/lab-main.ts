import { fileURLToPath } from 'node:url';
import { runLab } from '../../src/lab/run-lab.js';
import { readRealEnvironment } from '../../src/manager/xml/read-real-environment.js';

// A native lab whose agents can be made to fail: REAL -- COMMAND ….

const AGENT = fileURLToPath(new URL('faulty-agent.ts', import.meta.url));
const [realPath = '', , program = '', ...args] = process.argv.slice(2);
const { environment: real } = await readRealEnvironment(realPath);
process.exitCode = await runLab({
  kernel: 'native',
  memory: '2G',
  agents: true,
  real,
  realPath,
  command: [program, ...args],
  agentCommand: [process.execPath, '--import', import.meta.resolve('tsx'), AGENT],
});

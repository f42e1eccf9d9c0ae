import { isInstalled } from '../../../process/program-path.js';
import type { Engine, EngineContainer } from './engine.js';
import { isContainerName } from './names.js';
import { isPid } from './parse-inspect.js';

/** LXC, by its own tools (lxc-ls(1)). */
export const lxc: Engine = {
  name: 'LXC',
  isThere: () => isInstalled('lxc-ls'),
  list: async (run) => {
    const { stdout } = await run(['lxc-ls', '--active', '--fancy', '--fancy-format', 'NAME,STATE,PID']);
    return parseLxcList(stdout);
  },
  version: async (run) => {
    const { stdout } = await run(['lxc-ls', '--version']);
    return /\d[\w.+~-]{0,63}/.exec(stdout)?.[0] ?? '';
  },
  events: {
    argv: ['lxc-monitor', '--name', '.*'],
    isNews: (line) => / changed state to \[(RUNNING|STOPPED|FROZEN|THAWED)\]$/.test(line),
  },
};

/** Reads the table that lxc-ls prints: a line of headings, then one for each container. */
export function parseLxcList(output: string): EngineContainer[] {
  return output
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [name = '', state = '', pid = ''] = line.trim().split(/ +/);
      if (!isContainerName(name) || !['RUNNING', 'FROZEN'].includes(state) || !isPid(Number(pid))) return [];
      return {
        ...{ name, ids: [], pid: Number(pid), isPaused: state === 'FROZEN' },
        ...{ network: '', memory: 0, processors: 0 },
      };
    });
}

import { mergeEnvironments } from '../../manager/merge/merge.js';
import { parseRealEnvironment } from '../../manager/xml/read-real-environment.js';
import { parseVirtualEnvironment } from '../../manager/xml/read-virtual-environment.js';
import { readText } from '../../manager/xml/read-text.js';
import type { StagesReport } from './stages.js';

// A process of its own for each measurement: the most memory is that of all its life.

/** Does what `netmgr plan` does before it talks to an agent. */
async function measureStages(realPath: string, virtualPath: string): Promise<StagesReport> {
  let begun = performance.now();
  const lap = (): number => {
    const before = begun;
    begun = performance.now();
    return (begun - before) / 1000;
  };
  const [realText, virtualText] = [await readText(realPath), await readText(virtualPath)];
  const read = lap();
  const [real, virtual] = await Promise.all([
    parseRealEnvironment(realText, realPath),
    parseVirtualEnvironment(virtualText, virtualPath),
  ]);
  const validate = lap();
  const positions = [virtual.positionOf, real.positionOf] as const;
  const { hosts } = mergeEnvironments(real.environment, virtual.environment, ...positions);
  const merge = lap();
  for (const { configuration } of hosts) configuration.digest();
  const plan = lap();
  const usage = process.cpuUsage();
  return {
    seconds: { read, validate, merge, plan },
    processors: (usage.user + usage.system) / 1e6,
    peak: process.resourceUsage().maxRSS / 1024,
    rows: hosts.reduce((sum, { configuration }) => sum + configuration.size, 0),
  };
}

const [real = '', virtual = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measureStages(real, virtual)));

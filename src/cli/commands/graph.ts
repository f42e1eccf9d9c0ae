import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { NetmgrError } from '../../errors.js';
import { Notices } from '../output/notices.js';
import { writeResult } from '../output/write-result.js';
import { loadManager } from './load-manager.js';

const FORMATS = ['svg', 'dot'] as const;
type Format = (typeof FORMATS)[number];
/** Files of Graphviz have either. */
const EXTENSIONS: Readonly<Record<string, Format>> = { '.svg': 'svg', '.dot': 'dot', '.gv': 'dot' };

interface GraphFlags {
  readonly out?: string;
  readonly format?: Format;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function graphCommand(): Command {
  return new Command('graph')
    .description('Draw what the files say: sites, nodes, hosts and links. No host is asked.')
    .argument('<real>', 'the real-environment file; alone, it is drawn with the physical network')
    .argument('[virtual]', 'the virtual-environment file')
    .option('-o, --out <file>', 'the picture, as its name ends: .svg or .dot (default: standard output)')
    .addOption(new Option('--format <format>', 'whatever the name of the file ends in').choices(FORMATS))
    .option('--all', 'a box for each machine, even where many are alike')
    .option('--json', 'print the graph, or the errors, as JSON; the picture only with --out')
    .addHelpText(
      'after',
      `
Examples:
  netmgr graph fixtures/real-env/grid.xml fixtures/virtual-env/grid.xml -o grid.svg
  netmgr graph real.xml --format dot | dot -Tpng > real.png`,
    )
    .action(async (real: string, virtual: string | undefined, flags: GraphFlags) => {
      const format = formatOf(flags);
      const notices = new Notices();
      const manager = await loadManager(real, virtual, notices.listeners);
      const { environmentGraph } = await import('../../manager/graph/environment-graph.js');
      const graph = environmentGraph(manager.real, manager.virtual);
      const isJson = flags.json === true;
      if (flags.out !== undefined || !isJson) {
        const { dotText } = await import('../../manager/graph/dot/dot-text.js');
        const dot = dotText(graph, { all: flags.all === true });
        const picture = format === 'dot' ? dot : await drawn(dot);
        if (flags.out === undefined) process.stdout.write(picture);
        else await writeResult(flags.out, picture, 'the picture');
      }
      if (isJson) {
        process.stdout.write(
          `${JSON.stringify({ ok: true, graph, warnings: notices.warnings }, undefined, 2)}\n`,
        );
      } else {
        notices.printWarnings();
      }
    });
}

/** Imported here and not at the top, because no other command needs it. */
async function drawn(dot: string): Promise<string> {
  const { drawSvg } = await import('../output/draw-svg.js');
  return drawSvg(dot);
}

/** @throws NetmgrError `InvalidInput` where nothing says it */
function formatOf({ out, format }: GraphFlags): Format {
  if (format !== undefined || out === undefined) return format ?? 'svg';
  const known = EXTENSIONS[extname(out).toLowerCase()];
  if (known !== undefined) return known;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `the name "${out}" does not say what the picture is to be`,
    hint: 'End it in .svg or .dot, or say --format svg or --format dot. Graphviz makes other pictures of a .dot: dot -Tpng.',
  });
}

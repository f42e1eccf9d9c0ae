import { run, type Run } from '../../../src/process/run.js';

let count = 0;

/** A network namespace of a test, and how to run commands in it. */
export interface Scratch {
  readonly name: string;
  /** Runs in the namespace. */
  readonly run: Run;
  /** The argument vectors that {@link run} was called with. */
  readonly commands: string[][];
  /** Runs a line of words in the namespace and returns what it prints. */
  readonly sh: (line: string, input?: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Makes a namespace; the test removes it. */
export async function makeScratch(): Promise<Scratch> {
  const name = `nmt-${String(process.pid)}-${String(count++)}`;
  await run(['ip', 'netns', 'add', name]);
  const commands: string[][] = [];
  const inside: Run = (argv, options) => {
    commands.push([...argv]);
    return run(['ip', 'netns', 'exec', name, ...argv], options);
  };
  return {
    name,
    run: inside,
    commands,
    sh: async (line, input) => {
      const [file = '', ...args] = line.split(' ');
      const output = await run(['ip', 'netns', 'exec', name, file, ...args], {
        ...(input === undefined ? {} : { input }),
      });
      return output.stdout;
    },
    remove: async () => {
      await run(['ip', 'netns', 'del', name]);
    },
  };
}

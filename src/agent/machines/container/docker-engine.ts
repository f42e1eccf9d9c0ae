import { existsSync } from 'node:fs';
import { NetmgrError } from '../../../errors.js';
import { isInstalled } from '../../../process/program-path.js';
import type { CommandOutput, Run } from '../../../process/run.js';
import type { Engine, EngineContainer } from './engine.js';
import { isNews } from './events.js';
import { CONTAINER_ID } from './names.js';
import { parseInspect } from './parse-inspect.js';

/** What the engines end with where a container has gone since it was listed. */
const MAY_BE_GONE = { accept: [0, 1, 125] } as const;
/** A container that goes while it is asked about leads to another attempt. */
const ATTEMPTS = 3;
const DOCKER_SOCKET = '/var/run/docker.sock';

/** The two engines with Docker's command line. */
export const podman: Engine = dockerLike('podman', () => true, ['--version']);
/** Its program may be there alone, to speak with another host's. */
export const docker: Engine = dockerLike(
  'docker',
  () => (process.env['DOCKER_HOST'] ?? '') !== '' || existsSync(DOCKER_SOCKET),
  ['version', '--format', '{{.Server.Version}}'],
);

function dockerLike(name: string, answers: () => boolean, version: readonly string[]): Engine {
  return {
    name,
    isThere: () => isInstalled(name) && answers(),
    list: (run) => list(run, name),
    version: async (run) => {
      const { stdout } = await run([name, ...version]);
      return /\d[\w.+~-]{0,63}/.exec(stdout)?.[0] ?? '';
    },
    events: { argv: [name, 'events', '--format', name === 'podman' ? 'json' : '{{json .}}'], isNews },
  };
}

/** With two processes, or one where there are none. */
async function list(run: Run, program: string): Promise<readonly EngineContainer[]> {
  for (let attempt = 1; ; attempt++) {
    const running = ['running', 'paused'].flatMap((status) => ['--filter', `status=${status}`]);
    const { stdout } = await told(program, run([program, 'ps', '--quiet', '--no-trunc', ...running]));
    const ids = stdout.split('\n').filter((line) => CONTAINER_ID.test(line));
    if (ids.length === 0) return [];
    const inspected = await told(program, run([program, 'container', 'inspect', ...ids], MAY_BE_GONE));
    if (inspected.exitCode === 0) return parsed(program, inspected.stdout);
    if (attempt === ATTEMPTS) throw failed(program, inspected.stderr.trim());
  }
}

function parsed(program: string, output: string): EngineContainer[] {
  try {
    return parseInspect(output);
  } catch (error) {
    throw failed(program, `${program} container inspect printed no JSON`, error);
  }
}

/** The same, with what to do about it. */
async function told(program: string, output: Promise<CommandOutput>): Promise<CommandOutput> {
  return output.catch((error: unknown) => {
    throw error instanceof NetmgrError ? failed(program, error.message, error) : error;
  });
}

function failed(program: string, message: string, cause?: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message,
    subject: program,
    hint: `See what ${program} ps says on this host; without ${program} its containers are known by the numbers of their processes alone.`,
    cause,
  });
}

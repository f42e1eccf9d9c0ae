import { randomBytes } from 'node:crypto';
import { messageOf } from '../../../errors.js';
import { start, type RunningProcess } from '../../../process/run.js';
import { VIRSH_ENVIRONMENT, virshWords, type VirshOptions } from './virsh.js';

/** What libvirt passes on is less than 4 MiB; what is more than this is no answer. */
const MAX_OUTPUT = 16 * 1024 * 1024;

/** What a command of virsh said. */
export interface VirshAnswer {
  /** Its lines, and those by which virsh repeats what it was told. */
  readonly lines: readonly string[];
  /** Its errors, without the word; empty if there were none. */
  readonly errors: string;
}

interface Waiting {
  readonly mark: string;
  readonly resolve: (answer: VirshAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One virsh(1) that is told commands on its standard input, one after the other, as long as it is open: a question costs no
 * process of its own. It does not say where an answer ends, so it is told to say a word of ours behind each, on both of its
 * outputs.
 */
export class VirshSession {
  readonly #child: RunningProcess;
  #output = '';
  #errors = '';
  #waiting: Waiting | undefined;
  #failure: Error | undefined;

  constructor(options: VirshOptions) {
    const child = start(virshWords(options), {
      env: { ...VIRSH_ENVIRONMENT, ...options.env },
      ...({ stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' } as const),
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
      this.#look();
    });
    void child.then(({ cause, exitCode }) => {
      const words = withoutWord(this.#errors) || (cause === undefined ? '' : messageOf(cause));
      this.#fail(new Error(words || `virsh ended with exit code ${String(exitCode)}`));
    });
  }

  /**
   * Has a command done. One at a time.
   *
   * @param command of printable ASCII; what is of others must stand between apostrophes, and have none
   * @param timeout milliseconds, after which the session is over
   * @throws Error if virsh ends, or takes too long
   */
  ask(command: string, timeout: number): Promise<VirshAnswer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const mark = randomBytes(8).toString('hex');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new Error(`virsh has not answered within ${String(timeout / 1000)} s`));
      }, timeout);
      [this.#output, this.#errors] = ['', ''];
      this.#waiting = { mark, resolve, reject, timer };
      this.#child.stdin.write(`${command}\necho ${mark}\necho --err ${mark}\n`);
    });
  }

  /** Ends virsh. */
  close(): void {
    this.#fail(new Error('virsh was ended'));
  }

  #look(): void {
    if (this.#output.length + this.#errors.length > MAX_OUTPUT) this.#fail(new Error('virsh says too much'));
    if (this.#waiting === undefined) return;
    const { mark, resolve, timer } = this.#waiting;
    // Behind the line's end of what was said before: virsh repeats the command that has the word too.
    const end = this.#output.indexOf(`\n${mark}`);
    const errorsEnd = this.#errors.indexOf(`error: ${mark}`);
    if (end < 0 || errorsEnd < 0) return;
    clearTimeout(timer);
    this.#waiting = undefined;
    resolve({
      lines: this.#output.slice(0, end).split('\n'),
      errors: withoutWord(this.#errors.slice(0, errorsEnd)),
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    clearTimeout(this.#waiting?.timer);
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
    this.#child.kill('SIGTERM');
  }
}

/** That it cannot write its history is as it should be. */
const withoutWord = (errors: string): string =>
  errors
    .split('\n')
    .map((line) => line.replace(/^error: /, '').trim())
    .filter((line) => line !== '' && !line.includes(VIRSH_ENVIRONMENT.XDG_CACHE_HOME))
    .join(': ');

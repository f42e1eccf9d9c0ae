import { NetmgrError } from '../../../errors.js';
import { noAnswer, noChannel, refused } from '../guest-agent/agent-errors.js';
import { returnedBy } from '../guest-agent/answer.js';
import { asciiJson } from '../guest-agent/ascii-json.js';
import type { GuestAgent } from '../guest-agent/guest-agent.js';
import { parseList } from './parse-domain.js';
import type { VirshOptions } from './virsh.js';
import { VirshSession } from './virsh-session.js';

/** Milliseconds to find a machine, and how much longer than the agent virsh may take. */
const FIND_TIMEOUT = 10_000;
const SLACK = 5000;

const CHANNEL =
  "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel> (virsh edit)";

/** The guest agent of a libvirt machine: libvirt has the channel, and virsh passes on what it is asked. */
export class VirshAgent implements GuestAgent {
  private constructor(
    private readonly session: VirshSession,
    private readonly machine: string,
    private readonly uuid: string,
  ) {}

  /**
   * @param machine the name of a running domain, or its UUID
   * @throws NetmgrError `CommandFailed` if there is no such domain, or no libvirt
   */
  static async open(options: VirshOptions, machine: string): Promise<VirshAgent> {
    const session = new VirshSession(options);
    try {
      // By the list: what looks like a number, virsh takes for one.
      const { lines, errors } = await session.ask('list --uuid --name', FIND_TIMEOUT);
      if (errors !== '') throw new Error(errors);
      const domains = parseList(lines.join('\n'));
      const found = domains.find(({ name, uuid }) => name === machine || uuid === machine);
      if (found === undefined) throw notThere(machine);
      return new VirshAgent(session, machine, found.uuid);
    } catch (error) {
      session.close();
      throw error instanceof NetmgrError ? error : cannotAsk(machine, error);
    }
  }

  async ask(
    command: string,
    parameters: Readonly<Record<string, unknown>>,
    timeout: number,
  ): Promise<unknown> {
    const json = asciiJson({ execute: command, arguments: parameters });
    const seconds = String(Math.max(1, Math.ceil(timeout / 1000)));
    const line = `qemu-agent-command ${this.uuid} --timeout ${seconds} '${json}'`;
    const { lines, errors } = await this.session.ask(line, timeout + SLACK).catch((error: unknown) => {
      throw cannotAsk(this.machine, error);
    });
    if (errors !== '') throw this.#failure(command, errors);
    return returnedBy(lines.find((one) => one.startsWith('{')) ?? '', this.machine, command);
  }

  close(): void {
    this.session.close();
  }

  #failure(command: string, words: string): NetmgrError {
    const said = /unable to execute QEMU agent command '[^']*': (.*)/.exec(words)?.[1];
    if (said !== undefined) return refused(this.machine, command, said);
    const cause = new Error(words);
    if (words.includes('agent is not configured')) return noChannel(this.machine, CHANNEL, cause);
    if (/domain is not running|failed to get domain|Domain not found/.test(words))
      return notThere(this.machine, cause);
    if (/not connected|not responding|not available|did not answer/i.test(words))
      return noAnswer(this.machine, cause);
    return refused(this.machine, command, words);
  }
}

function notThere(machine: string, cause?: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `libvirt runs no machine ${JSON.stringify(machine)} on this host`,
    subject: machine,
    hint: 'See which there are (virsh list --all), and start it (virsh start), or move it here.',
    cause,
  });
}

function cannotAsk(machine: string, cause: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `libvirt cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`,
    subject: machine,
    hint: 'See that libvirt runs (systemctl start libvirtd, or virtqemud).',
    cause,
  });
}

import { NetmgrError } from '../../../errors.js';

/** The package of Debian, Fedora and others, and what starts it. */
const INSTALL = 'install qemu-guest-agent in it and start it (systemctl start qemu-guest-agent)';

/** A machine without a channel for an agent. @param addition what gives it one, as the machine's manager takes it */
export function noChannel(machine: string, addition: string, cause?: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `${machine} has no guest agent`,
    subject: machine,
    hint: `Add ${addition} to the machine, start it anew, and ${INSTALL}.`,
    cause,
  });
}

/** A machine that has the channel, and nobody at its other end. */
export function noAnswer(machine: string, cause?: unknown): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `the guest agent of ${machine} does not answer`,
    subject: machine,
    hint: `If the machine is not just starting, ${INSTALL}.`,
    cause,
  });
}

/** What breaks the protocol: the machine's inside is not to be trusted with more than its own affairs. */
export function badAnswer(machine: string, what: string): NetmgrError {
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `the guest agent of ${machine} answers ${what}`,
    subject: machine,
    hint: 'See which agent it is (qemu-ga --version in the machine); netmgr needs 2.5 or later.',
  });
}

/** What an agent says of a command that it refuses. */
export function refused(machine: string, command: string, words: string): NetmgrError {
  const isForbidden =
    /\b(disabled|not allowed|not been found|not found)\b/.test(words) && words.includes(command);
  return new NetmgrError({
    kind: 'CommandFailed',
    message: `${machine}: ${words}`,
    subject: machine,
    hint: isForbidden
      ? `Let its guest agent do ${command} and guest-exec-status: in the machine, take them out of BLOCK_RPCS (or BLACKLIST_RPC), or into --allow-rpcs, in /etc/sysconfig/qemu-ga or /etc/qemu/qemu-ga.conf, and restart qemu-guest-agent.`
      : undefined,
  });
}

/** A way to the QEMU guest agent of one machine (qemu-ga(8), "QEMU Guest Agent Protocol Reference"). */
export interface GuestAgent {
  /**
   * Has the agent do a command, and gives what it returns.
   *
   * @param timeout milliseconds until the answer
   * @throws NetmgrError `CommandFailed` in the agent's words, or if it does not answer
   */
  ask(command: string, parameters: Readonly<Record<string, unknown>>, timeout: number): Promise<unknown>;
  /** Nothing is asked after this. */
  close(): void;
}

/** Opens a way to a machine's agent. @throws NetmgrError `CommandFailed` with what to do where there is none */
export type OpenGuestAgent = () => Promise<GuestAgent>;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const OF_CHANGES =
  'interrupted: nothing is applied, and hosts that have changed go back; what is decided already is finished';

/**
 * Does work that must not end half-way: a signal asks it to stop where it can, and does not end the process. Without
 * this, Ctrl-C would leave hosts that wait for a confirmation that never comes.
 *
 * @param words what is said when the signal comes
 */
export async function uninterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  words = OF_CHANGES,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    process.stderr.write(`${words}\n`);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

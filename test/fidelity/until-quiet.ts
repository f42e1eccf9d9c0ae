/** Measures again, and says so, where the machine's other work may have been in the way of a time. */
export async function untilQuiet(attempts: number, measure: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await measure();
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      process.stdout.write('    measured again\n');
    }
  }
}

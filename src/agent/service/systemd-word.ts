import { NetmgrError } from '../../errors.js';

/** Stands in a unit file for itself, without quotes. */
const PLAIN = /^[A-Za-z0-9_./:@+,=-]+$/;

/**
 * A word of a setting, such as one argument of ExecStart=, as systemd reads it back (systemd.syntax(7), "Quoting";
 * systemd.unit(5), "Specifiers"). A dollar sign stands for itself: the command line must begin with `:`, which turns
 * the substitution of variables off (systemd.service(5)).
 *
 * @throws NetmgrError `InvalidInput` for a control character, which no path and no name needs
 */
export function systemdWord(text: string): string {
  if (PLAIN.test(text)) return text;
  // eslint-disable-next-line no-control-regex -- these it is that are refused
  if (/[\0-\x1f\x7f]/.test(text)) {
    throw new NetmgrError({
      kind: 'InvalidInput',
      message: `${JSON.stringify(text)} holds a control character`,
      hint: 'Use a path or a name without.',
    });
  }
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;
}

import { join } from 'node:path';
import { NetmgrError } from '../../errors.js';
import type { FileOwner } from '../../process/durable-files.js';
import { InstalledFile, type InstallState } from '../../process/installed-file.js';
import { isSnippet } from './snippet.js';

const NAME = 'netmgr.conf';

/** Where the files are that Debian's snmpd.conf includes: `/etc/snmp/snmpd.conf.d`. */
export const snippetDirectory = (conf: string): string => `${conf}.d`;

/** The file of {@link snippetText} beside the configuration of the system's snmpd. */
export class SnippetFile {
  readonly path: string;
  readonly #file: InstalledFile;

  /** @param conf the absolute path of snmpd.conf */
  constructor(conf: string) {
    this.path = join(snippetDirectory(conf), NAME);
    this.#file = new InstalledFile(this.path, {
      what: "netmgr's part of snmpd's configuration",
      link: 'somebody keeps it elsewhere',
      linkHint: "Remove the link: the file that it leads to is not netmgr's to change.",
      hint: 'Run it as root.',
    });
  }

  /** Whether there is one. @throws NetmgrError `Conflict` where something else is in its place, `AccessDenied` */
  async check(): Promise<boolean> {
    const present = await this.#file.read();
    if (present === undefined) return false;
    if (isSnippet(present)) return true;
    throw new NetmgrError({
      kind: 'Conflict',
      message: "this file is not netmgr's: its first line does not say so",
      subject: this.path,
      hint: 'Give it another name that ends with .conf, or remove it.',
    });
  }

  /** Writes it, whole or not at all, with the rights of snmpd.conf. @throws NetmgrError as {@link check} */
  async install(
    text: string,
    { mode, ...owner }: FileOwner & { readonly mode: number },
  ): Promise<InstallState> {
    await this.check();
    return this.#file.install(text, mode, owner);
  }

  /** @throws NetmgrError as {@link check} */
  async remove(): Promise<'removed' | 'absent'> {
    return (await this.check()) ? this.#file.remove() : 'absent';
  }
}

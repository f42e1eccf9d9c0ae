import { join } from 'node:path';
import { InstalledFile, type InstallState } from '../../process/installed-file.js';

/** Whom `systemctl` is to be told. */
export const SERVICE = 'netmgr-agent';

/** systemd warns of units that not everybody can read. */
const MODE = 0o644;

/** The unit file of the agent's service in a directory of units (systemd.unit(5)). */
export class UnitFile {
  readonly path: string;
  readonly #file: InstalledFile;
  readonly #link: string;

  constructor(directory: string) {
    this.path = join(directory, `${SERVICE}.service`);
    // What `systemctl enable` makes of WantedBy=.
    this.#link = join(directory, 'multi-user.target.wants', `${SERVICE}.service`);
    this.#file = new InstalledFile(this.path, {
      what: 'the unit',
      link: 'it is masked, or somebody keeps it elsewhere',
      linkHint: `Run: systemctl unmask ${SERVICE}, or give another directory with --unit-directory.`,
      hint: 'Run it as root; where there is no systemd, use --no-unit.',
    });
  }

  /**
   * Writes the unit, whole or not at all.
   *
   * @throws NetmgrError `Conflict` where a link is in its place, `AccessDenied` where it cannot be written
   */
  install(text: string): Promise<InstallState> {
    return this.#file.install(text, MODE);
  }

  /** Removes the unit, and what starts it at boot. @throws NetmgrError as {@link install} */
  remove(): Promise<'removed' | 'absent'> {
    return this.#file.remove(this.#link);
  }
}

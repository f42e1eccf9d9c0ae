import { join } from 'node:path';
import { NetmgrError } from '../../errors.js';
import type { Manager } from '../manager.js';
import type { ManagerOptions } from '../manager-options.js';
import { clusteredHosts } from '../model/clusters.js';
import { stateDirectory } from '../state-directory.js';
import type { FileText } from '../xml/read-text.js';
import type { MergedFiles } from './merged-files.js';
import { MergedStore } from './merged-store.js';

/** What two files came to when they were applied before. */
export class Recall {
  private constructor(
    private readonly store: MergedStore,
    private readonly files: readonly FileText[],
    private readonly key: string | undefined,
    /** Undefined: it is not known. */
    readonly merged: MergedFiles | undefined,
  ) {}

  static async of(files: readonly FileText[], options: ManagerOptions): Promise<Recall> {
    const { stateDirectory: given, environment = process.env } = options;
    const store = new MergedStore(join(stateDirectory(given, environment), 'applied'));
    const key = await MergedStore.keyOf(...files);
    return new Recall(store, files, key, key === undefined ? undefined : await store.read(key));
  }

  /** Keeps what the files come to. Where machines may be on other hosts next time there is nothing to keep. */
  async keep({ real, environment }: Manager): Promise<void> {
    // A program that was built anew meanwhile may have been loaded in part.
    const isSame = this.key !== undefined && this.key === (await MergedStore.keyOf(...this.files));
    if (!isSame || clusteredHosts(real.hosts).length > 0) return;
    const hosts = real.hosts.map(({ name, address, agent }, i) => {
      const component = environment.hosts[i];
      if (component?.path !== name)
        throw new NetmgrError({ kind: 'Bug', message: `${name} is not the host that was merged` });
      return { name, address, agent, digest: component.configuration.digest() };
    });
    const { credentials } = real;
    const { name, warnings } = environment;
    await this.store.write(this.key, { environment: name, hosts, credentials, warnings });
  }
}

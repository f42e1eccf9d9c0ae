import { join } from 'node:path';
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
    private readonly key: string | undefined,
    /** Undefined: it is not known. */
    readonly merged: MergedFiles | undefined,
  ) {}

  static async of(files: readonly FileText[], options: ManagerOptions): Promise<Recall> {
    const { stateDirectory: given, environment = process.env } = options;
    const store = new MergedStore(join(stateDirectory(given, environment), 'applied'));
    const key = await MergedStore.keyOf(...files);
    return new Recall(store, key, key === undefined ? undefined : await store.read(key));
  }

  /** Keeps what the files come to. Where machines may be on other hosts next time there is nothing to keep. */
  async keep({ real, environment }: Manager): Promise<void> {
    if (this.key === undefined || clusteredHosts(real.hosts).length > 0) return;
    await this.store.write(this.key, {
      environment: environment.name,
      hosts: real.hosts.flatMap(({ name, address, agent }, i) => {
        const digest = environment.hosts[i]?.configuration.digest();
        return digest === undefined ? [] : [{ name, address, agent, digest }];
      }),
      credentials: real.credentials,
      warnings: environment.warnings,
    });
  }
}

import { Host } from '../model/host.js';
import { RealEnvironment } from '../model/real-environment.js';

/** A real environment whose machines are where they are now, and what its hosts are in the file. */
export interface Relocated {
  readonly real: RealEnvironment;
  /** The host of the file that a host was made from; any other object is itself. */
  readonly originOf: (element: object) => object;
}

/**
 * Puts machines at other hosts than those of the file; all else stays.
 *
 * @param hostOf where a machine is now, by its name; undefined where that is not known
 */
export function relocate(real: RealEnvironment, hostOf: (vm: string) => string | undefined): Relocated {
  const origins = new Map<object, Host>();
  const moved = new Map(
    real.hosts.flatMap((home) =>
      home.vms.flatMap((vm) => {
        const now = hostOf(vm.name);
        return now === undefined || now === home.name ? [] : [[vm, now] as const];
      }),
    ),
  );
  if (moved.size === 0) return { real, originOf: (element) => element };
  const hosts = real.hosts.map((home) => {
    const vms = [
      ...home.vms.filter((vm) => !moved.has(vm)),
      ...[...moved].filter(([, now]) => now === home.name).map(([vm]) => vm),
    ];
    const host = Object.assign(new Host(), home, { vms });
    origins.set(host, home);
    return host;
  });
  return {
    real: Object.assign(new RealEnvironment(), real, { hosts }),
    originOf: (element) => origins.get(element) ?? element,
  };
}

import { NetmgrError } from '../../../errors.js';

/** What engines call containers; without an engine it is a process. */
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;
const PROCESS = /^pid:([1-9][0-9]{0,9})$/;
/** Of an engine, as it prints it in full. */
export const CONTAINER_ID = /^[0-9a-f]{64}$/;
/** As much of it as engines print where they shorten it. */
const SHORT_ID = 12;

export const isContainerName = (text: string): boolean => CONTAINER_NAME.test(text);

/** The name of a container that is known by one of its processes. */
export const processName = (pid: number): string => `pid:${String(pid)}`;

export const isProcessName = (name: string): boolean => PROCESS.test(name);

export const shortId = (id: string): string => id.slice(0, SHORT_ID);

/** The name, if it can be that of a container, an ID or a process. @throws NetmgrError `InvalidInput` */
export function expectContainerName(name: string): string {
  if (isContainerName(name) || isProcessName(name)) return name;
  throw new NetmgrError({
    kind: 'InvalidInput',
    message: `${JSON.stringify(name)} is no name of a container`,
    hint: 'Use the name or ID that podman ps, docker ps or lxc-ls prints, or pid: and the number of one of its processes.',
  });
}

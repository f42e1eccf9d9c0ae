/**
 * netmgr as a library: read the files, plan, apply, read the status.
 *
 * @packageDocumentation
 */
export { Manager } from './manager/manager.js';
export type { ManagerOptions } from './manager/manager-options.js';
export type { HostFailure, HostOverview, HostStatus } from './manager/host-status.js';
export type { HostNews, NewsSettings, OpenNews } from './manager/receive-news.js';
export type { News } from './mib/notifications.js';
export {
  discover,
  type DiscoveredTarget,
  type DiscoverOptions,
  type Discovery,
  type DiscoveryCredentials,
  type DiscoveryTarget,
} from './manager/discover/discover.js';
export type {
  DiscoveredBridge,
  DiscoveredHost,
  DiscoveredMachine,
  DiscoveredVif,
} from './manager/discover/discovered.js';
export type { DiscoveredChange } from './manager/discover/machine-changes.js';
export { realFileOf, type RealFileSettings } from './manager/discover/make-real-file.js';
export type { Note, RealFile } from './manager/discover/real-file.js';
export { watchMachines, type WatchMachinesSettings } from './manager/discover/watch-machines.js';
export type { ApplyListener, ApplyStep, StepProgress } from './manager/apply/apply-listener.js';
export type { ApplyReport, HostResult } from './manager/apply/apply-report.js';
export type { ApplySettings } from './manager/apply/apply-settings.js';
export type { DecidedHostReport, DecisionReport } from './manager/apply/complete-decision.js';
export type { EnvironmentPlan } from './manager/apply/environment-plan.js';
export { parseSavedPlan, savedPlanText, type SavedPlan } from './manager/apply/saved-plan.js';
export type { HostPlan } from './manager/apply/plan-environment.js';
export type { Action, Detail, ItemChange } from './manager/plan/diff-items.js';
export type { Item, ItemKind } from './manager/plan/item.js';
export type { AgentCommand } from './manager/snmp/read-commands.js';
export type { Change } from './manager/plan/join-changes.js';
export type { HostChanges, LinkEnds, PlannedChange } from './manager/plan/plan-host.js';
export { ApplyError, NetmgrError } from './errors.js';
export type { ErrorKind, ErrorReport, FilePosition } from './errors.js';
export { BitRate } from './units/bit-rate.js';
export { ByteCount } from './units/byte-count.js';
export { Duration } from './units/duration.js';
export { IpAddress, IpNetwork } from './units/ip-network.js';
export { MacAddress } from './units/mac-address.js';
export { QueueLength } from './units/queue-length.js';
export { Ratio } from './units/ratio.js';
export { readRealEnvironment } from './manager/xml/read-real-environment.js';
export { readVirtualEnvironment } from './manager/xml/read-virtual-environment.js';
export * from './manager/model/access.js';
export * from './manager/model/host.js';
export * from './manager/model/line.js';
export * from './manager/model/link.js';
export * from './manager/model/node.js';
export * from './manager/model/real-environment.js';
export * from './manager/model/rule.js';
export * from './manager/model/site.js';
export * from './manager/model/virtual-environment.js';
export * from './manager/model/virtual-machine.js';

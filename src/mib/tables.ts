import { addrTable } from './addr-table.js';
import { bridgeTable } from './bridge-table.js';
import { candidateDigestTable } from './candidate-digest-table.js';
import { candidatePageTable } from './candidate-page-table.js';
import { candidateTable } from './candidate-table.js';
import { commandTable } from './command-table.js';
import { driftTable } from './drift-table.js';
import { errorTable } from './error-table.js';
import { flowTable } from './flow-table.js';
import { flowStateTable } from './flow-state-table.js';
import { linkStateTable } from './link-state-table.js';
import { linkTable } from './link-table.js';
import { machineVifTable } from './machine-vif-table.js';
import { memberTable } from './member-table.js';
import { overlayMachineTable } from './overlay-machine-table.js';
import { overlayTable } from './overlay-table.js';
import { overlayVtepTable } from './overlay-vtep-table.js';
import { probeResultTable } from './probe-result-table.js';
import { probeTable } from './probe-table.js';
import { profileTable } from './profile-table.js';
import { routeTable } from './route-table.js';
import { ruleStateTable } from './rule-state-table.js';
import { siteLinkTable } from './site-link-table.js';
import { siteTable } from './site-table.js';
import type { TableDefinition } from './table.js';
import { vifStateTable } from './vif-state-table.js';
import { vifTable } from './vif-table.js';

/** The tables of netemuConfig that this version has, in the order of their OIDs. */
export const configTables: readonly TableDefinition[] = [
  profileTable,
  vifTable,
  linkTable,
  addrTable,
  routeTable,
  siteTable,
  memberTable,
  flowTable,
  siteLinkTable,
  overlayTable,
  overlayVtepTable,
  overlayMachineTable,
];

/** The tables that a manager writes and that are no part of a configuration. */
export const requestTables: readonly TableDefinition[] = [probeTable];

/** The read-only tables of this version. */
export const readOnlyTables: readonly TableDefinition[] = [
  errorTable,
  driftTable,
  commandTable,
  candidateTable,
  candidateDigestTable,
  candidatePageTable,
  vifStateTable,
  linkStateTable,
  flowStateTable,
  ruleStateTable,
  machineVifTable,
  bridgeTable,
  probeResultTable,
];

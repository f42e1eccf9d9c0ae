import { release, type } from 'node:os';
import { bridgeTable } from '../mib/bridge-table.js';
import { candidateDigestTable } from '../mib/candidate-digest-table.js';
import { candidatePageTable } from '../mib/candidate-page-table.js';
import { candidateTable } from '../mib/candidate-table.js';
import { cfgScalars } from '../mib/cfg-scalars.js';
import { commandTable } from '../mib/command-table.js';
import { driftTable } from '../mib/drift-table.js';
import { errorTable } from '../mib/error-table.js';
import { flowStateTable } from '../mib/flow-state-table.js';
import { hostScalars, type HostScalars } from '../mib/host-scalars.js';
import { linkStateTable } from '../mib/link-state-table.js';
import { machineVifTable } from '../mib/machine-vif-table.js';
import { notifyScalars } from '../mib/notify-scalars.js';
import { IndexAllocator } from '../mib/index-allocator.js';
import { NETEMU_PROBE, NETEMU_STATE, VM_OBJECTS } from '../mib/objects.js';
import { INT32_MAX } from '../mib/syntax.js';
import { probeResultTable } from '../mib/probe-result-table.js';
import { probeScalars } from '../mib/probe-scalars.js';
import { probeTable } from '../mib/probe-table.js';
import { policyScalars, ruleStateScalars } from '../mib/rule-state-scalars.js';
import { ruleStateTable } from '../mib/rule-state-table.js';
import { summaryScalars } from '../mib/summary-scalars.js';
import type { Configuration } from '../mib/configuration.js';
import type { Entry } from '../mib/table.js';
import { configTables } from '../mib/tables.js';
import { vifStateTable } from '../mib/vif-state-table.js';
import { vmNetworkTable } from '../mib/vm/vm-network-table.js';
import { vmScalars } from '../mib/vm/vm-scalars.js';
import { vmTable } from '../mib/vm/vm-table.js';
import type { DriftWatch } from './drift/drift-watch.js';
import type { LinuxKernel } from './host/linux-kernel.js';
import type { Probe } from './kernel/probe/probe.js';
import type { MachineDriver } from './machines/machine-driver.js';
import type { Probes } from './probes/probes.js';
import { ProbeWriter } from './probes/probe-writer.js';
import { TouchingSource } from './probes/touching-source.js';
import type { CommitParts } from './start-commits.js';
import { cfgValues, ChangeTimes } from './tables/cfg-values.js';
import { digestEntries, pageEntries, textEntries } from './tables/candidate-entries.js';
import { CommandEntries } from './tables/command-entries.js';
import { ConfigWriter } from './tables/config-writer.js';
import { driftEntries } from './tables/drift-entries.js';
import { EntriesOf } from './tables/entries-of.js';
import { errorEntries } from './tables/error-entries.js';
import { MibView } from './tables/mib-view.js';
import { RuleSnapshot } from './tables/rule-snapshot.js';
import { ScalarSource } from './tables/scalar-source.js';
import { SetRouter } from './tables/set-router.js';
import { StateSnapshot } from './tables/state-snapshot.js';
import { TableSource } from './tables/table-source.js';
import { VmSnapshot } from './tables/vm-snapshot.js';

/** What netemuHost says. */
export function aboutHost(
  name: string,
  agentVersion: string,
  machines: MachineDriver,
  probe: Probe,
): HostScalars {
  return {
    name,
    agentVersion,
    kernel: `${type()} ${release()}`,
    backends: new Set([machines.backend]),
    capabilities: new Set([...probe.capabilities, ...machines.capabilities]),
  };
}

/**
 * All that an agent serves below netemuObjects and vmObjects.
 *
 * @param now sysUpTime
 */
export function agentMib(
  commit: CommitParts,
  kernel: LinuxKernel,
  drift: DriftWatch,
  probes: Probes,
  about: HostScalars,
  now: () => number,
  onUnreadable: (error: unknown) => void,
): MibView {
  const { datastore, commits, actions, lock } = commit;
  const vmIndexes = new IndexAllocator(INT32_MAX);
  const vms = new VmSnapshot(kernel, datastore, actions, vmIndexes, onUnreadable);
  const snapshot = new StateSnapshot(
    kernel,
    datastore,
    actions,
    probes.links,
    vmIndexes,
    now,
    () => drift.count,
    onUnreadable,
  );
  const rules = new RuleSnapshot(kernel, datastore, actions, now, onUnreadable);
  const changes = new ChangeTimes();
  const commands = new CommandEntries(() => kernel.planned());
  const ofCandidate = (entries: (candidate: Configuration) => readonly Entry[]): EntriesOf =>
    new EntriesOf(() => datastore.candidate, entries);
  const packed = [
    { table: candidateTable, rows: ofCandidate(textEntries) },
    { table: candidateDigestTable, rows: ofCandidate(digestEntries) },
    { table: candidatePageTable, rows: ofCandidate(pageEntries) },
  ];
  let { generation } = datastore;
  const writer = new ConfigWriter(
    datastore,
    lock,
    actions,
    () => {
      changes.candidate = now();
    },
    (settings) => {
      void commits.change(settings);
      drift.settingsChanged();
    },
  );
  const cfg = new ScalarSource(cfgScalars, () => {
    if (generation !== datastore.generation) {
      ({ generation } = datastore);
      changes.running = now();
    }
    return cfgValues({ ...commit, drift, changes });
  });
  const { store } = probes;
  const probeWriter = new ProbeWriter(
    store,
    () => datastore.running.configuration,
    (run) => {
      probes.begin(run);
    },
  );
  const ofRuns = (source: TableSource): TouchingSource =>
    new TouchingSource(source, (run) => {
      store.touch(run);
    });
  return new MibView(
    [
      new ScalarSource(hostScalars, () => about),
      cfg,
      new ScalarSource(summaryScalars, () => snapshot.summary),
      new TableSource(errorTable, () => errorEntries(actions.problems)),
      new TableSource(commandTable, () => commands.entries),
      ...packed.map(({ table, rows }) => new TableSource(table, () => rows.entries)),
      new TableSource(driftTable, () => driftEntries(drift.drifts)),
      new ScalarSource(notifyScalars, () => ({
        enable: commits.settings.notifyEnable,
        minInterval: commits.settings.notifyMinInterval,
      })),
      ...configTables.map((table) => new TableSource(table, () => datastore.candidate.entries(table))),
      new TableSource(vifStateTable, () => snapshot.vifs),
      new TableSource(linkStateTable, () => snapshot.links),
      new TableSource(ruleStateTable, () => rules.readings.shown.rules),
      new TableSource(flowStateTable, () => rules.readings.shown.flows),
      new ScalarSource(policyScalars, () => ({ drops: rules.readings.shown.drops })),
      new ScalarSource(ruleStateScalars, () => ({ time: rules.readings.shown.time })),
      new TableSource(machineVifTable, () => vms.readings.shown.vifs),
      new TableSource(bridgeTable, () => vms.readings.shown.bridges),
      new ScalarSource(probeScalars, () => ({ start: store.begun })),
      ofRuns(new TableSource(probeTable, () => store.requestEntries)),
      ofRuns(new TableSource(probeResultTable, () => store.resultEntries)),
      new ScalarSource(vmScalars, () => vms.readings.shown.scalars),
      new TableSource(vmTable, () => vms.readings.shown.machines),
      new TableSource(vmNetworkTable, () => vms.readings.shown.networks),
    ],
    new SetRouter(NETEMU_PROBE, probeWriter, writer),
    [
      { prefix: NETEMU_STATE, refresh: () => snapshot.refresh(), versions: snapshot.readings },
      ...[ruleStateTable.entry, flowStateTable.entry, policyScalars.oid, ruleStateScalars.oid].map(
        (prefix) => ({
          prefix,
          refresh: () => rules.refresh(),
          versions: rules.readings,
        }),
      ),
      ...[VM_OBJECTS, machineVifTable.entry, bridgeTable.entry].map((prefix) => ({
        prefix,
        refresh: () => vms.refresh(),
        versions: vms.readings,
      })),
      { prefix: commandTable.entry, refresh: () => commands.refresh() },
      ...packed.map(({ table, rows }) => ({ prefix: table.entry, refresh: () => rows.refresh() })),
      { prefix: cfgScalars.scalars.driftCount.oid, refresh: () => drift.refresh() },
    ],
  );
}

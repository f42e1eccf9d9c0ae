import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { run } from '../../src/process/run.js';
import { dashboard, dashboardQueries } from './dashboard.js';
import { alertRules, labelsOf, lookupsOf, metricsOf, monitoringFile, readText, readYaml } from './files.js';
import { namesIn } from './promql.js';

const GENERATE = fileURLToPath(new URL('../../scripts/generate-snmp-exporter', import.meta.url));
const ALERTS_TEST = fileURLToPath(new URL('alerts.yml', import.meta.url));

/** The labels of all that Prometheus has. */
const TARGET_LABELS = ['job', 'instance'];

/** What there is to ask for, with the labels that it has. Prometheus itself says whether a target is up. */
const metrics = new Map<string, readonly string[]>([
  ['up', []],
  ...[...metricsOf('netemu'), ...metricsOf('netemu_links')].map(
    (metric) => [metric.name, labelsOf(metric)] as const,
  ),
]);

/** That the exporter has what an expression asks for. Returns the labels that its metrics have. */
function expectKnown(where: string, expression: string): ReadonlySet<string> {
  const used = namesIn(expression);
  expect(used.metrics.size, where).to.be.greaterThan(0);
  const labels = new Set(TARGET_LABELS);
  for (const name of used.metrics) {
    const found = metrics.get(name);
    expect(found, `${where}: ${name}`).to.exist;
    for (const label of found ?? []) labels.add(label);
  }
  expect([...labels], where).to.include.members([...used.labels]);
  return labels;
}

describe("the exporter's files", () => {
  let directory: string;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-monitoring-'));
    await run([GENERATE, directory]);
  });

  after(() => rmSync(directory, { recursive: true }));

  for (const name of ['snmp.yml', 'snmp-0.23.yml']) {
    it(`${name} is what the generator makes of the MIB now`, () => {
      const generated = readFileSync(join(directory, name), 'utf8');
      expect(readText(`prometheus/${name}`) === generated, 'npm run generate:snmp-exporter').to.be.true;
    });
  }

  it('are of one form with and without the users apart', () => {
    const old = readYaml('prometheus/snmp.yml') as Record<string, { auth: object; version: number }>;
    const { auths, modules } = readYaml('prometheus/snmp-0.23.yml') as {
      auths: Record<string, object>;
      modules: Record<string, object>;
    };
    expect(Object.keys(auths)).to.deep.equal(['netmgr']);
    expect(Object.keys(modules)).to.deep.equal(Object.keys(old));
    for (const [name, { auth, version, ...module }] of Object.entries(old)) {
      expect(modules[name]).to.deep.equal(module);
      expect(auths['netmgr']).to.deep.equal({ version, ...auth });
      expect(auth).to.include({ security_level: 'authPriv', auth_protocol: 'SHA256', priv_protocol: 'AES' });
    }
  });

  it('are what the exporter takes', async () => {
    const exporter = 'prometheus-snmp-exporter';
    await run([exporter, '--dry-run', `--config.file=${monitoringFile('prometheus/snmp.yml')}`]);
  });

  it('name vifs and links by their names', () => {
    const vifs = ['netemuVifStateName', 'netemuVifStateVmName'];
    for (const metric of metricsOf('netemu')) {
      const names = lookupsOf(metric).map(({ labelname }) => labelname);
      expect(names, metric.name).to.have.members(metric.indexes === undefined ? [] : vifs);
    }
    const links = ['netemuLinkStateVifName', 'netemuLinkStatePeerName'];
    for (const metric of metricsOf('netemu_links')) {
      const names = lookupsOf(metric).map(({ labelname }) => labelname);
      expect(names, metric.name).to.have.members(links);
    }
  });
});

describe("Prometheus's files", () => {
  it('are what Prometheus takes', async () => {
    await run(['promtool', 'check', 'config', monitoringFile('prometheus/prometheus.yml')]);
  });

  it('ask for modules that the exporter has', () => {
    const { scrape_configs: jobs } = readYaml('prometheus/prometheus.yml') as {
      scrape_configs: { params?: { module: string[]; auth: string[] } }[];
    };
    const { auths, modules } = readYaml('prometheus/snmp-0.23.yml') as { auths: object; modules: object };
    const asked = jobs.flatMap(({ params }) => params ?? []);
    expect(asked.flatMap(({ module }) => module)).to.have.members(Object.keys(modules));
    expect(new Set(asked.flatMap(({ auth }) => auth))).to.deep.equal(new Set(Object.keys(auths)));
  });
});

describe('the alert rules', () => {
  it('are about metrics and labels that there are', () => {
    for (const { alert, expr, annotations } of alertRules()) {
      const labels = expectKnown(alert, expr);
      const told = Object.values(annotations).flatMap((text) =>
        [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label),
      );
      expect([...labels], alert).to.include.members(told);
    }
  });

  it('are each tried with values that fire it and with values that do not', async () => {
    await run(['promtool', 'test', 'rules', ALERTS_TEST]);
    const { tests } = parse(readFileSync(ALERTS_TEST, 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[];
    };
    const tried = tests.flatMap(({ alert_rule_test: one }) => one);
    for (const isFired of [true, false]) {
      const names = tried.filter((one) => (one.exp_alerts ?? []).length > 0 === isFired);
      expect(new Set(names.map(({ alertname }) => alertname))).to.deep.equal(
        new Set(alertRules().map(({ alert }) => alert)),
      );
    }
  });
});

describe('the dashboard', () => {
  it('asks for metrics and labels that there are', () => {
    expect(dashboardQueries).to.not.be.empty;
    for (const { where, query } of dashboardQueries) expectKnown(where, query);
  });

  it('has panels of their own numbers that do not lie on each other', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    for (const [i, { title, gridPos: one }] of panels.entries()) {
      expect(one.x + one.w, title).to.be.at.most(24);
      for (const { title: next, gridPos: other } of panels.slice(i + 1)) {
        const isApart =
          one.x + one.w <= other.x ||
          other.x + other.w <= one.x ||
          one.y + one.h <= other.y ||
          other.y + other.h <= one.y;
        expect(isApart, `${title} and ${next}`).to.be.true;
      }
    }
  });

  it('lets the user choose the data source, the host and the vif', () => {
    const { templating, panels } = dashboard;
    expect(templating.list.map(({ name }) => name)).to.deep.equal(['datasource', 'host', 'vif']);
    for (const { title, type, datasource } of panels) {
      if (type !== 'row') expect(datasource?.uid, title).to.equal('${datasource}');
    }
  });
});

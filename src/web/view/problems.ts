import type { Problem } from '../wire/network-view.js';
import type { KnownHost } from './known-hosts.js';
import { hostId, vifId } from './network-map.js';

/** What is wrong with a host as a whole. @param digest of what it is to run, if that is known */
export function hostProblems(
  { name, answers, errors, status, vifs }: KnownHost,
  isStale: boolean,
  digest: Buffer | undefined,
): Problem[] {
  const about = (text: string, id = hostId(name), subject = name): Problem => ({ id, subject, text });
  if (answers === 'no') {
    const why = errors.map(({ message, hint }) => (hint === undefined ? message : `${message}. ${hint}`));
    return [about(`does not answer: ${why.join('; ')}`)];
  }
  if (status === undefined) return [];
  const { cfg, drift } = status;
  const nodes = new Map(vifs.map(({ row, node }) => [row.vif, node]));
  const problems: Problem[] = [];
  if (isStale) problems.push(about('has not said anything new for a while'));
  if (cfg.state === 'failed') problems.push(about(`failed: ${cfg.resultText || cfg.result}`));
  if (cfg.state === 'confirmWait') {
    problems.push(about(`waits for a confirmation for ${String(cfg.confirmRemaining)} s`));
  }
  if (digest !== undefined && !digest.equals(cfg.runningDigest)) {
    const runs = cfg.runningLabel === '' ? 'nothing, or something' : `"${cfg.runningLabel}", or something`;
    problems.push(about(`runs ${runs} else than the files say: apply them`));
  }
  problems.push(
    ...drift.map(({ vif, text }) =>
      vif === '' ? about(text) : about(text, vifId(name, vif), nodes.get(vif) ?? `${name} ${vif}`),
    ),
  );
  const others = cfg.driftCount - drift.length;
  if (others > 0) problems.push(about(`and ${String(others)} more differences: netmgr status --drift`));
  return problems;
}

/** What is wrong with the vifs of a host, as far as its drift does not say it. */
export function vifProblems({ name, answers, vifs, status }: KnownHost): Problem[] {
  if (answers === 'no') return [];
  const told = new Set(status?.drift.map(({ vif }) => vif));
  return vifs.flatMap(({ row, node }): Problem[] => {
    const about = { id: vifId(name, row.vif), subject: node ?? `${name} ${row.vif}` };
    if (row.lastError !== '') return [{ ...about, text: row.lastError }];
    if (row.oper === 'applied' || told.has(row.vif)) return [];
    return [{ ...about, text: `its vif ${row.vif} is ${row.oper}` }];
  });
}

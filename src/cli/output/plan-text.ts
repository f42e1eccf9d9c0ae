import { isEmptyPlan, type EnvironmentPlan } from '../../manager/apply/environment-plan.js';
import type { HostPlan } from '../../manager/apply/plan-environment.js';
import type { Change } from '../../manager/plan/join-changes.js';
import { withoutControls } from './report-errors.js';

const SIGNS = { create: '+', update: '~', delete: '-' } as const;
const COLUMNS = 80;
const INDENT = '      ';

/** What an apply would do, for people. */
export function planText(plan: EnvironmentPlan): string {
  const { changes, hosts } = plan;
  const parts = [
    ...changes.map((change) => changeText(change, plan.environment)),
    ...hosts.flatMap(hostLines),
    ...hosts.flatMap(commandLines),
    conclusion(plan),
  ];
  return parts.map((part) => part.split('\n').map(withoutControls).join('\n')).join('\n');
}

function changeText(change: Change, environment: string): string {
  const { action, kind, subject, what, hosts, ways, at } = change;
  const many = ways === undefined || ways <= 2 ? '' : ` (${String(ways)} ways of nodes)`;
  const gone = environment === '' ? 'nothing is wanted' : 'not in the file';
  const reason = at === undefined ? (action === 'delete' ? gone : '') : `${at.file}:${String(at.line)}`;
  return [
    `  ${SIGNS[action]} ${kind} ${subject}${many}`,
    ...wrapped(what),
    ...wrapped([[...(reason === '' ? [] : [reason]), `on ${hosts.join(', ')}`].join(' · ')]),
  ].join('\n');
}

/** Joined by commas, in lines that fit a terminal. */
function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || INDENT.length + last.length + part.length + 3 > COLUMNS) lines.push(part);
    else lines[lines.length - 1] = `${last}, ${part}`;
  }
  return lines.map((line, i) => `${INDENT}${line}${i < lines.length - 1 ? ',' : ''}`);
}

function hostLines({ host, repairs, isHalfway, isUnconfirmed }: HostPlan): string[] {
  return [
    ...repairs.map(
      (text) => `  ! ${host}: ${text}\n${INDENT}differs from what its agent runs, and is repaired`,
    ),
    ...(isHalfway
      ? [`  ! ${host} stands between two configurations, and is led all the way back first`]
      : []),
    ...(isUnconfirmed
      ? [
          `  ! ${host} runs what nobody has confirmed, which is kept if it is wanted, and else taken back first`,
        ]
      : []),
  ];
}

/** As somebody would type them; what they read stands below. */
function commandLines({ host, commands = [] }: HostPlan): string[] {
  return commands.map(({ command, input }) =>
    [
      `  ${host}# ${command}`,
      ...input
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${INDENT}${line.replaceAll('\t', '  ')}`),
    ].join('\n'),
  );
}

function conclusion(plan: EnvironmentPlan): string {
  if (isEmptyPlan(plan)) return 'nothing to do';
  const { changes, hosts } = plan;
  const repairs = hosts.reduce((sum, host) => sum + host.repairs.length, 0);
  const rows = hosts.reduce((sum, host) => sum + host.rows, 0);
  const changing = hosts.filter((host) => host.rows > 0).length;
  const count = (action: Change['action']): string =>
    String(changes.filter((change) => change.action === action).length);
  const does = [
    `${count('create')} to create`,
    `${count('update')} to change`,
    `${count('delete')} to remove`,
  ];
  return [
    `plan: ${does.join(', ')}`,
    ...(repairs === 0 ? [] : [`, ${String(repairs)} to repair`]),
    `; ${String(rows)} rows on ${String(changing)} of ${String(hosts.length)} hosts`,
  ].join('');
}

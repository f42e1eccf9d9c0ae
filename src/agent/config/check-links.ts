import type { Configuration, Page } from '../../mib/configuration.js';
import type { ErrorCode } from '../../mib/error-table.js';
import { linkTable, type LinkRow } from '../../mib/link-table.js';
import { profileTable } from '../../mib/profile-table.js';
import { checkPrefix } from './check-prefix.js';
import { checkVif } from './check-vif.js';
import { groupLinks } from './group-links.js';
import { problem, type Problem } from './problem.js';

/** What can be said of the links of one vif without the other rows of a configuration. */
interface OwnLinks {
  readonly problems: readonly Problem[];
  /** One row for each profile that they have. */
  readonly ofProfiles: readonly LinkRow[];
}

/** Of rows that are the same in many configurations; there may be a hundred thousand, of which one changes. */
const known = new WeakMap<Page['entries'], OwnLinks>();

/** What is wrong with the links of vifs. */
export function checkLinks(configuration: Configuration): Problem[] {
  return [...configuration.pages(linkTable).values()].flatMap(({ entries }) => {
    const { problems, ofProfiles } = ownLinks(entries);
    const [first] = ofProfiles;
    const hasVif = first === undefined || checkVif(configuration, linkTable, first).length === 0;
    const missing = new Set(
      ofProfiles.map(({ profile }) => profile).filter((profile) => isMissing(configuration, profile)),
    );
    if (hasVif && missing.size === 0) return problems;
    const ofOthers = rowsOf(entries).flatMap((row) => [
      ...checkVif(configuration, linkTable, row),
      ...(missing.has(row.profile)
        ? [ofProfile(row, 'missingReference', `there is no profile ${String(row.profile)}`)]
        : []),
    ]);
    return [...problems, ...ofOthers];
  });
}

function ownLinks(entries: Page['entries']): OwnLinks {
  const before = known.get(entries);
  if (before !== undefined) return before;
  const rows = rowsOf(entries);
  const problems = rows.flatMap((row) => checkPrefix(linkTable, row, row.peer, row.peerPrefixLength));
  for (const group of groupLinks(rows)) {
    const [first] = group;
    for (const row of group) {
      if (row.profile === first?.profile) continue;
      problems.push(
        ofProfile(row, 'conflict', 'the rows of one group are one link and need the same profile'),
      );
    }
  }
  const ofProfiles = new Map(rows.map((row) => [row.profile, row] as const));
  const own = { problems, ofProfiles: [...ofProfiles.values()] };
  known.set(entries, own);
  return own;
}

const rowsOf = (entries: Page['entries']): LinkRow[] => entries.map(({ row }) => row as LinkRow);

const isMissing = (configuration: Configuration, profile: number): boolean =>
  profile !== 0 && configuration.get(profileTable, [profile]) === undefined;

const ofProfile = (row: LinkRow, kind: ErrorCode, text: string): Problem =>
  problem(linkTable, row, linkTable.columns.profile.id, kind, text);

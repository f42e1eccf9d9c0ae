import { randomBytes, randomInt } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { NetmgrError } from '../../../src/errors.js';
import { digestEntries, pageEntries, textEntries } from '../../../src/agent/tables/candidate-entries.js';
import { EntriesOf } from '../../../src/agent/tables/entries-of.js';
import { TableSource } from '../../../src/agent/tables/table-source.js';
import { readCandidate } from '../../../src/manager/snmp/read-candidate.js';
import type { SnmpSession } from '../../../src/manager/snmp/snmp-session.js';
import { candidateDigestTable } from '../../../src/mib/candidate-digest-table.js';
import { candidatePageTable, ROWS_PER_PART } from '../../../src/mib/candidate-page-table.js';
import { candidateTable, LONGEST_PART } from '../../../src/mib/candidate-table.js';
import { Configuration } from '../../../src/mib/configuration.js';
import { configurationToJson } from '../../../src/mib/configuration-json.js';
import { linkTable, type LinkRow } from '../../../src/mib/link-table.js';
import type { Oid, VarBind } from '../../../src/mib/value.js';
import { pageListFromJson } from '../../../src/mib/page-list.js';
import { profileTable, type ProfileRow } from '../../../src/mib/profile-table.js';
import { defaultsOf } from '../../../src/mib/table.js';
import { vifTable, type VifRow } from '../../../src/mib/vif-table.js';
import { arbitraryConfiguration } from '../../mib/arbitrary-configuration.js';
import { expectKind } from './expect-kind.js';

/** A session whose GETs are answered by the tables of an agent, without the way between. */
function sessionWith(candidate: () => Configuration): { session: SnmpSession; asked: Oid[] } {
  const sources = [
    { table: candidateTable, rows: new EntriesOf(candidate, textEntries) },
    { table: candidateDigestTable, rows: new EntriesOf(candidate, digestEntries) },
    { table: candidatePageTable, rows: new EntriesOf(candidate, pageEntries) },
  ].map(({ table, rows }) => ({ rows, source: new TableSource(table, () => rows.entries) }));
  const asked: Oid[] = [];
  const valueOf = (oid: Oid): VarBind[] => {
    asked.push(oid);
    const found = sources.find(({ source: { prefix } }) => prefix.every((subid, i) => oid[i] === subid));
    void found?.rows.refresh();
    const value = found?.source.get(oid) ?? 'noSuchObject';
    return typeof value === 'string' ? [] : [{ oid, value }];
  };
  const getThose = (oids: readonly Oid[]): Promise<VarBind[]> => Promise.resolve(oids.flatMap(valueOf));
  return { session: { getThose, agent: { host: 'host1' } } as unknown as SnmpSession, asked };
}

const isOf = ({ entry }: { readonly entry: Oid }, oid: Oid): boolean =>
  entry.every((subid, i) => oid[i] === subid);

const link = (vif: number, peer: number, profile: number): LinkRow => ({
  vif: `vif${String(vif)}`,
  peer: `10.0.${String(peer >> 8)}.${String(peer & 255)}`,
  peerPrefixLength: 32,
  profile,
  group: 0,
});

function withLinks(vifs: number, links: number): Configuration {
  const configuration = new Configuration();
  for (let vif = 0; vif < vifs; vif++) {
    for (let peer = 0; peer < links; peer++) configuration.set(linkTable, link(vif, peer, 1));
  }
  return configuration;
}

describe('the candidate as a manager reads it', () => {
  it('is what the agent has, whatever is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryConfiguration,
        arbitraryConfiguration,
        fc.boolean(),
        async (own, other, isLike) => {
          const wanted = other.clone();
          if (isLike) for (const row of own.rows(linkTable)) wanted.set(linkTable, row);
          const before = JSON.stringify(configurationToJson(wanted));
          const read = await readCandidate(sessionWith(() => own).session, wanted);
          expect(configurationToJson(read)).to.deep.equal(configurationToJson(own));
          expect(read.digest().equals(own.digest())).to.equal(true);
          expect(JSON.stringify(configurationToJson(wanted))).to.equal(before);
        },
      ),
    );
  });

  it('is read where it differs from what is wanted', async () => {
    const candidate = withLinks(100, 120);
    const wanted = candidate.clone();
    wanted.set(linkTable, link(7, 3, 2));
    const { session, asked } = sessionWith(() => candidate);
    const read = await readCandidate(session, wanted);
    expect(read.digest().equals(candidate.digest())).to.equal(true);
    // 120 rows, 40 in a value, of the page with the place of that vif: vif0 to vif9 come first.
    const pages = asked.filter((oid) => isOf(candidatePageTable, oid));
    expect(pages.map((oid) => oid.slice(-2))).to.deep.equal([
      [7, 0],
      [7, 1],
      [7, 2],
    ]);
    expect(asked.some((oid) => isOf(candidateTable, oid))).to.equal(false);
  });

  it('is read as a whole where it differs in much', async () => {
    const candidate = withLinks(60, 100);
    const { session, asked } = sessionWith(() => candidate);
    const read = await readCandidate(session, new Configuration());
    expect(read.digest().equals(candidate.digest())).to.equal(true);
    expect(asked.some((oid) => isOf(candidatePageTable, oid))).to.equal(false);
  });

  it('is read again where it changes meanwhile', async () => {
    let candidate = withLinks(3, 2);
    const wanted = withLinks(3, 2);
    wanted.set(linkTable, link(1, 0, 2));
    const later = candidate.clone();
    later.set(linkTable, link(1, 1, 5));
    const { session, asked } = sessionWith(() => candidate);
    const answered = session.getThose.bind(session);
    session.getThose = (oids) => {
      if (isOf(candidatePageTable, oids[0] ?? [])) candidate = later;
      return answered(oids);
    };
    const read = await readCandidate(session, wanted);
    expect(read.digest().equals(later.digest())).to.equal(true);
    expect(asked.filter((oid) => isOf(candidateDigestTable, oid)).length).to.be.greaterThan(3);
  });

  for (const [what, list] of [
    ['of no rows', { netemuLink: [['vif0', 'ab'.repeat(32), 0]] }],
    ['of more rows than there can be', { netemuLink: [['vif0', 'ab'.repeat(32), 1e300]] }],
    ['of less than no rows', { netemuLink: [['vif0', 'ab'.repeat(32), -1e9]] }],
    ['with half a digest', { netemuLink: [['vif0', 'ab', 1]] }],
    ['with a name that no vif has', { netemuLink: [['v'.repeat(200_000), 'ab'.repeat(32), 1]] }],
    ['with a name in a table that is one page', { netemuSite: [['vif0', 'ab'.repeat(32), 1]] }],
    ['that is there twice', { netemuLink: Array.from({ length: 2 }, () => ['vif0', 'ab'.repeat(32), 1]) }],
    ['of a table that is unknown', { netemuQueue: [['', 'ab'.repeat(32), 1]] }],
    ['that is none', { netemuLink: [7] }],
    ['without a list', { netemuLink: 7 }],
    ['in no list at all', 7],
  ] as const) {
    it(`is not taken from pages of which one is ${what}`, () => {
      expectKind('InvalidInput', () => pageListFromJson(JSON.parse(JSON.stringify(list))));
    });
  }

  it('has the longest rows in parts that the MIB admits', () => {
    // Two octets each, of which none is like another.
    const text = (octets: number): string =>
      Array.from({ length: octets >> 1 }, () => String.fromCharCode(0x80 + randomInt(0x780))).join('');
    const number = (): number => randomBytes(4).readUInt32BE();
    const configuration = new Configuration();
    for (let i = 0; i < 2 * ROWS_PER_PART; i++) {
      const vif = `v${String(i)}`;
      configuration.set(vifTable, {
        ...(defaultsOf(vifTable) as VifRow),
        ...{ vif, vmName: text(64), bridge: 'br0', macAddress: '02:00:00:00:00:01', machine: text(255) },
        ...{ txProfile: number(), rxProfile: number() },
      });
      const profile = Object.fromEntries(
        Object.entries(profileTable.columns).map(([name, { defaultValue }]) => [
          name,
          typeof defaultValue === 'number' ? number() : defaultValue,
        ]),
      );
      configuration.set(profileTable, { ...profile, index: number(), name: text(64) } as ProfileRow);
    }
    const parts = pageEntries(configuration).map(({ row }) => row['text'] as Buffer);
    expect(parts).to.have.lengthOf(4);
    for (const { length } of parts) expect(length).to.be.within(1, LONGEST_PART);
  });

  it('is nothing that could be read where the agent says nothing of it', async () => {
    const silent = {
      getThose: () => Promise.resolve([]),
      agent: { host: 'host1' },
    } as unknown as SnmpSession;
    const failure: unknown = await readCandidate(silent, new Configuration()).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(NetmgrError).with.property('kind', 'Rejected');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { REAL, VIRTUAL } from '../faults/sabotaged-lab.js';
import { skipInSample } from '../sample.js';
import { LAB_DIRECTORY, LiveLab, skipWithoutRoot } from './live-lab.js';

const RULES = `  <allow from="A/na" to="B/nb" protocol="tcp" port="22"/>
  <deny from="A/pa" to="B/pb" protocol="tcp" port="80-90"/>
  <allow from="B" to="C/nc" protocol="udp" port="53"/>
</virtual-environment>`;

/** Two sites, each behind its gateway on its host. */
const ROUTED = `<?xml version="1.0" encoding="UTF-8"?>
<virtual-environment xmlns="urn:netmgr:virtual-environment:1" name="routed">
  <site name="A" network="10.1.0.0/24" policy="routed">
    <node vm="pa" address="10.1.0.1" role="proxy"/><node vm="na" address="10.1.0.2"/>
  </site>
  <site name="B" network="10.2.0.0/24" policy="routed">
    <node vm="pb" address="10.2.0.1" role="proxy"/><node vm="nb" address="10.2.0.2"/>
  </site>
  <link from="A" to="B" bandwidth="8mbit"/>
</virtual-environment>
`;

interface Rule {
  readonly chain: string;
  readonly number: number;
  readonly text: string;
}

/** Of what `netmgr explain --json` says. */
interface Explained {
  readonly ok: boolean;
  readonly passes?: boolean;
  readonly file: {
    readonly passes: boolean;
    readonly decidedBy?: { readonly words: string; readonly at: { readonly line: number } };
  };
  readonly hosts: readonly {
    readonly host: string;
    readonly there?: { readonly verdict: string; readonly rule: Rule };
    readonly back?: { readonly verdict: string; readonly rule: Rule };
    readonly otherHooks: readonly { readonly family: string; readonly table: string }[];
  }[];
  readonly there: readonly { readonly from: string; readonly to: string }[];
  readonly measured: { readonly rtt?: { readonly value: number } };
  readonly probe: {
    readonly outcome: string;
    readonly rtt?: number;
    readonly refused?: boolean;
    readonly lost?: { readonly place: string; readonly words: string };
    readonly rules: readonly (Rule & { readonly host: string })[];
  };
  readonly contradictions: readonly string[];
  readonly aside: readonly string[];
}

describe('netmgr explain', function () {
  const directory = mkdtempSync(join(tmpdir(), 'netmgr-explain-'));
  const real = join(directory, 'real.xml');
  const virtual = join(directory, 'virtual.xml');
  const routed = join(directory, 'routed.xml');
  const text = VIRTUAL.replace('</virtual-environment>', RULES);
  const lineOf = (words: string): number => text.slice(0, text.indexOf(words)).split('\n').length;
  let lab: LiveLab;

  before(async function () {
    skipWithoutRoot(this, 'explanations');
    writeFileSync(real, REAL);
    writeFileSync(virtual, text);
    writeFileSync(routed, ROUTED);
    lab = await LiveLab.start([real]);
  });

  after(async () => {
    await (lab as LiveLab | undefined)?.stop();
    rmSync(directory, { recursive: true });
  });

  const explain = async (words: string, file = virtual): Promise<Explained> => {
    const { stdout, stderr, exitCode } = await lab.try([
      ...(['netmgr', 'explain', real, file] as const),
      ...[...words.split(' '), '--probe', '--json'],
    ]);
    const explained = JSON.parse(stdout || stderr) as Explained;
    expect(exitCode, stdout).to.equal(explained.ok ? 0 : 1);
    return explained;
  };
  /** The rules that are said to decide, and whether the kernel has counted there. */
  const counted = ({ hosts, probe }: Explained, way: 'there' | 'back'): object[] =>
    hosts.map((each) => {
      const { verdict, rule } = each[way] ?? {};
      return {
        ...{ host: each.host, verdict },
        counts: probe.rules.some(
          ({ host, chain, number }) => host === each.host && chain === rule?.chain && number === rule.number,
        ),
      };
    });
  const passing = (...hosts: readonly string[]): object[] =>
    hosts.map((host) => ({ host, verdict: 'accept', counts: true }));

  it('says before anything is applied that nothing keeps them apart yet, and does not try to probe', async () => {
    const { ok, passes, contradictions, probe } = await explain('na nb');
    expect({ ok, passes }).to.deep.equal({ ok: false, passes: undefined });
    expect(contradictions).to.include('host1 lets it pass, and should not: no rule decides');
    expect(contradictions).to.include('it could not be probed: host1 runs nothing for na yet');
    expect(probe.lost?.place).to.equal('unknown');
    await lab.manage('apply', real, virtual);
  });

  it('says by which link nodes of two sites reach each other, and what one packet came upon', async () => {
    const explained = await explain('A/pa pb');
    const { file, probe, contradictions } = explained;
    expect(contradictions).to.deep.equal([]);
    expect(file.decidedBy).to.deep.include({ words: 'link A ↔ B' });
    expect(file.decidedBy?.at.line).to.equal(lineOf('<link from="A" to="B"'));
    expect(probe.outcome).to.equal('answered');
    expect(counted(explained, 'there')).to.deep.equal(passing('host1', 'host2'));
    expect(counted(explained, 'back')).to.deep.equal(passing('host1', 'host2'));
    expect((await explain('pa pb')).measured.rtt?.value).to.equal(probe.rtt);
  });

  it('tries a port that a rule allows, and finds the kernel’s rules for both directions', async () => {
    const explained = await explain('na nb --port 22');
    expect(explained.contradictions).to.deep.equal([]);
    expect(explained.file.decidedBy?.at.line).to.equal(lineOf('<allow from="A/na"'));
    expect(explained.probe).to.deep.include({ outcome: 'answered', refused: true });
    expect(counted(explained, 'there')).to.deep.equal(passing('host1', 'host2'));
    expect(counted(explained, 'back')).to.deep.equal(passing('host1', 'host2'));
  });

  it('names the rule that drops what a rule denies, by the first host alone', async function () {
    skipInSample(this, 'what a rule denies, explained');
    const explained = await explain('pa pb --port 85');
    expect(explained.contradictions).to.deep.equal([]);
    expect(explained.file).to.deep.include({ passes: false });
    expect(explained.file.decidedBy?.at.line).to.equal(lineOf('<deny'));
    const [first] = explained.hosts;
    expect(first?.there?.rule.text).to.match(/--dport 80:90 -j DROP$/);
    expect(explained.probe.outcome).to.equal('silent');
    expect(explained.probe.lost).to.deep.equal({
      place: 'rule',
      words: `it was dropped by rule ${String(first?.there?.rule.number)} of NETMGR-FORWARD on host1`,
    });
    expect(counted(explained, 'there')).to.deep.equal([
      { host: 'host1', verdict: 'drop', counts: true },
      { host: 'host2', verdict: 'drop', counts: false },
    ]);
  });

  it('sends past the routes where nothing lets a packet pass, so that the rule is seen', async function () {
    skipInSample(this, 'a packet past the routes');
    const explained = await explain('na nb');
    expect(explained.contradictions).to.deep.equal([]);
    expect(explained.file).to.deep.equal({ passes: false, because: 'nothing lets it' });
    expect(explained.probe.lost?.words).to.match(/^it was dropped by rule \d+ of NETMGR-FORWARD on host1$/);
  });

  it('follows UDP, which need not be answered', async function () {
    skipInSample(this, 'an explanation of UDP');
    const explained = await explain('pb nc --protocol udp --port 53');
    expect(explained.contradictions).to.deep.equal([]);
    expect(counted(explained, 'there')).to.deep.equal(passing('host2'));
    expect(explained.probe.refused).to.equal(true);
  });

  it('follows IPv6', async () => {
    const explained = await explain('na fd00:1::1 -6');
    expect(explained.contradictions).to.deep.equal([]);
    expect(explained.probe.outcome).to.equal('answered');
    expect(counted(explained, 'there')).to.deep.equal(passing('host1'));
  });

  it('names the rule of the kernel that decides otherwise than the file', async () => {
    await lab.at('host2', 'iptables -I NETMGR-FORWARD 1 -s 10.1.0.1/32 -d 10.2.0.1/32 -j DROP');
    const { ok, hosts, probe, contradictions } = await explain('pa pb');
    expect(ok).to.equal(false);
    expect(hosts.map(({ there }) => there?.verdict)).to.deep.equal(['accept', 'drop']);
    expect(probe.lost).to.deep.equal({
      ...{ place: 'rule', words: 'it was dropped by rule 1 of NETMGR-FORWARD on host2' },
    });
    expect(contradictions.slice(-2)).to.deep.equal([
      'host2 drops it, and should not: rule 1 of NETMGR-FORWARD',
      'it was not answered, and should be',
    ]);
    await lab.at('host2', 'iptables -D NETMGR-FORWARD 1');
  });

  const elsewhere: readonly (readonly [string, string, string, string])[] = [
    [
      'before the jump to them',
      '-I FORWARD 1 -s 10.1.0.1/32 -p icmp -j REJECT',
      '-D FORWARD 1',
      'rule 1 of FORWARD',
    ],
    [
      'in another table',
      '-t raw -A PREROUTING -s 10.1.0.1/32 -j DROP',
      '-t raw -D PREROUTING 1',
      'rule 1 of PREROUTING in table raw',
    ],
  ];
  for (const [where, add, remove, place] of elsewhere) {
    it(`names a rule of somebody else ${where}, which drops it`, async function () {
      skipInSample(this, 'an explanation with rules of others');
      await lab.at('host2', `iptables ${add}`);
      const explained = await explain('pa pb');
      await lab.at('host2', `iptables ${remove}`);
      expect(explained.passes).to.equal(false);
      expect(explained.probe.lost).to.deep.equal({
        place: 'rule',
        words: `it was dropped by ${place} on host2`,
      });
      expect(explained.contradictions).to.include(`host2 drops it, and should not: ${place}`);
    });
  }

  it('names chains of nftables of which it reads nothing', async function () {
    skipInSample(this, 'an explanation with chains of others');
    await lab.at('host2', 'nft add table inet theirs');
    await lab.at(
      'host2',
      'nft add chain inet theirs c { type filter hook forward priority 5 ; policy drop ; }',
    );
    const { hosts, probe, contradictions } = await explain('pa pb');
    await lab.at('host2', 'nft delete table inet theirs');
    expect(hosts.map(({ otherHooks }) => otherHooks.map(({ table }) => table))).to.deep.equal([
      [],
      ['theirs'],
    ]);
    expect(probe.outcome).to.equal('silent');
    expect(contradictions).to.deep.equal(['it was not answered, and should be']);
  });

  it('says that a vif is down, and blames no rule that sees what the bridge floods', async function () {
    skipInSample(this, 'an explanation of a vif that is down');
    await lab.at('host2', 'ip link set vif1.0 down');
    const { ok, probe, contradictions } = await explain('pa pb');
    await lab.at('host2', 'ip link set vif1.0 up');
    expect(ok).to.equal(false);
    expect(contradictions).to.include('host2: vif1.0 is down');
    expect(probe.lost?.place).not.to.equal('rule');
  });

  it('says where a packet was last seen if the hosts are cut off from each other', async function () {
    skipInSample(this, 'an explanation of hosts cut off');
    await lab.at('host2', 'nft add table netdev cut');
    await lab.at('host2', 'nft add chain netdev cut c { type filter hook ingress device eth0 priority 0 ; }');
    await lab.at('host2', 'nft add rule netdev cut c ip saddr 10.1.0.1 drop');
    const cut = await explain('pa pb');
    await lab.at('host2', 'nft delete table netdev cut');
    expect(cut.probe.lost?.words).to.match(
      /^between host1, which let it pass, and host2, where no rule saw it/,
    );
  });

  it('tells what is wrong on its hosts and no matter of this packet from what it meets', async function () {
    skipInSample(this, 'an explanation with drift elsewhere');
    await lab.at('host2', 'ip -n nb link set eth0 mtu 1300');
    const { ok, aside, contradictions } = await explain('pa pb');
    await lab.at('host2', 'ip -n nb link set eth0 mtu 1400');
    expect({ ok, contradictions }).to.deep.equal({ ok: true, contradictions: [] });
    expect(aside.join('\n')).to.match(/^host2: eth0 of nb should have the MTU 1400/m);
  });

  it('says how to name a node', async () => {
    const hints: Readonly<Record<string, RegExp>> = {
      'pa A': /It is a site\. Name one of its nodes: A\/pa, A\/na\.$/,
      'host1 pb': /It is a host\. Name a node on it: A\/pa, A\/na, C\/pc\.$/,
      'A/pb pa': /pb is a node of another site: B\/pb\.$/,
      'pa 192.0.2.7': /between two nodes/,
      'A/pq pb': /Did you mean A\/p[a-c]\?$/,
    };
    for (const [words, hint] of Object.entries(hints)) {
      const { errors } = (await explain(words)) as unknown as { errors: readonly { hint: string }[] };
      expect(errors[0]?.hint, words).to.match(hint);
    }
  });

  it('does without an agent that does not answer, and says so', async function () {
    skipInSample(this, 'an explanation without an agent');
    const [pid = ''] = (await lab.read(`${LAB_DIRECTORY}/agents/host2/snmpd/snmpd.pid`)).split(/\s/);
    await lab.run('kill', '-STOP', pid);
    try {
      const { ok, contradictions } = await explain('pa pb');
      expect(ok).to.equal(false);
      expect(contradictions.join('\n')).to.match(/^host2: /m);
    } finally {
      await lab.run('kill', '-CONT', pid);
    }
  });

  it('follows the gateways of routed sites', async function () {
    skipInSample(this, 'an explanation through gateways');
    await lab.manage('apply', real, routed);
    const explained = await explain('na nb', routed);
    expect(explained.contradictions).to.deep.equal([]);
    expect(explained.there.map(({ from, to }) => `${from} ${to}`)).to.deep.equal([
      ...['A/na A/pa', 'A/pa B/pb', 'B/pb B/nb'],
    ]);
    expect(counted(explained, 'there')).to.deep.equal(passing('host1', 'host2'));
    expect(explained.probe.outcome).to.equal('answered');
  });

  it('is answered by a refusal through gateways, though nobody there may begin', async function () {
    skipInSample(this, 'an explanation through gateways');
    const oneWay = join(directory, 'one-way.xml');
    writeFileSync(oneWay, ROUTED.replace('</virtual', '  <deny from="B" to="A" protocol="tcp"/>\n</virtual'));
    await lab.manage('apply', real, oneWay);
    const { contradictions, probe } = await explain('na nb --port 9', oneWay);
    expect(contradictions).to.deep.equal([]);
    expect(probe).to.deep.include({ outcome: 'answered', refused: true });
    const back = await explain('nb na --port 9', oneWay);
    expect(back.contradictions).to.deep.equal([]);
    expect(back.file).to.deep.include({ passes: false });
    expect(back.probe.lost?.place).to.equal('rule');
  });
});

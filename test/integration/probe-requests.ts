import type { ProbeRow } from '../../src/mib/probe-table.js';
import type { LiveLab } from './live-lab.js';
import type { Ran } from './order.js';

/** The columns of a request, in the words of snmpset: `{ kind: 'echo', vif: 'vif1.0', target: '10.2.0.1' }`. */
export interface Columns {
  readonly kind: ProbeRow['kind'];
  readonly vif: string;
  readonly target: string;
  readonly onLink?: boolean;
  readonly count?: number;
  readonly timeout?: number;
  readonly duration?: number;
  /** kbit/s. */
  readonly bandwidth?: number;
  readonly size?: number;
  readonly port?: number;
}

/** What came of a request. */
export interface Result {
  readonly state: string;
  readonly sent: number;
  readonly received: number;
  /** Microseconds. */
  readonly rttMin: number;
  readonly rttAvg: number;
  readonly rttMax: number;
  readonly octets: number;
  /** Microseconds. */
  readonly duration: number;
  readonly message: string;
}

const RESULT = [
  'State',
  'Sent',
  'Received',
  'RttMin',
  'RttAvg',
  'RttMax',
  'Octets',
  'Duration',
  'Message',
] as const;

/** Milliseconds that probes of a test may take, on a machine that has other work. */
const PATIENCE = 60_000;
const LOOK = 100;

/** The requests of one run at one host, with net-snmp's own tools. */
export class ProbeRequests {
  constructor(
    private readonly lab: LiveLab,
    private readonly host: string,
    private readonly run: number,
  ) {}

  /** The varbinds that make a request, as snmpset takes them. */
  make(number: number, columns: Columns): string[] {
    const { kind, vif, target, onLink, ...numbers } = columns;
    const version = target.includes(':') ? 'ipv6' : 'ipv4';
    return [
      ...this.cell('RowStatus', number, 'i', 'createAndGo'),
      ...this.cell('Kind', number, 'i', kind),
      ...this.cell('Vif', number, 's', vif),
      ...this.cell('TargetType', number, 'i', version),
      ...this.cell('Target', number, 'x', hexOf(target)),
      ...(onLink === undefined ? [] : this.cell('OnLink', number, 'i', onLink ? 'true' : 'false')),
      ...Object.entries(numbers).flatMap(([name, value]) =>
        this.cell(name.charAt(0).toUpperCase() + name.slice(1), number, 'u', String(value)),
      ),
    ];
  }

  destroy(number: number): string[] {
    return this.cell('RowStatus', number, 'i', 'destroy');
  }

  begin(): string[] {
    return ['netemuProbeStart.0', 'u', String(this.run)];
  }

  /** Runs snmpset with the varbinds, whatever comes of it. */
  trySet(varBinds: readonly string[], user: readonly string[] = []): Promise<Ran> {
    return this.lab.try(['snmpset', ...user, this.host, ...varBinds]);
  }

  /** @throws Error if the SET is refused */
  async set(...varBinds: readonly string[]): Promise<void> {
    await this.lab.run('snmpset', this.host, ...varBinds);
  }

  /** Makes the requests, one to a SET, with the numbers from 1, and begins them. */
  async ask(requests: readonly Columns[]): Promise<void> {
    for (const [i, columns] of requests.entries()) await this.set(...this.make(i + 1, columns));
    await this.set(...this.begin());
  }

  async result(number: number): Promise<Result> {
    const names = RESULT.map((name) => `netemuProbeResult${name}.${String(this.run)}.${String(number)}`);
    const text = await this.lab.run('snmpget', '-OqvU', this.host, ...names);
    const lines = text.split('\n').slice(0, RESULT.length);
    return Object.fromEntries(
      RESULT.map((name, i) => {
        const key = name.charAt(0).toLowerCase() + name.slice(1);
        const line = lines[i] ?? '';
        return [key, name === 'State' || name === 'Message' ? line.replace(/^"|"$/g, '') : Number(line)];
      }),
    ) as unknown as Result;
  }

  /** Waits until a request is in one of the states. @throws Error if it does not come to one */
  async until(number: number, ...states: readonly string[]): Promise<Result> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const result = await this.result(number);
      if (states.includes(result.state)) return result;
      if (Date.now() > deadline) throw new Error(`request ${String(number)}: ${JSON.stringify(result)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  /** The results of the requests with the numbers from 1, when all have ended. */
  async results(count: number): Promise<Result[]> {
    const results: Result[] = [];
    for (let number = 1; number <= count; number++) results.push(await this.until(number, 'done', 'failed'));
    return results;
  }

  private cell(column: string, number: number, type: string, value: string): string[] {
    return [`netemuProbe${column}.${String(this.run)}.${String(number)}`, type, value];
  }
}

/** The octets of an address; IPv6 with one `::`. */
function hexOf(address: string): string {
  if (!address.includes(':')) {
    return address
      .split('.')
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('');
  }
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): string[] =>
    text === '' ? [] : text.split(':').map((group) => group.padStart(4, '0'));
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array.from({ length: missing }, () => '0000'), ...groups(tail)].join('');
}

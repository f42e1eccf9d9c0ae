import { setTimeout as delay } from 'node:timers/promises';
import { readText } from '../monitoring/files.js';
import { LAB_DIRECTORY, type LiveLab } from './live-lab.js';

const LOOK = 100;
/** Reads a page and prints it; ends with 1 if there is none. */
const FETCH =
  'fetch(process.argv[1]).then(async (r) => { process.stdout.write(await r.text()); process.exitCode = r.ok ? 0 : 1 }, () => { process.exitCode = 1 })';

/** One value that an exporter told. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The exporter and Prometheus of Debian in a lab, with the files of docs/monitoring. */
export class MonitoredLab {
  private readonly pids: string[] = [];

  constructor(readonly lab: LiveLab) {}

  /** Starts the exporter, as the reader that each agent has. */
  async startExporter(): Promise<void> {
    const secrets = await this.lab.read(`${LAB_DIRECTORY}/agents/host1.secrets`);
    const secret = (name: string): string =>
      new RegExp(`^reader.${name}=(.*)$`, 'm').exec(secrets)?.[1] ?? '';
    const config = readText('prometheus/snmp.yml')
      .replaceAll('AUTH_PASSPHRASE', secret('auth'))
      .replaceAll('PRIV_PASSPHRASE', secret('priv'));
    await this.lab.write(`${LAB_DIRECTORY}/snmp.yml`, config);
    await this.start(
      `prometheus-snmp-exporter --config.file=${LAB_DIRECTORY}/snmp.yml --web.listen-address=127.0.0.1:9116`,
    );
    while ((await this.page('http://127.0.0.1:9116/')) === undefined) await delay(LOOK);
  }

  /** Starts Prometheus, which asks as often as that is possible. */
  async startPrometheus(): Promise<void> {
    const config = readText('prometheus/prometheus.yml').replace(
      /(scrape_interval|scrape_timeout|evaluation_interval): \w+/g,
      '$1: 2s',
    );
    await this.lab.write(`${LAB_DIRECTORY}/prometheus.yml`, config);
    for (const name of ['alerts.yml', 'targets.yml']) {
      await this.lab.write(`${LAB_DIRECTORY}/${name}`, readText(`prometheus/${name}`));
    }
    await this.start(
      `prometheus --config.file=${LAB_DIRECTORY}/prometheus.yml --storage.tsdb.path=${LAB_DIRECTORY}/tsdb --web.listen-address=127.0.0.1:9090`,
    );
    while ((await this.page('http://127.0.0.1:9090/-/ready')) === undefined) await delay(LOOK);
  }

  /** What the exporter tells of a host. @throws Error unless it could read it */
  async scrape(target: string, module: string): Promise<Sample[]> {
    const text = await this.page(`http://127.0.0.1:9116/snmp?target=${target}&module=${module}`);
    if (text === undefined) throw new Error(`the exporter could not read ${module} of ${target}`);
    return samplesIn(text);
  }

  /** How many series Prometheus has for a query now. */
  async count(query: string): Promise<number> {
    const text = await this.page(`http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(query)}`);
    if (text === undefined) throw new Error(`Prometheus refuses ${query}`);
    return (JSON.parse(text) as { data: { result: unknown[] } }).data.result.length;
  }

  async stop(): Promise<void> {
    for (const pid of this.pids) await this.lab.run('kill', pid);
    await this.lab.stop();
  }

  private async start(words: string): Promise<void> {
    const background = `${words} >>${LAB_DIRECTORY}/monitoring.log 2>&1 & echo $!`;
    this.pids.push((await this.lab.run('sh', '-c', background)).trim());
  }

  private async page(address: string): Promise<string | undefined> {
    const { exitCode, stdout } = await this.lab.try([process.execPath, '-e', FETCH, address]);
    return exitCode === 0 ? stdout : undefined;
  }
}

/** The text format of Prometheus. */
function samplesIn(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
      return {
        name,
        labels: Object.fromEntries(pairs.map(([, key = '', word = '']) => [key, word])),
        value: Number(value),
      };
    });
}

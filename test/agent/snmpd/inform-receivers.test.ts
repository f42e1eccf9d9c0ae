import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  parseInformReceiver,
  rememberInformReceivers,
  resolveInformReceivers,
} from '../../../src/agent/snmpd/inform-receivers.js';
import { NetmgrError } from '../../../src/errors.js';
import { startTrapd, type Trapd } from './trapd.js';

const ENGINE_ID = '80001f88803c1e2d4b5a697887';
const OTHER_ENGINE_ID = '80001f88805a4b3c2d1e0f0102';

describe('receivers of informs', function () {
  let directory: string;
  let trapd: Trapd | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'netmgr-inform-'));
  });

  afterEach(async () => {
    await trapd?.stop();
    trapd = undefined;
    rmSync(directory, { recursive: true });
  });

  it('may have an engine ID with them', () => {
    expect(parseInformReceiver('udp:10.0.0.5:162')).to.deep.equal({ address: 'udp:10.0.0.5:162' });
    for (const text of [ENGINE_ID, `0x${ENGINE_ID.toUpperCase()}`]) {
      expect(parseInformReceiver(`udp6:[fd00:0::5]:162=${text}`)).to.deep.equal({
        address: 'udp6:[fd00::5]:162',
        engineId: ENGINE_ID,
      });
    }
  });

  for (const text of [
    'udp:10.0.0.5:162=',
    'udp:10.0.0.5:162=8000',
    `udp:10.0.0.5:162=${ENGINE_ID}0`,
    'nms:162',
  ]) {
    it(`are not ${text}`, () => {
      expect(() => parseInformReceiver(text)).to.throw(NetmgrError);
    });
  }

  it('have one engine ID each', async () => {
    const given = [ENGINE_ID, OTHER_ENGINE_ID].map((id) => `udp:10.0.0.5:162=${id}`);
    const error = await resolveInformReceivers(directory, given).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NetmgrError).with.property('kind', 'InvalidInput');
  });

  it('are asked for their engine ID once, and again when that is wanted', async () => {
    trapd = await startTrapd(ENGINE_ID);
    const { address, port } = trapd;
    const resolved = [{ address, engineId: ENGINE_ID }];
    expect(await resolveInformReceivers(directory, [address, address])).to.deep.equal(resolved);
    await rememberInformReceivers(directory, resolved);
    await trapd.stop();
    expect(await resolveInformReceivers(directory, [address]), 'while it is away').to.deep.equal(resolved);
    trapd = await startTrapd(OTHER_ENGINE_ID, port);
    expect(await resolveInformReceivers(directory, [address]), 'as it was').to.deep.equal(resolved);
    const anew = [{ address, engineId: OTHER_ENGINE_ID }];
    expect(await resolveInformReceivers(directory, [address], { anew: true })).to.deep.equal(anew);
    expect(await resolveInformReceivers(directory, [address]), 'without keys yet').to.deep.equal(resolved);
    await rememberInformReceivers(directory, anew);
    expect(await resolveInformReceivers(directory, [address]), 'from then on').to.deep.equal(anew);
  });

  it('that do not answer are named, or left out where that is said', async () => {
    trapd = await startTrapd(ENGINE_ID);
    const { address } = trapd;
    await trapd.stop();
    const error = await resolveInformReceivers(directory, [address]).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(NetmgrError).with.property('kind', 'Unreachable');
    const left: string[] = [];
    const onSilent = ({ message }: NetmgrError): number => left.push(message);
    const given = [address, `udp:10.0.0.5:162=${ENGINE_ID}`];
    expect(await resolveInformReceivers(directory, given, { onSilent })).to.deep.equal([
      { address: 'udp:10.0.0.5:162', engineId: ENGINE_ID },
    ]);
    expect(left).to.have.lengthOf(1);
    expect(left[0]).to.include(address);
  });
});

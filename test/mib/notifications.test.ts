import { expect } from 'chai';
import {
  cfgNotification,
  readNotification,
  vifFailed,
  type Notification,
} from '../../src/mib/notifications.js';
import type { CfgScalars } from '../../src/mib/cfg-scalars.js';
import { NETEMU_MIB, SNMP_TRAP_OID } from '../../src/mib/objects.js';
import type { VarBind } from '../../src/mib/value.js';

const VALUES = {
  ...{ generation: 7, runningDigest: Buffer.alloc(32, 1), runningLabel: 'grid', owner: 'me@here 1' },
  ...{
    result: 'validationFailed',
    errorCount: 2,
    resultText: 'no such device',
    label: 'next',
    driftCount: 3,
  },
} as unknown as CfgScalars;

/** As it arrives (RFC 3416 section 4.2.6). */
const arrived = ({ oid, varBinds }: Notification): VarBind[] => [
  { oid: [1, 3, 6, 1, 2, 1, 1, 3, 0], value: { type: 'TimeTicks', value: 12 } },
  { oid: SNMP_TRAP_OID, value: { type: 'ObjectIdentifier', value: oid } },
  ...varBinds,
];

describe('a notification', () => {
  it('says what it was sent with', () => {
    const {
      generation,
      runningDigest,
      runningLabel,
      owner,
      result,
      errorCount,
      resultText,
      label,
      driftCount,
    } = VALUES;
    expect(readNotification(arrived(cfgNotification('commitDone', VALUES)))).to.deep.equal({
      ...{ name: 'commitDone', generation, runningDigest, runningLabel, owner },
    });
    expect(readNotification(arrived(cfgNotification('commitFailed', VALUES)))).to.deep.equal({
      ...{ name: 'commitFailed', result, errorCount, resultText, label, owner },
    });
    expect(readNotification(arrived(cfgNotification('driftDetected', VALUES)))).to.deep.equal({
      ...{ name: 'driftDetected', driftCount, generation },
    });
    expect(readNotification(arrived(cfgNotification('driftCleared', VALUES)))).to.deep.equal({
      ...{ name: 'driftCleared', generation },
    });
    const row = { vif: 'vif1.0', oper: 'absent', ifIndex: 0, lastError: 'gone' } as const;
    expect(readNotification(arrived(vifFailed(row)))).to.deep.equal({ name: 'vifFailed', ...row });
  });

  it('of somebody else is none', () => {
    const coldStart = { oid: [1, 3, 6, 1, 6, 3, 1, 1, 5, 1], varBinds: [] };
    expect(readNotification(arrived(coldStart))).to.equal(undefined);
    expect(readNotification(arrived({ oid: [...NETEMU_MIB, 0, 6], varBinds: [] }))).to.equal(undefined);
    expect(readNotification([])).to.equal(undefined);
  });

  it('that lacks something is refused', () => {
    for (const whole of [
      cfgNotification('commitDone', VALUES),
      vifFailed({ vif: 'vif1.0', oper: 'absent', ifIndex: 0, lastError: '' }),
    ]) {
      for (let i = 0; i < whole.varBinds.length; i++) {
        const varBinds = whole.varBinds.filter((_, at) => at !== i);
        expect(() => readNotification(arrived({ ...whole, varBinds })), `without ${String(i)}`).to.throw();
      }
    }
  });

  it('with a value of another type is refused', () => {
    const { oid, varBinds } = cfgNotification('driftCleared', VALUES);
    const wrong = varBinds.map((each) => ({ ...each, value: { type: 'Null' } as const }));
    expect(() => readNotification(arrived({ oid, varBinds: wrong }))).to.throw();
  });
});

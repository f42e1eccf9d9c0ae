import { expect } from 'chai';
import { comparable, differences } from '../../src/demo/dumps.js';

describe('the dumps of the demo', () => {
  it('take a table without rules for none, and keep the rest', () => {
    const empty = '# Generated\n*filter\n:INPUT ACCEPT [12:34]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n# Completed\n';
    expect(comparable('iptables-legacy-save', empty)).to.equal('');
    const full = empty.replace('COMMIT', ':netmgr - [0:0]\n[1:2] -A FORWARD -j netmgr\nCOMMIT');
    expect(comparable('iptables-legacy-save', full)).to.equal(':netmgr - \n -A FORWARD -j netmgr\n');
    expect(comparable('iptables-legacy-save', empty.replace('FORWARD ACCEPT', 'FORWARD DROP'))).to.equal(
      ':FORWARD DROP \n',
    );
  });

  it('leave out clocks and lifetimes', () => {
    const bridge = (timer: string): string =>
      `bridge hello_timer    0.00 gc_timer  ${timer} ageing_time 30000`;
    expect(comparable('ip', bridge('12.34'))).to.equal(comparable('ip', bridge('99.01')));
    expect(comparable('ip', 'inet6 fe80::1/64 valid_lft 12sec preferred_lft forever')).to.equal(
      'inet6 fe80::1/64',
    );
  });

  it('leave what iptables keeps in nft to iptables', () => {
    const text = 'table ip filter {\n\tchain INPUT {\n\t}\n}\ntable bridge netmgr {\n\tset s {\n\t}\n}\n';
    expect(comparable('nft', text)).to.equal('table bridge netmgr {\n\tset s {\n\t}\n}\n');
  });

  it('tell what came and what went', () => {
    const before = new Map([
      ['a', 'one\ntwo\n'],
      ['b', 'same\n'],
    ]);
    const after = new Map([
      ['a', 'two\nthree\n'],
      ['b', 'same\n'],
    ]);
    expect(differences(before, after)).to.deep.equal(['a:', '  - one', '  + three']);
    expect(differences(before, before)).to.deep.equal([]);
  });
});

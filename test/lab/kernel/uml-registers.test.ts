import { expect } from 'chai';
import { hasLargeRegisters } from '../../../src/lab/kernel/uml-registers.js';

const cpuinfo = (flags: string): string =>
  `processor\t: 0\nmodel name\t: A\nflags\t\t: ${flags}\nbugs\t\t:\n`;

describe('hasLargeRegisters', () => {
  it('knows AMX and APX by their flags, and by nothing that resembles them', () => {
    expect(hasLargeRegisters(cpuinfo('fpu avx512f pku amx_bf16 avx512_fp16 amx_tile amx_int8'))).to.equal(
      true,
    );
    expect(hasLargeRegisters(cpuinfo('fpu apx'))).to.equal(true);
    expect(hasLargeRegisters(cpuinfo('fpu avx512f pku ospke avx512_vpopcntdq'))).to.equal(false);
    expect(hasLargeRegisters(cpuinfo('fpu').replace('A\n', 'an amx_tile machine\n'))).to.equal(false);
  });
});

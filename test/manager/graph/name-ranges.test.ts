import { expect } from 'chai';
import { nameRanges } from '../../../src/manager/graph/name-ranges.js';

describe('ranges of names', () => {
  const cases: readonly (readonly [string, string[], string[]])[] = [
    ['nothing', [], []],
    ['one name', ['vm1'], ['vm1']],
    ['two, which a range would not shorten', ['vm1', 'vm2'], ['vm1', 'vm2']],
    ['names that count on', ['vm1', 'vm2', 'vm3', 'vm4'], ['vm1 … vm4']],
    ['a gap', ['vm1', 'vm2', 'vm3', 'vm5'], ['vm1 … vm3', 'vm5']],
    ['over a power of ten', ['vm8', 'vm9', 'vm10', 'vm11'], ['vm8 … vm11']],
    ['numbers with zeros in front', ['vm008', 'vm009', 'vm010'], ['vm008 … vm010']],
    ['another number of digits', ['vm01', 'vm2', 'vm03'], ['vm01', 'vm2', 'vm03']],
    ['another prefix', ['a1', 'a2', 'b3', 'b4'], ['a1', 'a2', 'b3', 'b4']],
    ['no numbers', ['red', 'green', 'blue'], ['red', 'green', 'blue']],
    ['the other way round', ['vm3', 'vm2', 'vm1'], ['vm3', 'vm2', 'vm1']],
    [
      'numbers beyond what a number counts exactly',
      ['9007199254740992', '9007199254740993', '9007199254740994', '9007199254740996'],
      ['9007199254740992 … 9007199254740994', '9007199254740996'],
    ],
  ];
  for (const [what, names, expected] of cases) {
    it(`say ${what}`, () => {
      expect(nameRanges(names)).to.deep.equal(expected);
    });
  }
});

import { rejectionsOf, throwIfAny } from '../../errors.js';

/** What comes of both files. @throws NetmgrError or ApplyError with what is wrong with either */
export async function bothFiles<A, B>(files: readonly [Promise<A>, Promise<B> | B]): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled(files);
  throwIfAny(rejectionsOf([first, second]), 'the files cannot be used');
  if (first.status === 'rejected' || second.status === 'rejected') throw new Error('unreachable');
  return [first.value, second.value];
}

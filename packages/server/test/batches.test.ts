import { expect, test } from 'vitest';

import { Batches } from '../src/batches.ts';

/** Doubles numbers, a batch at a time, when it is told to; refuses negative ones. */
function doubling(most: number) {
  const worked: number[][] = [];
  const works: { begin(): void; fail(error: Error): void; close(): void }[] = [];
  const batches = new Batches<number, number>({
    most,
    async work(numbers, close) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      works.push({ begin: resolve, fail: reject, close });
      await promise;
      worked.push([...numbers]);
      return numbers.map((number) =>
        number < 0
          ? { status: 'rejected', reason: new Error(`${number} is negative`) }
          : { status: 'fulfilled', value: 2 * number },
      );
    },
  });
  return { batches, worked, works };
}

test('what comes until the batch is closed is done together, and each gets what came of it', async () => {
  const { batches, worked, works } = doubling(10);
  const first = [batches.add(1), batches.add(2)];
  works[0]?.close();
  const second = batches.add(3);
  for (const { begin } of works) begin();
  expect(await Promise.all([...first, second])).toEqual([2, 4, 6]);
  expect(worked).toEqual([[1, 2], [3]]);
});

test('a full batch takes no more', async () => {
  const { batches, worked, works } = doubling(2);
  const doubled = [1, 2, 3, 4, 5].map((number) => batches.add(number));
  for (const { begin } of works) begin();
  expect(await Promise.all(doubled)).toEqual([2, 4, 6, 8, 10]);
  expect(worked).toEqual([[1, 2], [3, 4], [5]]);
});

test('a batch of one at most is closed by its first', async () => {
  const { batches, works } = doubling(1);
  const doubled = [batches.add(1), batches.add(2)];
  expect(works).toHaveLength(2);
  for (const { begin } of works) begin();
  expect(await Promise.all(doubled)).toEqual([2, 4]);
});

test('to close one does not close the next', async () => {
  const { batches, worked, works } = doubling(10);
  const first = batches.add(1);
  batches.close();
  const second = batches.add(2);
  works[0]?.close();
  const third = batches.add(3);
  for (const { begin } of works) begin();
  expect(await Promise.all([first, second, third])).toEqual([2, 4, 6]);
  expect(worked).toEqual([[1], [2, 3]]);
});

test('one that is refused spoils nothing for the others', async () => {
  const { batches, works } = doubling(10);
  const settled = Promise.allSettled([batches.add(1), batches.add(-2), batches.add(3)]);
  works[0]?.begin();
  expect(await settled).toMatchObject([
    { value: 2 },
    { reason: { message: '-2 is negative' } },
    { value: 6 },
  ]);
});

test('when the work fails, so does each of its batch, and the next batch goes on', async () => {
  const { batches, works } = doubling(10);
  const failing = Promise.allSettled([batches.add(1), batches.add(2)]);
  works[0]?.close();
  const next = batches.add(3);
  works[0]?.fail(new Error('The disk is full.'));
  works[1]?.begin();
  expect(await failing).toMatchObject([
    { reason: { message: 'The disk is full.' } },
    { reason: { message: 'The disk is full.' } },
  ]);
  expect(await next).toBe(6);
});

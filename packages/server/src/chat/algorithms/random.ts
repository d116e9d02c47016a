import { defineAlgorithm } from './algorithm.ts';

/** Anybody, each as likely as the others. */
export default defineAlgorithm('random', {
  pick(pool, { random }) {
    const [high = 0, middle = 0, low = 0] = random.bytes(3);
    const fraction = (high * 65_536 + middle * 256 + low) / 2 ** 24;
    return pool[Math.floor(fraction * pool.length)] ?? pool[0];
  },
});

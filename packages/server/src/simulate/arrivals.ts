import { createSeededRandom } from './seeded-random.ts';

/** A chat to come. */
export interface Arrival {
  /** Milliseconds since 1970. */
  at: number;
  room: string;
  source: string;
  lang?: string | undefined;
  customerId: string;
}

export interface ArrivalsOptions {
  chats: number;
  hours: number;
  seed: number;
}

/** How busy each hour of a day is, from midnight, in proportion to the others. */
const dayCurve = [
  2, 1.5, 1, 1, 1, 1.5, 3, 5, 8, 10, 11, 10.5, 9, 9.5, 10.5, 10, 9, 8, 7, 6.5, 6, 5, 4, 3,
];
const busiest = Math.max(...dayCurve);

/** How many chats are of customers who were there before, which is what a sticky algorithm lives on. */
const returningShare = 0.3;

const midnight = Date.UTC(2026, 0, 1);
const millisecondsPerHour = 3_600_000;

/** Chats as they come over a day, each on its own account: a Poisson process of which the number of chats is known. */
export function makeArrivals({ chats, hours, seed }: ArrivalsOptions): Arrival[] {
  const random = createSeededRandom(`${seed}/arrivals`);

  function momentOfDay(): number {
    for (;;) {
      const hour = random.fraction() * hours;
      if (random.fraction() * busiest < busyness(hour)) return hour;
    }
  }

  const moments = Array.from({ length: chats }, momentOfDay).toSorted(
    (left, right) => left - right,
  );
  const customers: string[] = [];
  return moments.map((hour, index) => {
    const before = customers[Math.floor(random.fraction() * index)];
    const isReturning = random.fraction() < returningShare;
    const customerId = isReturning && before !== undefined ? before : `customer-${index + 1}`;
    customers.push(customerId);
    const at = midnight + Math.round(hour * millisecondsPerHour);
    return { at, room: 'support', source: 'simulation', customerId };
  });
}

/** The day's curve at a time of day, straight between full hours. */
function busyness(hour: number): number {
  const at = (full: number) => dayCurve[full % dayCurve.length] ?? 0;
  const full = Math.floor(hour);
  return at(full) + (hour - full) * (at(full + 1) - at(full));
}

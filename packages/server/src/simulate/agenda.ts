/** What is going to happen, by virtual time. */
export interface Agenda {
  /** The time of what is happening, in milliseconds since 1970. */
  readonly now: number;
  /** Plans a task; tasks of the same time happen in the order in which they were planned. */
  at(time: number, task: () => void): void;
  after(milliseconds: number, task: () => void): void;
  /** Moves the clock to the next task and does it. False when nothing is left to do. */
  step(): boolean;
}

interface Entry {
  time: number;
  order: number;
  task: () => void;
}

export function createAgenda(start: number): Agenda {
  let now = start;
  let planned = 0;
  /** A binary heap: each entry comes before the two at twice its index plus one and plus two. */
  const heap: Entry[] = [];

  function at(time: number, task: () => void) {
    const entry: Entry = { time: Math.max(Math.round(time), now), order: planned++, task };
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, entry)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  function takeFirst(): Entry | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (!last || last === first) return first;
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      const next = one && other && isBefore(other, one) ? other : one;
      if (!next || isBefore(last, next)) break;
      heap[index] = next;
      index = next === other ? left + 1 : left;
    }
    heap[index] = last;
    return first;
  }

  return {
    get now() {
      return now;
    },
    at,
    after: (milliseconds, task) => at(now + milliseconds, task),
    step() {
      const entry = takeFirst();
      if (!entry) return false;
      now = entry.time;
      entry.task();
      return true;
    },
  };
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.time < right.time || (left.time === right.time && left.order < right.order);
}

import { firstNumber } from './frames.ts';
import { Latencies } from './latencies.ts';
import type { Work } from './measure.ts';
import type { Seat } from './stage.ts';

export interface RequestReplyOptions {
  seats: readonly Seat[];
  /** How many requests of each connection wait for their reply at the same time. */
  depth: number;
  milliseconds: number;
}

/** Each connection sends its next request when a reply comes. Ends when the last reply is there. */
export function requestReply(options: RequestReplyOptions): Promise<Work> {
  const { seats, depth, milliseconds } = options;
  return new Promise((resolve) => {
    const latencies = new Latencies();
    const deadline = performance.now() + milliseconds;
    let operations = 0;
    let waiting = 0;

    function drive({ connection, requests }: Seat) {
      let sent = 0;
      const sentAt = new Map<number, number>();
      function send() {
        const template = requests[sent % requests.length];
        if (!template) throw new Error('A seat without a request.');
        sent += 1;
        waiting += 1;
        sentAt.set(connection.call(template), performance.now());
      }
      function onReply(number: number) {
        const now = performance.now();
        const since = sentAt.get(number);
        if (since === undefined) throw new Error(`A reply to ${number - firstNumber}, not asked.`);
        sentAt.delete(number);
        latencies.add(now - since);
        operations += 1;
        waiting -= 1;
        if (now < deadline || sent % requests.length !== 0) send();
        else if (waiting === 0) resolve({ operations, latencies });
      }
      connection.hearer = { onReply, onDelivery: () => {} };
      for (let index = 0; index < depth; index += 1) send();
    }

    for (const seat of seats) drive(seat);
  });
}

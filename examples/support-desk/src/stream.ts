export type Side = 'customer' | 'agent';

/** What became of a send. */
export type Outcome =
  | { state: 'sent' }
  | { state: 'replied'; reply: unknown; milliseconds: number }
  | { state: 'refused'; code: string; message: string };

interface Happened {
  id: string;
  side: Side;
  at: Date;
  name: string;
  data: unknown;
}

/** One line of the stream: what a side sent, or what it heard. */
export type Entry =
  | (Happened & { kind: 'send'; outcome: Outcome })
  | (Happened & { kind: 'occurrence'; position?: number | undefined; seq?: number | undefined });

export type StreamChange =
  | { kind: 'add'; entry: Entry }
  | { kind: 'settle'; id: string; outcome: Outcome }
  | { kind: 'clear' };

/** Puts what happens on either side into the stream. */
export type Record = (change: StreamChange) => void;

/** Older lines are dropped. */
const most = 300;

/** The stream, newest first. */
export function changeStream(stream: readonly Entry[], change: StreamChange): readonly Entry[] {
  switch (change.kind) {
    case 'add':
      return [change.entry, ...stream].slice(0, most);
    case 'settle':
      return stream.map((entry) =>
        entry.id === change.id && entry.kind === 'send'
          ? { ...entry, outcome: change.outcome }
          : entry,
      );
    case 'clear':
      return [];
  }
}

import type { Fault, Finding } from './finding.ts';
import type { Heard, Listening, Logged } from './history.ts';

/** Holds what a listener heard against the messages of the log that it should have heard, in their order. */
export function checkListening(listening: Listening, messages: readonly Logged[]): Finding[] {
  const { listener, chats, after, until = Infinity, heard } = listening;
  const findings: Finding[] = [];
  const find = (fault: Fault, what: unknown) =>
    findings.push({
      fault,
      detail: `${listener} after ${after} until ${until}: ${JSON.stringify(what)}`,
    });
  const isFor = ({ chatId = '' }: { chatId?: string | undefined }) =>
    chats === 'all' || chats.has(chatId);
  const byPosition = new Map(messages.map((message) => [message.position, message]));

  const positions = new Set<number>();
  let previous = after;
  for (const each of heard) {
    const { position } = each;
    const message = byPosition.get(position);
    if (position <= after) find('started too early', each);
    else if (!isFor(each)) find('foreign chat heard', each);
    else if (!message) find('heard what is not in the log', each);
    else if (!isSame(each, message)) find('wrong data heard', { heard: each, message });
    if (positions.has(position)) find('doubled delivery', each);
    else if (position > after && position < previous)
      find('swapped delivery', { heard: each, after: previous });
    positions.add(position);
    previous = Math.max(previous, position);
  }

  const [first = Infinity] = positions;
  for (const message of messages) {
    const { position } = message;
    if (position <= after || position > until || !isFor(message) || positions.has(position))
      continue;
    find(position < first && first < Infinity ? 'started too late' : 'gap in a listener', message);
  }
  return findings;
}

function isSame(heard: Heard, message: Logged): boolean {
  const { chatId, seq, author, text } = message;
  return (
    heard.chatId === chatId && heard.seq === seq && heard.author === author && heard.text === text
  );
}

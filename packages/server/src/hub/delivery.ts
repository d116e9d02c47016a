import type { Occurrence } from '@parley/contract';

import { type Encoded, nested, shortText, superjsonText } from '../encoding/encoded.ts';
import { encode } from '../encoding/encoder.ts';
import type { Happening } from '../log/log.ts';
import { SharedText } from '../socket/frame.ts';

/** One way to write the response, and the messages of those who get it so, by their start. */
interface Written {
  /** All but the start: up to where the cause stands for who gets that, and from there on. */
  before: string;
  after: string;
  messages: Map<string, SharedText>;
}

/**
 * An occurrence on its way to its subscribers, encoded once for all of them, when the first one asks. The key it was sent
 * with is only for its sender: nobody else can know it, or has a use for it.
 */
export class Delivery {
  readonly happening: Happening;
  #usual: Written | undefined;
  #short: Written | undefined;

  constructor(happening: Happening) {
    this.happening = happening;
  }

  /** The occurrence as this user gets it. */
  occurrenceFor(userId: string): Occurrence {
    const { name, position, seq, chatId, at, by, data } = this.happening;
    const occurrence: Occurrence = { name, at: new Date(at), by, data };
    if (position !== undefined) occurrence.position = position;
    if (seq !== undefined) occurrence.seq = seq;
    if (chatId !== undefined) occurrence.chatId = chatId;
    const cause = this.#causeFor(userId);
    if (cause !== undefined) occurrence.cause = cause;
    return occurrence;
  }

  /** The message as this user gets it: the start of a response, which names the request, and this. */
  messageFor(userId: string, head: string, takesShort: boolean): string | SharedText {
    const { before, after, messages } = this.#written(takesShort);
    const cause = this.#causeFor(userId);
    if (cause !== undefined) return `${head}${before},"cause":${JSON.stringify(cause)}${after}`;
    let message = messages.get(head);
    if (!message) {
      message = new SharedText(head + before + after);
      messages.set(head, message);
    }
    return message;
  }

  #written(takesShort: boolean): Written {
    return takesShort ? (this.#short ??= this.#write(true)) : (this.#usual ??= this.#write(false));
  }

  #causeFor(userId: string): string | undefined {
    return this.happening.by.id === userId ? this.happening.cause : undefined;
  }

  /** The rest of a response after the request's id. A durable occurrence is tracked: its position is the item's id. */
  #write(takesShort: boolean): Written {
    const { position } = this.happening;
    const start = this.#writeStart();
    const occurrence = this.#encode(start);
    const short = takesShort ? shortText(occurrence) : undefined;
    let rest: string;
    if (short !== undefined) {
      rest = `,${short}}`;
    } else if (position === undefined) {
      rest = `,"result":{"type":"data","data":${superjsonText(occurrence)}}}`;
    } else {
      const json = `{"id":"${position}","data":${occurrence.json}}`;
      const item = { json, annotations: nested(occurrence, 'data') };
      rest = `,"result":{"type":"data","id":"${position}","data":${superjsonText(item)}}}`;
    }
    const end = rest.indexOf(start) + start.length;
    return { before: rest.slice(0, end), after: rest.slice(end), messages: new Map() };
  }

  /** The occurrence up to where the cause stands. */
  #writeStart(): string {
    const { name, position, seq, chatId, at, by } = this.happening;
    let json = `{"name":${JSON.stringify(name)},"at":"${new Date(at).toISOString()}","by":${JSON.stringify(by)}`;
    if (position !== undefined) json += `,"position":${position}`;
    if (seq !== undefined) json += `,"seq":${seq}`;
    if (chatId !== undefined) json += `,"chatId":${JSON.stringify(chatId)}`;
    return json;
  }

  #encode(start: string): Encoded {
    const data = this.happening.encoded ?? encode(this.happening.data);
    const inData = nested(data, 'data');
    return {
      json: `${start},"data":${data.json}}`,
      annotations: `"at":["Date"]${inData && `,${inData}`}`,
    };
  }
}

import type { Occurrence } from '@parley/contract';

import { type Encoded, nested, shortText, superjsonText } from '../encoding/encoded.ts';
import { encode } from '../encoding/encoder.ts';
import type { Happening } from '../log/log.ts';
import { SharedText } from '../socket/frame.ts';

/** One way to write the response, and the messages of those who get it so, by their start. */
interface Written {
  /** All but the start. */
  rest: string;
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
  messageFor(userId: string, head: string, takesShort: boolean): SharedText {
    const cause = this.#causeFor(userId);
    if (cause !== undefined) return new SharedText(head + this.#write(takesShort, cause));
    const { rest, messages } = this.#written(takesShort);
    let message = messages.get(head);
    if (!message) {
      message = new SharedText(head + rest);
      messages.set(head, message);
    }
    return message;
  }

  #written(takesShort: boolean): Written {
    return takesShort
      ? (this.#short ??= { rest: this.#write(true), messages: new Map() })
      : (this.#usual ??= { rest: this.#write(false), messages: new Map() });
  }

  #causeFor(userId: string): string | undefined {
    return this.happening.by.id === userId ? this.happening.cause : undefined;
  }

  /** The rest of a response after the request's id. A durable occurrence is tracked: its position is the item's id. */
  #write(takesShort: boolean, cause?: string): string {
    const { position } = this.happening;
    const occurrence = this.#encode(cause);
    const short = takesShort ? shortText(occurrence) : undefined;
    if (short !== undefined) return `,${short}}`;
    if (position === undefined) {
      return `,"result":{"type":"data","data":${superjsonText(occurrence)}}}`;
    }
    const json = `{"id":"${position}","data":${occurrence.json}}`;
    const item = { json, annotations: nested(occurrence, 'data') };
    return `,"result":{"type":"data","id":"${position}","data":${superjsonText(item)}}}`;
  }

  #encode(cause: string | undefined): Encoded {
    const { name, position, seq, chatId, at, by } = this.happening;
    const data = this.happening.encoded ?? encode(this.happening.data);
    let json = `{"name":${JSON.stringify(name)},"at":"${new Date(at).toISOString()}","by":${JSON.stringify(by)}`;
    if (position !== undefined) json += `,"position":${position}`;
    if (seq !== undefined) json += `,"seq":${seq}`;
    if (chatId !== undefined) json += `,"chatId":${JSON.stringify(chatId)}`;
    if (cause !== undefined) json += `,"cause":${JSON.stringify(cause)}`;
    const inData = nested(data, 'data');
    return {
      json: `${json},"data":${data.json}}`,
      annotations: `"at":["Date"]${inData && `,${inData}`}`,
    };
  }
}

import type { Work } from './measure.ts';
import type { StagedChat } from './stage.ts';
import { speak } from './speak.ts';

export interface ConverseOptions {
  chats: readonly StagedChat[];
  /** How much of each chat is under way at the same time: published, and not answered and heard by all yet. */
  inFlight: number;
  milliseconds: number;
}

/** In each chat somebody says the next thing when all have heard one before. Ends when everything is heard; counts deliveries. */
export function converse({ chats, inFlight, milliseconds }: ConverseOptions): Promise<Work> {
  return new Promise((resolve) => {
    const deadline = performance.now() + milliseconds;
    let operations = 0;
    let talking = chats.length;

    function drive(chat: StagedChat) {
      const first = chat.published;
      let replied = 0;
      let heard = 0;
      let ended = false;

      function goOn() {
        const done = Math.min(replied, Math.floor(heard / chat.hearers.length));
        while (chat.published - first - done < inFlight) {
          if (performance.now() >= deadline && speak.mayPause(chat)) break;
          speak.next(chat);
        }
        if (ended || chat.published - first > done) return;
        ended = true;
        talking -= 1;
        if (talking === 0) resolve({ operations });
      }

      const onReply = () => {
        replied += 1;
        goOn();
      };
      const onDelivery = () => {
        operations += 1;
        heard += 1;
        if (heard % chat.hearers.length === 0) goOn();
      };
      for (const { connection } of [...chat.speakers, ...chat.hearers]) {
        connection.hearer = { onReply, onDelivery };
      }
      goOn();
    }

    for (const chat of chats) drive(chat);
  });
}

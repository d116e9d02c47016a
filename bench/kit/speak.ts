import type { StagedChat } from './stage.ts';

/** How many templates the speakers of a chat go through, one speaker after the other. */
const cycleOf = ({ speakers }: StagedChat) => speakers[0]?.publications.length ?? 1;

export const speak = {
  /** The chat's next publication: each speaker says all of its own, then the next one speaks. */
  next(chat: StagedChat): void {
    const cycle = cycleOf(chat);
    const speaker = chat.speakers[Math.floor(chat.published / cycle) % chat.speakers.length];
    const template = speaker?.publications[chat.published % cycle];
    if (!speaker || !template) throw new Error('A chat without a speaker.');
    chat.published += 1;
    speaker.connection.call(template);
  },
  /** Whether a speaker has said all of its own, so that nothing is left hanging until the next round. */
  mayPause: (chat: StagedChat): boolean => chat.published % cycleOf(chat) === 0,
};

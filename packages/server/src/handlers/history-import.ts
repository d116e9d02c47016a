import historyImport from '@parley/contract/events/history-import';

import { mayActInChat } from '../access/seeing.ts';
import { occur } from '../chat/decision.ts';
import { importedMessages, readEntries } from '../chat/history.ts';
import { defineHandler } from '../define-handler.ts';
import { createId } from '../environment.ts';
import { EventError } from '../event-error.ts';
import { knownEntries, saveImported } from '../tables/imported.ts';

export default defineHandler(historyImport, async (context) => {
  const { data, session, now, chats, transaction, environment } = context;
  const { chatId, history, source, dryRun = false, atomic = false } = data;
  const batch = data.batch ?? createId('b', environment.random);
  const chat = await chats.load(chatId);
  if (!mayActInChat(session, chat)) throw new EventError('FORBIDDEN');

  const { entries, errors } = readEntries(history, now);
  const seen = await knownEntries(
    transaction,
    chatId,
    entries.map(({ identity }) => identity),
  );
  const fresh = entries.filter(({ identity }) => !seen.has(identity) && seen.add(identity));
  const skipped = entries.length - fresh.length;
  if (atomic && errors.length > 0) return { imported: 0, skipped, errors };
  const imported = fresh.length;
  if (dryRun || imported === 0) return { imported, skipped, errors };

  await saveImported(transaction, importedMessages(chatId, chat.firstSeq, fresh, source));
  await chats.change(chatId, (decision) => {
    decision.chat.firstSeq -= imported;
    occur(decision, historyImport, { chatId, batch, imported }, { chat: chatId });
  });
  return { imported, skipped, errors };
});

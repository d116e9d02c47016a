import { confirm, isCancel, multiselect, select, text } from '@clack/prompts';
import { audiences, roles } from '@parley/contract';
import type { NewEvent } from '@parley/contract/codegen';

import { CommandError } from '../failure.ts';

/** What is known of an event that is to be. */
export type ToldEvent = { [Part in keyof NewEvent]: NewEvent[Part] | undefined };

/** Asks whoever sits at the terminal for what is not told yet. */
export async function askForEvent(told: ToldEvent): Promise<NewEvent> {
  const name =
    told.name ??
    answered(await text({ message: 'What is it called?', placeholder: 'surveys:submit' }));
  const summary =
    told.summary ?? answered(await text({ message: 'What does it mean, in one sentence?' }));
  const halves = answered(
    await multiselect({
      message: 'It can be',
      options: [
        { value: 'send', label: 'sent' },
        { value: 'listen', label: 'listened to' },
      ],
      initialValues: [...(told.send ? ['send'] : []), ...(told.listen ? ['listen'] : [])],
      required: true,
    }),
  );
  return {
    name,
    summary,
    send: halves.includes('send') ? { by: await askWhoSends() } : undefined,
    listen: halves.includes('listen') ? await askWhoHears() : undefined,
  };
}

async function askWhoSends() {
  const options = roles.map((role) => ({ value: role }));
  const initialValues = [...roles];
  return answered(await multiselect({ message: 'Who may send it?', options, initialValues }));
}

async function askWhoHears() {
  const options = audiences.map((audience) => ({ value: audience }));
  const audience = answered(await select({ message: 'Who hears it?', options }));
  const durable = answered(
    await confirm({ message: 'Is it kept in the log, for those who come back?' }),
  );
  return { audience, durable };
}

/** What was answered; an end of the conversation is the end of the command. */
function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (isCancel(answer)) throw new CommandError('Nothing was written.');
  // clack has one symbol, and it means that.
  return answer as Exclude<Answer, symbol>;
}

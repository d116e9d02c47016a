import type { EventDefinition, SendHalf } from '@parley/contract';
import * as z from 'zod';

import type { Office, Place, Target } from './office.ts';
import type { Answer, Peer } from './peer.ts';

/** The fields by which an event names something that not everybody may see. */
const references = ['chatId', 'messageId', 'invitationId'] as const;

/** The fields by which it names a user. */
const users = ['userId', 'creator'];

/** One of each role. */
const subjects = ['ann', 'bob', 'sue', 'backend'];

/** What an event tells to whom it should not, as sentences; sent by every role, of what is its own, foreign and unknown. */
export async function sendLeaks(office: Office, event: EventDefinition): Promise<string[]> {
  const { name, send } = event;
  if (!send) return [];
  const leaks: string[] = [];
  // All at first: what one of them sends may change what others find.
  const prepared = await Promise.all(subjects.map((id) => prepare(office, office.peer(id))));
  for (const { subject, targets } of prepared) {
    const may = send.by.includes(subject.role);
    const answers = await answersOf(subject, targets, name, send);
    const codes = { own: codeOf(answers.own), foreign: codeOf(answers.foreign) };
    const note = (what: string) => leaks.push(`${name} by ${subject.role}: ${what}`);
    if (!may) {
      if (codes.own !== 'FORBIDDEN' || codes.foreign !== 'FORBIDDEN') note('the role may not');
      if (!isSame(answers.own, answers.unknown)) note('own and unknown differ');
    }
    if (referencesOf(send).length === 0) continue;
    if (!may || !hearsAll(subject)) {
      if (!isSame(answers.foreign, answers.unknown)) {
        note(`foreign is ${codes.foreign} and unknown ${codeOf(answers.unknown)}`);
      }
    } else if (codeOf(answers.unknown) !== 'NOT_FOUND') note('the unknown is not NOT_FOUND');
    if (may && !hearsAll(subject) && codes.foreign !== 'NOT_FOUND')
      note(`foreign: ${codes.foreign}`);
    const isOnesOwn = !fieldsOf(send).includes('invitationId');
    if (may && isOnesOwn && codes.own === 'NOT_FOUND') note('one does not find what is one’s own');
  }
  return leaks;
}

/** What an event does in another's name for those who may not act for others, as sentences. */
export async function impersonations(office: Office, event: EventDefinition): Promise<string[]> {
  const { name, send } = event;
  if (!send) return [];
  const leaks: string[] = [];
  const fields = fieldsOf(send).filter((field) => users.includes(field));
  for (const subject of [office.peer('ann'), office.peer('bob')]) {
    if (!send.by.includes(subject.role)) continue;
    const own = await office.target(subject, 'own');
    for (const field of fields) {
      for (const other of ['eve', 'u_unknown', 'sue']) {
        const data = { ...dataFor(send, own), [field]: other };
        const outcome = await subject.outcome(name, data);
        if (outcome !== 'FORBIDDEN') leaks.push(`${name} by ${subject.id} as ${other}: ${outcome}`);
      }
    }
  }
  return leaks;
}

/** Whether what an event names can be foreign to somebody. */
export function namesSomething({ send }: EventDefinition): boolean {
  return send !== undefined && referencesOf(send).length > 0;
}

/** The data of an event's example, about a target, and about nobody but the sender. */
export function dataFor(send: SendHalf, target: Target): Record<string, unknown> {
  const data: Record<string, unknown> = { ...Object(send.example) };
  for (const field of users) delete data[field];
  for (const field of referencesOf(send)) data[field] = target[field];
  return data;
}

type Targets = Record<Place, Target>;

async function prepare(office: Office, subject: Peer) {
  const targets: Targets = {
    own: await office.target(subject, 'own'),
    foreign: await office.target(subject, 'foreign'),
    unknown: await office.target(subject, 'unknown'),
  };
  return { subject, targets };
}

async function answersOf(subject: Peer, targets: Targets, name: string, send: SendHalf) {
  const answer = (place: Place) => subject.send(name, dataFor(send, targets[place]));
  return {
    foreign: await answer('foreign'),
    unknown: await answer('unknown'),
    own: await answer('own'),
  };
}

function referencesOf(send: SendHalf) {
  const fields = fieldsOf(send);
  return references.filter((field) => fields.includes(field));
}

/** The fields an event takes, also those its example leaves out. */
function fieldsOf({ data, example }: SendHalf): string[] {
  const named = Object.keys(Object(example));
  return data instanceof z.ZodObject ? [...Object.keys(data.shape), ...named] : named;
}

function hearsAll({ role }: Peer): boolean {
  return role === 'supervisor' || role === 'service';
}

function codeOf(answer: Answer): string {
  return 'refusal' in answer ? answer.refusal.data.code : 'ok';
}

/** Whether nobody can tell two answers apart, but for the id that every refusal has for itself. */
function isSame(one: Answer, other: Answer): boolean {
  return withoutId(one) === withoutId(other);
}

function withoutId(answer: Answer): string {
  if (!('refusal' in answer)) return JSON.stringify(answer);
  const { data, ...shape } = answer.refusal;
  return JSON.stringify({ ...shape, data: { ...data, errorId: '' } });
}

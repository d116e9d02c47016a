/** An event that nobody needs, as parts of the sources that define and use it. */
export interface MadeUpEvent {
  name: string;
  /** The name of its files. */
  file: string;
  /** Zod schemas of what is sent, of the reply, and of what is heard. */
  data: string;
  reply: string;
  heard: string;
  /** A value of each of them but the reply. */
  sent: string;
  example: string;
  /** The member of the reply and of what is heard that holds a thing with a date. */
  thing: string;
}

const things = ['order', 'ticket', 'invoice', 'parcel', 'booking', 'refund', 'survey', 'visit'];
const verbs = ['open', 'move', 'hold', 'count', 'check', 'close', 'print'];

/** The first so many events: always the same, all different, of the size of events that are needed. */
export function makeUpEvents(count: number): MadeUpEvent[] {
  return Array.from({ length: count }, (_, index) => makeUpEvent(index));
}

function makeUpEvent(index: number): MadeUpEvent {
  const thing = things[index % things.length] ?? '';
  const verb = verbs[index % verbs.length] ?? '';
  const state = `z.enum(['new', 'busy', 'done${index}'])`;
  const fields = [`id: z.string()`, `chatId: z.string()`, `state: ${state}`, `createdAt: z.date()`];
  const more = [
    `tags: z.array(z.string())`,
    `price: z.number().int().min(0).optional()`,
    `owner: z.strictObject({ id: z.string(), name: z.string().nullable() })`,
  ];
  const whole = `z.strictObject({ ${[...fields, more[index % more.length]].join(', ')} })`;
  const value: string[] = [`tags: ['a']`, `price: 3`, `owner: { id: 'u_ann', name: null }`];
  const example =
    `{ id: 't_1', chatId: 'c_1', state: 'new', createdAt: new Date(0), ` +
    `${value[index % value.length]} }`;
  return {
    name: `${thing}s:${verb}-${index}`,
    file: `${thing}s-${verb}-${index}`,
    data:
      `z.strictObject({ chatId: z.string(), ${thing}Id: z.string().min(1).max(64), ` +
      `reason${index}: z.string().optional(), due: z.date().optional() })`,
    reply: `z.strictObject({ ${thing}: ${whole}, moved: z.boolean() })`,
    heard: `z.strictObject({ ${thing}: ${whole}, by: z.enum(['customer', 'agent']) })`,
    sent: `{ chatId: 'c_1', ${thing}Id: 't_1', reason${index}: 'because' }`,
    example: `{ ${thing}: ${example}, by: 'agent' }`,
    thing,
  };
}

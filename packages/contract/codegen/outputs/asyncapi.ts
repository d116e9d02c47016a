import type { EventDefinition, ListenHalf, SendHalf } from '../../src/define-event.ts';
import { roles } from '../../src/roles.ts';
import type { ContractSchemas, ErrorSchema, EventSchemas, JsonSchema } from '../json-schema.ts';

/** What a package says of itself. */
export interface PackageInfo {
  name: string;
  version: string;
}

interface Reference {
  $ref: string;
}

const description = `Events of a live chat, over one WebSocket. What is *sent* is answered with a reply or refused with an error;
what is *heard* comes to everybody in its audience.

A channel is a procedure of [tRPC v11](https://trpc.io), called over its WebSocket protocol with
[superjson](https://github.com/flightcontrolhq/superjson) as transformer: \`send.<event>\` is a mutation with the input
\`{ data, key? }\`, \`listen.<event>\` a subscription with the input \`{ lastEventId?, chatId? }\`. Payloads are described
here as JSON; superjson notes beside them which texts are dates.`;

/** Prints the events as an AsyncAPI document, from the server's side: it receives what is sent, and sends what is heard. */
export function printAsyncApi(schemas: ContractSchemas, info: PackageInfo): string {
  const { events, commonErrors, models } = schemas;
  const declared = events.flatMap(({ errors }) => errors);
  const errors = new Map([...commonErrors, ...declared].map((each) => [each.error.code, each]));
  const document = {
    asyncapi: '3.0.0',
    info: { title: `Events of ${info.name}`, version: info.version, description },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:4455',
        pathname: '/events',
        protocol: 'ws',
        description: 'Where `parley serve` listens unless told otherwise.',
        security: [refer('securitySchemes', 'token')],
      },
    },
    channels: Object.assign({}, ...events.map(describeChannels)),
    operations: Object.assign({}, ...events.map(describeOperations)),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Given as `token` in the parameters of the connection.',
        },
      },
      schemas: {
        ...models,
        'send.headers': sendHeaders,
        'listen.headers': listenHeaders,
        'error.common': {
          description: 'Codes that every event can be refused with.',
          oneOf: commonErrors.map(({ error }) => refer('schemas', `error.${error.code}`)),
        },
        ...Object.fromEntries(
          [...errors].map(([code, error]) => [`error.${code}`, describeError(error)]),
        ),
      },
    },
  };
  return `${JSON.stringify(document, toJson, 2)}\n`;
}

/** Values in examples as superjson puts them into JSON. */
function toJson(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map || value instanceof Set ? [...value] : value;
}

function describeChannels({ event, data, reply, errors, heard }: EventSchemas) {
  const { name, summary, send, listen } = event;
  const key = toKey(name);
  const sent = send && {
    [`send.${key}`]: {
      address: `send.${name}`,
      title: `Send ${name}`,
      summary,
      messages: {
        data: {
          title: name,
          headers: refer('schemas', 'send.headers'),
          payload: data,
          examples: [{ payload: send.example }],
        },
        reply: { title: `Reply to ${name}`, payload: reply },
        refusal: { title: `Refusal of ${name}`, payload: { oneOf: refusalsOf(errors) } },
      },
    },
  };
  const listened = listen && {
    [`listen.${key}`]: {
      address: `listen.${name}`,
      title: `Listen to ${name}`,
      summary,
      messages: {
        occurrence: {
          title: name,
          headers: refer('schemas', 'listen.headers'),
          payload: heard,
          examples: [{ payload: listen.example }],
        },
      },
    },
  };
  return { ...sent, ...listened };
}

function describeOperations({ event }: EventSchemas) {
  const { name, send, listen } = event;
  const key = toKey(name);
  return {
    ...(send && { [`send.${key}`]: describeSend(event, send) }),
    ...(listen && { [`listen.${key}`]: describeListen(event, listen) }),
  };
}

function describeSend(event: EventDefinition, send: SendHalf) {
  const channel = `send.${toKey(event.name)}`;
  const codes = send.errors.map((error) => (typeof error === 'string' ? error : error.code));
  return {
    action: 'receive',
    channel: refer('channels', channel),
    title: `Send ${event.name}`,
    summary: event.summary,
    tags: [{ name: groupOf(event) }],
    messages: [messageOf(channel, 'data')],
    reply: {
      channel: refer('channels', channel),
      messages: [messageOf(channel, 'reply'), messageOf(channel, 'refusal')],
    },
    'x-parley-by': send.by,
    'x-parley-effect': send.effect ?? 'durable',
    'x-parley-queueable': send.queueable ?? false,
    'x-parley-errors': codes,
    ...decisionsOf(event),
  };
}

function describeListen(event: EventDefinition, listen: ListenHalf) {
  const channel = `listen.${toKey(event.name)}`;
  return {
    action: 'send',
    channel: refer('channels', channel),
    title: `Listen to ${event.name}`,
    summary: event.summary,
    tags: [{ name: groupOf(event) }],
    messages: [messageOf(channel, 'occurrence')],
    'x-parley-audience': listen.audience,
    'x-parley-durable': listen.durable,
    ...decisionsOf(event),
  };
}

function decisionsOf({ deprecated, replaces }: EventDefinition) {
  return {
    ...(deprecated && { 'x-parley-deprecated': deprecated }),
    ...(replaces && { 'x-parley-replaces': replaces }),
  };
}

function refusalsOf(errors: readonly ErrorSchema[]): Reference[] {
  return [...errors.map(({ error }) => error.code), 'common'].map((code) =>
    refer('schemas', `error.${code}`),
  );
}

function describeError({ error, data }: ErrorSchema): JsonSchema {
  const { code, message, retryable } = error;
  return {
    description: message,
    type: 'object',
    properties: {
      code: { const: code },
      message: { type: 'string' },
      ...(data && { data }),
      retryable: { const: retryable },
      retryAfterMs: { type: 'integer', minimum: 0 },
      errorId: { type: 'string' },
    },
    required: ['code', 'message', ...(data ? ['data'] : []), 'retryable'],
  };
}

const sendHeaders: JsonSchema = {
  type: 'object',
  properties: {
    key: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description: 'Makes a repeated send have one effect; new for each send.',
    },
  },
};

const listenHeaders: JsonSchema = {
  type: 'object',
  properties: {
    position: {
      type: 'integer',
      description: 'Place in the whole log; only durable occurrences have one.',
    },
    seq: { type: 'integer', description: 'Place within the chat.' },
    chatId: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
    by: {
      description: 'Who made it happen.',
      type: 'object',
      properties: { id: { type: 'string' }, role: { type: 'string', enum: [...roles] } },
      required: ['id'],
    },
    cause: {
      type: 'string',
      description: "The key of the send that caused it; only on the sender's own connections.",
    },
  },
  required: ['at', 'by'],
};

/** A name without the colon, which not every tool takes in a key. */
function toKey(name: string): string {
  return name.replace(':', '-');
}

function groupOf({ name }: EventDefinition): string {
  return name.slice(0, name.indexOf(':'));
}

function refer(kind: 'channels' | 'schemas' | 'securitySchemes', name: string): Reference {
  return { $ref: kind === 'channels' ? `#/channels/${name}` : `#/components/${kind}/${name}` };
}

function messageOf(channel: string, message: string): Reference {
  return { $ref: `#/channels/${channel}/messages/${message}` };
}

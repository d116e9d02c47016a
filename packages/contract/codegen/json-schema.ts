import * as z from 'zod';

import type { EventDefinition } from '../src/define-event.ts';
import { commonErrors, declarableErrors, type ErrorDefinition } from '../src/errors.ts';
import type { Direction } from './print-types.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schemas of one event. */
export interface EventSchemas {
  event: EventDefinition;
  data?: JsonSchema;
  reply?: JsonSchema;
  /** What goes with each code that the event declares. */
  errors: ErrorSchema[];
  heard?: JsonSchema;
}

export interface ErrorSchema {
  error: ErrorDefinition;
  data?: JsonSchema;
}

export interface ContractSchemas {
  events: EventSchemas[];
  commonErrors: ErrorSchema[];
  /** By name; the others refer to them as `#/components/schemas/<name>`. */
  models: Record<string, JsonSchema>;
}

/** Reads every schema of a contract as JSON Schema (draft 7, as AsyncAPI has it). */
export function readJsonSchemas(events: readonly EventDefinition[]): ContractSchemas {
  const [input, output] = [new JsonSchemaReader('input'), new JsonSchemaReader('output')];
  const readError = (error: ErrorDefinition): ErrorSchema => ({
    error,
    ...(error.data && { data: output.read(error.data) }),
  });
  const read = events.map((event): EventSchemas => {
    const { send, listen } = event;
    const errors = (send?.errors ?? []).map((error) =>
      readError(typeof error === 'string' ? declarableErrors[error] : error),
    );
    return {
      event,
      ...(send && { data: input.read(send.data), reply: output.read(send.reply) }),
      errors,
      ...(listen && { heard: output.read(listen.data) }),
    };
  });
  const common = Object.values(commonErrors).map(readError);

  // Models are the same before and after parsing, unless one passes over keys that it does not know.
  const differ = [...input.models].some(([name, model]) => {
    const other = output.models.get(name);
    return other && JSON.stringify(other) !== JSON.stringify(model);
  });
  const inputSuffix = differ ? '.input' : '';
  const models = [
    ...Array.from(output.models, ([name, model]) => [name, link(model, '')] as const),
    ...Array.from(
      input.models,
      ([name, model]) => [`${name}${inputSuffix}`, link(model, inputSuffix)] as const,
    ),
  ];
  return {
    events: read.map((each) => ({
      ...each,
      ...(each.data && { data: link(each.data, inputSuffix) }),
      ...(each.reply && { reply: link(each.reply, '') }),
      errors: each.errors.map(linkError),
      ...(each.heard && { heard: link(each.heard, '') }),
    })),
    commonErrors: common.map(linkError),
    models: Object.fromEntries(models.toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

class JsonSchemaReader {
  readonly models = new Map<string, JsonSchema>();
  readonly #direction: Direction;

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  read(schema: z.core.$ZodType): JsonSchema {
    const {
      $schema: _,
      definitions,
      ...own
    }: JsonSchema = z.toJSONSchema(schema, {
      target: 'draft-7',
      io: this.#direction,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => this.#correct(zodSchema, jsonSchema),
    });
    for (const [name, model] of Object.entries(definitions ?? {})) {
      if (typeof model === 'object') this.models.set(name, model);
    }
    return own;
  }

  /** Says what JSON Schema has no word for, as it is on the wire before superjson notes its type. */
  #correct(schema: z.core.$ZodType, json: JsonSchema): void {
    const { type } = schema._zod.def;
    if (type === 'date') Object.assign(json, { type: 'string', format: 'date-time' });
    if (type === 'bigint') Object.assign(json, { type: 'string', pattern: '^-?\\d+$' });
    const like = json['like'];
    if (!(like instanceof z.core.$ZodType)) return;
    delete json['like'];
    Object.assign(json, this.read(like));
  }
}

function linkError({ error, data }: ErrorSchema): ErrorSchema {
  return { error, ...(data && { data: link(data, '') }) };
}

/** The same with its references to models led to where the document keeps them. */
function link(schema: JsonSchema, suffix: string): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string'
      ? `${value.replace('#/definitions/', '#/components/schemas/')}${suffix}`
      : value,
  );
  return JSON.parse(text);
}

import type { Resolve, Schema } from './schema.ts';

/** All that can be sent and heard on this server. */
export interface Contract {
  readonly title: string;
  readonly version: string;
  /** By name. */
  readonly events: readonly PlaygroundEvent[];
  readonly resolve: Resolve;
}

export interface PlaygroundEvent {
  readonly name: string;
  readonly summary: string;
  readonly deprecated: { readonly since: string; readonly use?: string } | undefined;
  readonly send: SendHalf | undefined;
  readonly listen: ListenHalf | undefined;
}

export interface SendHalf {
  readonly by: readonly string[];
  readonly effect: string;
  /** Whether it waits while there is no connection. */
  readonly queueable: boolean;
  readonly data: Schema;
  readonly example: JsonObject;
  /** What it can be refused with beside the common codes, and the sentence of each. */
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export interface ListenHalf {
  readonly audience: readonly string[];
  readonly durable: boolean;
  readonly example: unknown;
}

export interface JsonObject {
  readonly [key: string]: unknown;
}

/** What is read of an AsyncAPI document that Parley serves. */
interface AsyncApi {
  info: { title: string; version: string };
  channels: {
    [key: string]: {
      address: string;
      summary: string;
      messages: { [name: string]: { payload: Schema; examples?: { payload: unknown }[] } };
    };
  };
  operations: {
    [key: string]: {
      'x-parley-by'?: string[];
      'x-parley-effect'?: string;
      'x-parley-queueable'?: boolean;
      'x-parley-errors'?: string[];
      'x-parley-audience'?: string[];
      'x-parley-durable'?: boolean;
      'x-parley-deprecated'?: { since: string; use?: string };
    };
  };
  components: { schemas: { [name: string]: Schema } };
}

/** Asks the server what it can; no event is known here before. */
export async function fetchContract(): Promise<Contract> {
  const response = await fetch('/asyncapi.json');
  if (!response.ok) throw new Error(`The server does not say what it can (${response.status}).`);
  return readContract((await response.json()) as AsyncApi);
}

function readContract({ info, channels, operations, components }: AsyncApi): Contract {
  const resolve: Resolve = (schema) => {
    const name = schema.$ref?.replace('#/components/schemas/', '');
    const found = name === undefined ? undefined : components.schemas[name];
    return found ? resolve(found) : schema;
  };
  const events = new Map<string, PlaygroundEvent>();
  for (const [key, { address, summary, messages }] of Object.entries(channels)) {
    const operation = operations[key] ?? {};
    const name = address.slice(address.indexOf('.') + 1);
    const { data, occurrence } = messages;
    const known = events.get(name);
    events.set(name, {
      name,
      summary,
      deprecated: operation['x-parley-deprecated'],
      send: data
        ? {
            by: operation['x-parley-by'] ?? [],
            effect: operation['x-parley-effect'] ?? 'durable',
            queueable: operation['x-parley-queueable'] ?? false,
            data: resolve(data.payload),
            example: Object(data.examples?.[0]?.payload ?? {}) as JsonObject,
            errors: (operation['x-parley-errors'] ?? []).map((code) => ({
              code,
              message: components.schemas[`error.${code}`]?.description ?? '',
            })),
          }
        : known?.send,
      listen: occurrence
        ? {
            audience: operation['x-parley-audience'] ?? [],
            durable: operation['x-parley-durable'] ?? false,
            example: occurrence.examples?.[0]?.payload,
          }
        : known?.listen,
    });
  }
  const byName = [...events.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { title: info.title, version: info.version, events: byName, resolve };
}

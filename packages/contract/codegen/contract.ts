import * as z from 'zod';

import type { EventDefinition } from '../src/define-event.ts';
import { declarableErrors } from '../src/errors.ts';
import type { Audience, Role } from '../src/roles.ts';
import { ShapeReader } from './shapes/read-shape.ts';
import type { Models, Shape } from './shapes/shape.ts';

/** A contract in its normal form: two that mean the same are the same, and nothing else is in it. */
export interface Contract {
  /** The version of this form. */
  readonly parley: 1;
  readonly events: Readonly<Record<string, ContractEvent>>;
  /** Shapes with names, before and after parsing. */
  readonly models: { readonly input: Models; readonly output: Models };
}

export interface ContractEvent {
  readonly deprecated?: { readonly since: string; readonly use?: string | undefined };
  readonly replaces?: { readonly event: string; readonly since: string };
  readonly send?: ContractSend;
  readonly listen?: ContractListen;
}

export interface ContractSend {
  readonly by: readonly Role[];
  readonly effect: 'durable' | 'ephemeral' | 'none';
  readonly queueable: boolean;
  readonly data: Shape;
  readonly reply: Shape;
  /** By code, what comes with it. */
  readonly errors: Readonly<Record<string, Shape | null>>;
}

export interface ContractListen {
  readonly audience: readonly Audience[];
  readonly durable: boolean;
  readonly data: Shape;
}

/** The contract that events make up. */
export function readContract(events: readonly EventDefinition[]): Contract {
  const input = new ShapeReader('input');
  const output = new ShapeReader('output');
  const readSend = (send: NonNullable<EventDefinition['send']>): ContractSend => ({
    by: send.by,
    effect: send.effect ?? 'durable',
    queueable: send.queueable ?? false,
    data: input.read(send.data),
    reply: output.read(send.reply),
    errors: Object.fromEntries(
      send.errors
        .map((error) => (typeof error === 'string' ? declarableErrors[error] : error))
        .map(({ code, data }) => [code, data ? output.read(data) : null]),
    ),
  });
  const readEvent = ({ send, listen, deprecated, replaces }: EventDefinition): ContractEvent => ({
    ...(deprecated && { deprecated }),
    ...(replaces && { replaces }),
    ...(send && { send: readSend(send) }),
    ...(listen && {
      listen: {
        audience: listen.audience,
        durable: listen.durable,
        data: output.read(listen.data),
      },
    }),
  });
  const byName = events.map((event) => [event.name, readEvent(event)] as const);
  const contract: Contract = {
    parley: 1,
    events: Object.fromEntries(byName),
    models: { input: input.models, output: output.models },
  };
  return JSON.parse(printContract(contract));
}

/** A contract as text: the same one gives the same text. */
export function printContract(contract: Contract): string {
  return `${JSON.stringify(contract, inOrder, 2)}\n`;
}

/** Whether a value is a contract in the form that this version writes. */
export function isContract(value: unknown): value is Contract {
  return Form.safeParse(value).success;
}

const Form = z.object({
  parley: z.literal(1),
  events: z.record(z.string(), z.object({})),
  models: z.object({ input: z.object({}), output: z.object({}) }),
});

/** Lists whose order makes no difference. */
const sets = new Set(['by', 'audience', 'values', 'options']);

/** Puts in order what has none of its own. */
function inOrder(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareKeys(a, b)));
  }
  if (!sets.has(name)) return value;
  return value.toSorted((a, b) =>
    compareText(JSON.stringify(a, inOrder), JSON.stringify(b, inOrder)),
  );
}

const first = ['parley', 'kind', 'name', 'deprecated', 'replaces'];

/** What says most comes first, the rest by name. */
function compareKeys(one: string, other: string): number {
  const [place, otherPlace] = [first.indexOf(one), first.indexOf(other)];
  if (place !== otherPlace) return place === -1 ? 1 : otherPlace === -1 ? -1 : place - otherPlace;
  return compareText(one, other);
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

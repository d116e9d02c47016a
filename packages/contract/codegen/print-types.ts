import * as z from 'zod';

import { printDoc, printKey, printLiteral } from './print-source.ts';

type Schema = z.core.$ZodType;

/** Which of a schema's two types is meant: the one before parsing or the one after. */
export type Direction = 'input' | 'output';

/** Called with a sentence that begins with the place: `events/chats-get.ts: send.data.history[]: …`. */
export type ReportProblem = (problem: string) => void;

const reservedNames = new Set(
  'SendEvents ListenEvents CommonErrors Date Map Partial Readonly Record Set'.split(' '),
);

/** Prints schemas as TypeScript types. A schema with `.meta({ id })` is printed once, as a model, and named from then on. */
export class TypePrinter {
  readonly #models = new Map<string, { schema: Schema; declaration: string }>();
  readonly #visiting = new Set<Schema>();
  readonly #report: ReportProblem;

  constructor(report: ReportProblem) {
    this.#report = report;
  }

  print(schema: Schema, direction: Direction, path: string): string {
    return this.#members(schema, direction, path).join(' | ');
  }

  /** The declarations of all models met so far, by name. */
  printModels(): string {
    return [...this.#models]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { declaration }]) => declaration)
      .join('\n');
  }

  /** A type as the members of its union; most types have one. */
  #members(schema: Schema, direction: Direction, path: string): string[] {
    const model = findModel(schema);
    if (model) return [this.#refer(model.id, model.schema, path)];
    return [...new Set(this.#spellOut(schema, direction, path))];
  }

  #refer(id: string, schema: Schema, path: string): string {
    const known = this.#models.get(id);
    if (known) {
      if (known.schema !== schema) this.#report(`${path}: another schema has the id "${id}" too`);
      return id;
    }
    if (!/^[A-Z][A-Za-z0-9]*$/.test(id) || reservedNames.has(id)) {
      this.#report(`${path}: the id "${id}" cannot name a type`);
    }
    const model = { schema, declaration: '' };
    this.#models.set(id, model);
    model.declaration = this.#declare(id, schema, 'output', path);
    if (model.declaration !== this.#declare(id, schema, 'input', path)) {
      this.#report(`${path}: the model "${id}" differs before and after parsing; drop its id`);
    }
    return id;
  }

  #declare(id: string, schema: Schema, direction: Direction, path: string): string {
    const doc = printDoc(z.globalRegistry.get(schema)?.description);
    const type = this.#spellOut(schema, direction, path).join(' | ');
    const isInterface = schema._zod.def.type === 'object' && type.startsWith('{');
    return `${doc}export ${isInterface ? `interface ${id} ${type}` : `type ${id} = ${type};`}\n`;
  }

  #spellOut(schema: Schema, direction: Direction, path: string): string[] {
    if (this.#visiting.has(schema)) {
      return this.#refuse(path, 'a recursive schema needs a name: add .meta({ id })');
    }
    this.#visiting.add(schema);
    const members = this.#spellOutKind(schema, direction, path);
    this.#visiting.delete(schema);
    return members;
  }

  #spellOutKind(schema: Schema, direction: Direction, path: string): string[] {
    // Every schema is one of zod's own kinds; the base class only does not say so.
    const { def } = (schema as z.core.$ZodTypes)._zod;
    const members = (inner: Schema, at = path) => this.#members(inner, direction, at);
    const print = (inner: Schema, at = path) => this.print(inner, direction, at);

    if (direction === 'input' && 'coerce' in def && def.coerce) return ['unknown'];
    switch (def.type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'bigint':
      case 'null':
      case 'undefined':
      case 'unknown':
        return [def.type];
      case 'date':
        return ['Date'];
      case 'literal':
        return def.values.map(printLiteral);
      case 'enum':
        return z.core.util.getEnumValues(def.entries).map(printLiteral);
      case 'object':
        return [this.#printObject(def, direction, path)];
      case 'array':
        return [`(${print(def.element, `${path}[]`)})[]`];
      case 'tuple':
        return [this.#printTuple(def, direction, path)];
      case 'record':
        return [this.#printRecord(def, direction, path)];
      case 'map':
        return [`Map<${print(def.keyType)}, ${print(def.valueType, `${path}[]`)}>`];
      case 'set':
        return [`Set<${print(def.valueType, `${path}[]`)}>`];
      case 'union':
        return def.options.flatMap((option) => members(option));
      case 'intersection':
        return [`((${print(def.left)}) & (${print(def.right)}))`];
      case 'optional':
        if (schema instanceof z.core.$ZodExactOptional) return members(def.innerType);
        return [...members(def.innerType), 'undefined'];
      case 'nullable':
        return [...members(def.innerType), 'null'];
      case 'default':
      case 'prefault':
        return direction === 'input'
          ? [...members(def.innerType), 'undefined']
          : members(def.innerType).filter((member) => member !== 'undefined');
      case 'readonly':
        return members(def.innerType).map((member) =>
          member === 'Date' ? member : `Readonly<${member}>`,
        );
      case 'catch':
        return members(def.innerType);
      case 'lazy':
        return members(def.getter());
      case 'pipe':
        return members(direction === 'input' ? def.in : def.out);
      case 'transform':
        return this.#refuse(
          path,
          'the type of a transform is unknown; add .pipe(schema), or transform in the handler',
        );
      case 'custom': {
        const like = z.globalRegistry.get(schema)?.['like'];
        if (like instanceof z.core.$ZodType) return members(like);
        return this.#refuse(
          path,
          'unsupported schema kind "custom"; add .meta({ like: schema }) to say what it looks like',
        );
      }
      default:
        return this.#refuse(
          path,
          `unsupported schema kind "${def.type}"; say it with another kind`,
        );
    }
  }

  #printObject(def: z.core.$ZodObjectDef, direction: Direction, path: string): string {
    const fields = Object.entries(def.shape).map(([key, field]) => {
      const at = `${path}.${key}`;
      const mark = mayBeAbsent(field, direction) ? '?' : '';
      const type = this.print(field, direction, at);
      return `${printDoc(findDescription(field))}${printKey(key)}${mark}: ${type};`;
    });
    const rest = def.catchall?._zod.def.type ?? 'never';
    if (rest === 'unknown') fields.push('[key: string]: unknown;');
    else if (rest !== 'never') this.#refuse(path, `unsupported catchall of kind "${rest}"`);
    return fields.length === 0 ? 'Record<string, never>' : `{\n${fields.join('\n')}\n}`;
  }

  #printTuple(def: z.core.$ZodTupleDef, direction: Direction, path: string): string {
    const items = def.items.map((item, index) => {
      const optional = def.items.slice(index).every((later) => mayBeAbsent(later, direction));
      return `(${this.print(item, direction, `${path}[${index}]`)})${optional ? '?' : ''}`;
    });
    if (def.rest) items.push(`...(${this.print(def.rest, direction, `${path}[]`)})[]`);
    return `[${items.join(', ')}]`;
  }

  #printRecord(def: z.core.$ZodRecordDef, direction: Direction, path: string): string {
    const key = this.print(def.keyType, direction, path);
    const value = this.print(def.valueType, direction, `${path}[]`);
    // Not `Record`, which a recursive type alias cannot go through.
    if (key === 'string' || key === 'number') return `{ [key: ${key}]: ${value} }`;
    return def.partial ? `Partial<Record<${key}, ${value}>>` : `Record<${key}, ${value}>`;
  }

  #refuse(path: string, problem: string): string[] {
    this.#report(`${path}: ${problem}`);
    return ['unknown'];
  }
}

/** Whether a field may be left out. */
export function mayBeAbsent(schema: Schema, direction: Direction): boolean {
  // What zod infers for `.catch()` has the key, although parsing does without it.
  if (schema instanceof z.core.$ZodCatch) return mayBeAbsent(schema._zod.def.innerType, direction);
  const { optin, optout } = schema._zod;
  return direction === 'input' ? optin !== undefined : optout === 'optional';
}

/** The model a schema is, also when checks or a description were added to it since: neither changes its type. */
export function findModel(schema: Schema): { id: string; schema: Schema } | undefined {
  for (let current: Schema | undefined = schema; current; current = current._zod.parent) {
    const id = z.globalRegistry.get(current)?.id;
    if (id !== undefined) return { id, schema: current };
  }
  return undefined;
}

/** What is said about a field, by its own schema or by one that it wraps. A model's description stays with the model. */
export function findDescription(schema: Schema): string | undefined {
  const meta = z.globalRegistry.get(schema);
  if (meta?.id !== undefined) return undefined;
  if (meta?.description !== undefined) return meta.description;
  const { def } = schema._zod;
  return 'innerType' in def && def.innerType instanceof z.core.$ZodType
    ? findDescription(def.innerType)
    : undefined;
}

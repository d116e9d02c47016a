import * as z from 'zod';

import { findDescription, findModel, mayBeAbsent, type Direction } from '../print-types.ts';
import { checksOf, readLimits } from './read-limits.ts';
import {
  unite,
  withoutUndefined,
  type Field,
  type KeyPolicy,
  type Literal,
  type Models,
  type Shape,
} from './shape.ts';

type Schema = z.core.$ZodType;

/** Reads schemas as shapes: what goes into them, or what comes out. A schema with `.meta({ id })` becomes a model. */
export class ShapeReader {
  readonly models: Models = {};
  readonly #direction: Direction;
  readonly #describe: boolean;

  /** Descriptions of fields are for readers, and no part of the normal form. */
  constructor(direction: Direction, { describe = false } = {}) {
    this.#direction = direction;
    this.#describe = describe;
  }

  read(schema: Schema): Shape {
    const model = findModel(schema);
    if (!model) return this.#readKind(schema);
    const added = checksOf(schema).slice(checksOf(model.schema).length);
    if (added.some((check) => check._zod.def.check !== 'custom')) return this.#readKind(schema);
    if (!Object.hasOwn(this.models, model.id)) {
      // Before it is read, since it may contain itself.
      this.models[model.id] = { kind: 'unknown' };
      this.models[model.id] = this.#readKind(model.schema);
    }
    return {
      kind: 'model',
      name: model.id,
      ...(added.length > 0 && { checks: added.length }),
    };
  }

  #readKind(schema: Schema): Shape {
    // Every schema is one of zod's own kinds; the base class only does not say so.
    const { def } = (schema as z.core.$ZodTypes)._zod;
    const limits = readLimits(schema);
    const isInput = this.#direction === 'input';
    switch (def.type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'bigint':
      case 'date':
        if (isInput && def.coerce) limits.coerced = true;
        return { kind: def.type, ...withoutZero(limits, def.type === 'string') };
      case 'null':
      case 'undefined':
      case 'unknown':
        return { kind: def.type, ...limits };
      case 'literal':
        return limit(unite(def.values.map(readLiteral)), limits);
      case 'enum':
        return limit(unite(z.core.util.getEnumValues(def.entries).map(readLiteral)), limits);
      case 'object':
        return { kind: 'object', ...this.#readObject(def), ...limits };
      case 'array':
        return { kind: 'array', items: this.read(def.element), ...withoutZero(limits) };
      case 'set':
        return { kind: 'set', items: this.read(def.valueType), ...withoutZero(limits) };
      case 'tuple':
        return { ...this.#readTuple(def), ...limits };
      case 'record':
        return { ...this.#readRecord(def), ...limits };
      case 'map': {
        const [key, value] = [this.read(def.keyType), this.read(def.valueType)];
        return { kind: 'map', key, value, ...withoutZero(limits) };
      }
      case 'union':
        return limit(unite(def.options.map((option) => this.read(option))), limits);
      case 'intersection':
        return { kind: 'both', parts: [this.read(def.left), this.read(def.right)], ...limits };
      case 'optional': {
        const inner = this.read(def.innerType);
        if (schema instanceof z.core.$ZodExactOptional) return limit(inner, limits);
        return limit(unite([inner, { kind: 'undefined' }]), limits);
      }
      case 'nullable':
        return limit(unite([this.read(def.innerType), { kind: 'null' }]), limits);
      case 'default':
      case 'prefault': {
        const inner = this.read(def.innerType);
        const either = isInput ? unite([inner, { kind: 'undefined' }]) : withoutUndefined(inner);
        return limit(either, limits);
      }
      case 'readonly':
      case 'catch':
        return limit(this.read(def.innerType), limits);
      case 'lazy':
        return limit(this.read(def.getter()), limits);
      case 'pipe':
        return limit(isInput ? this.#readWayIn(def) : this.read(def.out), limits);
      case 'custom': {
        const like = z.globalRegistry.get(schema)?.['like'];
        return limit(like instanceof z.core.$ZodType ? this.read(like) : anything, limits);
      }
      default:
        return limit(anything, limits);
    }
  }

  /** What goes in has to be taken by both ends. */
  #readWayIn({ in: before, out: after }: z.core.$ZodPipeDef): Shape {
    const [shape, into] = [this.read(before), this.read(after)];
    const same = JSON.stringify({ ...shape, checks: undefined }) === JSON.stringify(into);
    return same ? shape : { ...shape, into };
  }

  #readObject(def: z.core.$ZodObjectDef): { keys: KeyPolicy; fields: Record<string, Field> } {
    const fields = Object.entries(def.shape).map(([key, schema]) => [key, this.#readField(schema)]);
    const rest = def.catchall?._zod.def.type;
    const keys = rest === undefined ? 'strip' : rest === 'never' ? 'strict' : 'loose';
    return { keys, fields: Object.fromEntries(fields) };
  }

  #readField(schema: Schema): Field {
    const shape = this.read(schema);
    const description = this.#describe ? findDescription(schema) : undefined;
    const told = description === undefined ? {} : { description };
    if (!mayBeAbsent(schema, this.#direction)) return { ...shape, ...told };
    const defined = withoutUndefined(shape);
    const isExact = shape.kind !== 'unknown' && JSON.stringify(defined) === JSON.stringify(shape);
    return { ...defined, optional: isExact ? 'exact' : true, ...told };
  }

  #readTuple(def: z.core.$ZodTupleDef): Shape {
    const absent = def.items.findLastIndex((item) => !mayBeAbsent(item, this.#direction));
    const items = def.items.map((item) => this.read(item));
    return {
      kind: 'tuple',
      items,
      min: absent + 1,
      ...(def.rest ? { rest: this.read(def.rest) } : { max: items.length }),
    };
  }

  /** A record of known keys is an object that has them. */
  #readRecord(def: z.core.$ZodRecordDef): Shape {
    const [key, value] = [this.read(def.keyType), this.read(def.valueType)];
    const loose = 'mode' in def && def.mode === 'loose';
    if (key.kind !== 'literals' || loose) {
      return { kind: 'record', key, value, ...(loose && { loose: true }) };
    }
    const field: Field = def.partial ? { ...value, optional: 'exact' } : value;
    return {
      kind: 'object',
      keys: 'strict',
      fields: Object.fromEntries(key.values.map((name) => [String(name), field])),
    };
  }
}

const anything: Shape = { kind: 'unknown' };

function readLiteral(value: z.core.util.Literal): Shape {
  if (value === null) return { kind: 'null' };
  if (value === undefined) return { kind: 'undefined' };
  if (typeof value === 'bigint') return { kind: 'bigint', min: String(value), max: String(value) };
  const values: Literal[] = [value];
  return { kind: 'literals', values };
}

/** No text and no list has fewer than none. */
function withoutZero<Limits extends { min?: number | string }>(
  limits: Limits,
  counts = true,
): Limits {
  if (counts && limits.min === 0) delete limits.min;
  return limits;
}

/** A shape with the checks of what it is wrapped in. */
function limit(shape: Shape, { checks = 0 }: { checks?: number }): Shape {
  return checks === 0 ? shape : { ...shape, checks: checks + (shape.checks ?? 0) };
}

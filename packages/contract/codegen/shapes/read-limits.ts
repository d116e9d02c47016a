import * as z from 'zod';

import type { Limits } from './shape.ts';

type Limit = number | string;

/** What the checks of a schema leave of its values. */
export function readLimits(schema: z.core.$ZodType): Limits {
  const limits: Limits = {};
  for (const check of checksOf(schema)) addCheck(limits, check);
  return tidy(limits);
}

/** Every check of a schema, itself when it is one: `z.email()` is. */
export function checksOf(schema: z.core.$ZodType): z.core.$ZodCheck[] {
  const { checks = [] } = schema._zod.def;
  return isCheck(schema) ? [schema, ...checks] : checks;
}

function isCheck(schema: z.core.$ZodType): schema is z.core.$ZodType & z.core.$ZodCheck {
  return schema._zod.traits.has('$ZodCheck');
}

/** Compares limits of one kind: numbers, dates as ISO text, or bigints as digits. */
export function compareLimits(one: Limit, other: Limit): number {
  if (typeof one === 'number' || typeof other === 'number') return Number(one) - Number(other);
  const isDigits = /^-?\d+$/.test(one) && /^-?\d+$/.test(other);
  const isLess = isDigits ? BigInt(one) < BigInt(other) : one < other;
  return one === other ? 0 : isLess ? -1 : 1;
}

function addCheck(limits: Limits, check: z.core.$ZodCheck): void {
  // Every check is one of zod's own kinds; the base class only does not say so.
  const { def } = (check as z.core.$ZodChecks)._zod;
  switch (def.check) {
    case 'min_length':
    case 'min_size':
      return raise(limits, 'min', def.minimum);
    case 'max_length':
    case 'max_size':
      return lower(limits, 'max', def.maximum);
    case 'length_equals':
      raise(limits, 'min', def.length);
      return lower(limits, 'max', def.length);
    case 'size_equals':
      raise(limits, 'min', def.size);
      return lower(limits, 'max', def.size);
    case 'greater_than':
      return raise(limits, def.inclusive ? 'min' : 'above', toLimit(def.value));
    case 'less_than':
      return lower(limits, def.inclusive ? 'max' : 'below', toLimit(def.value));
    case 'number_format':
      return addNumberFormat(limits, def.format);
    case 'bigint_format':
      raise(limits, 'min', def.format === 'int64' ? String(-(2n ** 63n)) : '0');
      return lower(limits, 'max', String(2n ** (def.format === 'int64' ? 63n : 64n) - 1n));
    case 'multiple_of':
      return addFormat(limits, `multiple of ${def.value}`);
    case 'string_format':
      return addFormat(limits, nameFormat(def));
    default:
      limits.checks = (limits.checks ?? 0) + 1;
  }
}

function addNumberFormat(limits: Limits, format: z.core.$ZodNumberFormats): void {
  if (format === 'float32' || format === 'float64') return addFormat(limits, format);
  limits.whole = true;
  if (format === 'safeint') return;
  raise(limits, 'min', format === 'int32' ? -(2 ** 31) : 0);
  lower(limits, 'max', format === 'int32' ? 2 ** 31 - 1 : 2 ** 32 - 1);
}

function addFormat(limits: Limits, format: string): void {
  limits.formats = [...new Set([...(limits.formats ?? []), format])].toSorted();
}

function nameFormat(def: z.core.$ZodCheckStringFormatDef): string {
  const { format, pattern } = def;
  if (!pattern) return format;
  const usual: Record<string, unknown> = { ...z.regexes };
  const isUsual = usual[format] instanceof RegExp && String(usual[format]) === String(pattern);
  return isUsual ? format : `${format} ${pattern}`;
}

function toLimit(value: unknown): Limit {
  if (typeof value === 'number') return value;
  return value instanceof Date ? value.toISOString() : String(value);
}

function raise(limits: Limits, name: 'min' | 'above', value: Limit): void {
  const known = limits[name];
  if (known === undefined || compareLimits(known, value) < 0) limits[name] = value;
}

function lower(limits: Limits, name: 'max' | 'below', value: Limit): void {
  const known = limits[name];
  if (known === undefined || compareLimits(known, value) > 0) limits[name] = value;
}

/** One limit at each end, and the same one for the same values. */
function tidy(limits: Limits): Limits {
  const { above, below } = limits;
  if (limits.whole && typeof above === 'number') {
    raise(limits, 'min', Math.floor(above) + 1);
    delete limits.above;
  }
  if (limits.whole && typeof below === 'number') {
    lower(limits, 'max', Math.ceil(below) - 1);
    delete limits.below;
  }
  const { min, max } = limits;
  if (min !== undefined && limits.above !== undefined) {
    delete limits[compareLimits(min, limits.above) > 0 ? 'above' : 'min'];
  }
  if (max !== undefined && limits.below !== undefined) {
    delete limits[compareLimits(max, limits.below) < 0 ? 'below' : 'max'];
  }
  return limits;
}

import { compareLimits } from '../shapes/read-limits.ts';
import type { Limits } from '../shapes/shape.ts';
import type { ShapeRule } from './shape-rules.ts';

interface LimitChange {
  rule: ShapeRule;
  fact: string;
}

/** How the limits of one kind of value have changed. */
export function compareLimitsOf(old: Limits, current: Limits): LimitChange[] {
  return [
    ...compareEnds('least', lowerEnd(old), lowerEnd(current), 1),
    ...compareEnds('most', upperEnd(old), upperEnd(current), -1),
    ...compareWhole(old, current),
    ...compareFormats(old, current),
    ...compareChecks(old, current),
    ...compareConversions(old, current),
  ];
}

/** Where values end; an open end does not belong to them. */
interface End {
  limit: number | string;
  isOpen: boolean;
}

function lowerEnd({ min, above }: Limits): End | undefined {
  if (min !== undefined) return { limit: min, isOpen: false };
  return above === undefined ? undefined : { limit: above, isOpen: true };
}

function upperEnd({ max, below }: Limits): End | undefined {
  if (max !== undefined) return { limit: max, isOpen: false };
  return below === undefined ? undefined : { limit: below, isOpen: true };
}

function compareEnds(
  name: 'least' | 'most',
  old: End | undefined,
  current: End | undefined,
  inwards: 1 | -1,
): LimitChange[] {
  const inside = placeOf(current, old, inwards);
  if (inside === 0) return [];
  const was = old ? `was ${describe(old, name)}` : 'was without limit';
  const is = current ? describe(current, name) : 'without limit';
  const rule = inside > 0 ? 'bound-tightened' : 'bound-loosened';
  return [{ rule, fact: `the ${name} is ${is}, ${was}` }];
}

/** Positive when an end lies further inside than another. */
function placeOf(end: End | undefined, other: End | undefined, inwards: 1 | -1): number {
  if (!end || !other) return Number(Boolean(end)) - Number(Boolean(other));
  const difference = compareLimits(end.limit, other.limit) * inwards;
  return difference === 0 ? Number(end.isOpen) - Number(other.isOpen) : difference;
}

function describe({ limit, isOpen }: End, name: 'least' | 'most'): string {
  if (!isOpen) return String(limit);
  return `${name === 'least' ? 'above' : 'below'} ${limit}`;
}

function compareWhole(old: Limits, current: Limits): LimitChange[] {
  if (old.whole === current.whole) return [];
  return current.whole
    ? [{ rule: 'bound-tightened', fact: 'it is a whole number now' }]
    : [{ rule: 'bound-loosened', fact: 'it may be a fraction now' }];
}

function compareFormats({ formats: old = [] }: Limits, { formats = [] }: Limits): LimitChange[] {
  const added = formats.filter((format) => !old.includes(format));
  const removed = old.filter((format) => !formats.includes(format));
  return [
    ...added.map((format) => ({ rule: 'format-added' as const, fact: `it has to be ${format}` })),
    ...removed.map((format) => ({
      rule: 'format-removed' as const,
      fact: `it need not be ${format} any more`,
    })),
  ];
}

/** Checks are functions: one for another is not noticed. */
function compareChecks({ checks: old = 0 }: Limits, { checks = 0 }: Limits): LimitChange[] {
  if (checks === old) return [];
  const rule = checks > old ? 'check-added' : 'check-removed';
  return [{ rule, fact: `it has ${checks} checks of its own, had ${old}` }];
}

function compareConversions(old: Limits, current: Limits): LimitChange[] {
  const changes: LimitChange[] = [];
  if (old.coerced !== current.coerced) {
    changes.push(
      current.coerced
        ? { rule: 'type-widened', fact: 'other types are converted' }
        : { rule: 'type-narrowed', fact: 'other types are not converted any more' },
    );
  }
  if (JSON.stringify(old.into) !== JSON.stringify(current.into)) {
    changes.push({ rule: 'conversion-changed', fact: 'it is converted to something else' });
  }
  return changes;
}

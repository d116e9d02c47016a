import { compareLimits } from '../shapes/read-limits.ts';
import type { Limits, Literal, Shape } from '../shapes/shape.ts';

/** Whether one of the shapes is certain to take a value; what only running a check would tell is not certain. */
export function accepts(shapes: readonly Shape[], value: Literal): boolean {
  return shapes.some((shape) => {
    if (shape.formats || shape.checks || shape.coerced || shape.into) return false;
    if (shape.kind === 'unknown') return true;
    if (shape.kind === 'literals') return shape.values.includes(value);
    if (shape.kind === 'union') return accepts(shape.options, value);
    if (shape.kind !== typeof value) return false;
    if (typeof value === 'boolean') return true;
    if (typeof value === 'string') return isWithin(value.length, shape);
    return isWithin(value, shape) && (!shape.whole || Number.isSafeInteger(value));
  });
}

function isWithin(value: number, { min, above, max, below }: Limits): boolean {
  return (
    (min === undefined || compareLimits(value, min) >= 0) &&
    (above === undefined || compareLimits(value, above) > 0) &&
    (max === undefined || compareLimits(value, max) <= 0) &&
    (below === undefined || compareLimits(value, below) < 0)
  );
}

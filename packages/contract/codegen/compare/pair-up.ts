import type { Shape } from '../shapes/shape.ts';

/** Finds for each old branch the new one that is most likely the same. */
export function pairUp(old: readonly Shape[], current: readonly Shape[]) {
  const [removed, added] = [[...old], [...current]];
  const pairs: [Shape, Shape][] = [];
  for (const identify of [JSON.stringify, identityOf, kindOf]) {
    for (const before of [...removed]) {
      const index = added.findIndex((after) => identify(after) === identify(before));
      const [after] = index === -1 ? [] : added.splice(index, 1);
      if (!after) continue;
      removed.splice(removed.indexOf(before), 1);
      pairs.push([before, after]);
    }
  }
  return { pairs, removed, added };
}

/** What tells a branch from others of its kind: its name, or the fields that have one value only. */
function identityOf(shape: Shape): string {
  if (shape.kind === 'model') return `model ${shape.name}`;
  if (shape.kind !== 'object') return shape.kind;
  const tags = Object.entries(shape.fields).flatMap(([name, field]) =>
    field.kind === 'literals' && field.values.length === 1 ? [`${name}=${field.values[0]}`] : [],
  );
  return `object ${tags.toSorted().join()}`;
}

function kindOf({ kind }: Shape): string {
  return kind;
}

import type { Shape } from '../shapes/shape.ts';

/** A shape in a word or two. */
export function nameShape(shape: Shape): string {
  switch (shape.kind) {
    case 'literals':
      return shape.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'model':
      return shape.name;
    case 'array':
      return `a list of ${nameShape(shape.items)}`;
    case 'union':
      return shape.options.map(nameShape).join(' | ');
    case 'both':
      return shape.parts.map(nameShape).join(' & ');
    case 'unknown':
      return 'anything';
    case 'date':
      return 'Date';
    case 'object':
    case 'tuple':
    case 'record':
    case 'map':
    case 'set':
      return `a ${shape.kind}`.replace(/^a (?=o)/, 'an ');
    default:
      return shape.kind;
  }
}

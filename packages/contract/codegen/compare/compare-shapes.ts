import type { Direction } from '../print-types.ts';
import { accepts } from './accepts.ts';
import { compareLimitsOf } from './compare-limits.ts';
import { nameShape } from './name-shape.ts';
import { pairUp } from './pair-up.ts';
import { shapeRules, type ShapeRule, type ShapeRules } from './shape-rules.ts';
import {
  isPlainLiterals,
  withoutUndefined,
  type Field,
  type Models,
  type Shape,
  type ShapeOf,
} from '../shapes/shape.ts';

/** One difference between two shapes. */
export interface ShapeChange {
  rule: ShapeRule;
  /** Where: `data.history[].created`. */
  place: string;
  /** What has changed: `the most is 64, was 200`. */
  fact: string;
  breaks: boolean;
  /** Why it breaks others or not; `{who}` stands for those who hear or receive. */
  because: string;
}

export interface ShapeVersion {
  shape: Shape;
  models: Models;
}

export interface CompareShapesOptions {
  /** `input` for what is sent, `output` for replies and what is heard. */
  direction: Direction;
  place: string;
  rules?: ShapeRules;
}

/**
 * Says how a shape has changed, and which changes break others. In: whether all that was right to send is still
 * taken. Out: whether all that comes is what was promised, for readers who pass over keys they do not know.
 */
export function compareShapes(
  old: ShapeVersion,
  current: ShapeVersion,
  { direction, place, rules = shapeRules }: CompareShapesOptions,
): ShapeChange[] {
  return new Comparison(old.models, current.models, direction, rules).compare(
    old.shape,
    current.shape,
    place,
  );
}

class Comparison {
  readonly #oldModels: Models;
  readonly #newModels: Models;
  readonly #direction: Direction;
  readonly #rules: ShapeRules;
  /** Pairs of models under way: what contains itself is the same as long as nothing else differs. */
  readonly #visiting = new Set<string>();

  constructor(oldModels: Models, newModels: Models, direction: Direction, rules: ShapeRules) {
    this.#oldModels = oldModels;
    this.#newModels = newModels;
    this.#direction = direction;
    this.#rules = rules;
  }

  compare(old: Shape, current: Shape, place: string): ShapeChange[] {
    if (old.kind !== 'model' && current.kind !== 'model') {
      return this.#compareResolved(old, current, place);
    }
    const pair = JSON.stringify([old, current]);
    if (this.#visiting.has(pair)) return [];
    this.#visiting.add(pair);
    const changes = this.#compareResolved(
      resolve(old, this.#oldModels),
      resolve(current, this.#newModels),
      place,
    );
    this.#visiting.delete(pair);
    return changes;
  }

  #compareResolved(old: Shape, current: Shape, place: string): ShapeChange[] {
    const change = (rule: ShapeRule, fact: string) => this.#judge(rule, place, fact);
    const [was, is] = [nameShape(old), nameShape(current)];
    if (old.kind === 'unknown' || current.kind === 'unknown') {
      if (old.kind === current.kind) return this.#limits(old, current, place);
      // What has to pass checks is no longer just anything.
      const isOpen = (shape: Shape) => shape.kind === 'unknown' && shape.checks === undefined;
      if (isOpen(current)) return [change('type-widened', `it is anything now, was ${was}`)];
      if (isOpen(old)) return [change('type-narrowed', `it is ${is} now, was anything`)];
      return [change('type-changed', `it is ${is} now, was ${was}`)];
    }
    if (old.kind === 'union' || current.kind === 'union') {
      return this.#unions(toUnion(old), toUnion(current), place);
    }
    if (isPlainLiterals(old) && old.kind !== current.kind && acceptsAll(current, old)) {
      return [change('type-widened', `it is ${is} now, was ${was}`)];
    }
    if (isPlainLiterals(current) && old.kind !== current.kind && acceptsAll(old, current)) {
      return [change('type-narrowed', `it is ${is} now, was ${was}`)];
    }
    return (
      this.#sameKind(old, current, place) ?? [change('type-changed', `it is ${is} now, was ${was}`)]
    );
  }

  /** The changes within one kind; nothing when the kinds differ. */
  #sameKind(old: Shape, current: Shape, place: string): ShapeChange[] | undefined {
    const limits = () => this.#limits(old, current, place);
    if (old.kind === 'object' && current.kind === 'object') {
      return [...limits(), ...this.#objects(old, current, place)];
    }
    if (old.kind === 'literals' && current.kind === 'literals') {
      return [...limits(), ...this.#members([old], [current], place)];
    }
    if (
      (old.kind === 'array' && current.kind === 'array') ||
      (old.kind === 'set' && current.kind === 'set')
    ) {
      return [...limits(), ...this.compare(old.items, current.items, `${place}[]`)];
    }
    if (old.kind === 'tuple' && current.kind === 'tuple') {
      return [...limits(), ...this.#tuples(old, current, place)];
    }
    if (
      (old.kind === 'record' && current.kind === 'record' && old.loose === current.loose) ||
      (old.kind === 'map' && current.kind === 'map')
    ) {
      const keys = this.compare(old.key, current.key, `${place}{}`);
      return [...limits(), ...keys, ...this.compare(old.value, current.value, `${place}[]`)];
    }
    if (old.kind === 'both' && current.kind === 'both') {
      const parts = ([0, 1] as const).flatMap((index) =>
        this.compare(old.parts[index], current.parts[index], place),
      );
      return [...limits(), ...parts];
    }
    const isCompound = 'key' in old || 'parts' in old;
    return old.kind === current.kind && !isCompound ? limits() : undefined;
  }

  #limits(old: Shape, current: Shape, place: string): ShapeChange[] {
    return compareLimitsOf(old, current).map(({ rule, fact }) => this.#judge(rule, place, fact));
  }

  #objects(old: ShapeOf<'object'>, current: ShapeOf<'object'>, place: string): ShapeChange[] {
    const names = new Set([...Object.keys(old.fields), ...Object.keys(current.fields)]);
    const fields = [...names].flatMap((name) => {
      const [before, after] = [fieldOf(old, name), fieldOf(current, name)];
      const at = `${place}.${name}`;
      if (before && after) return this.#fields(before, after, at);
      const field = before ?? after;
      if (!field) return [];
      const rule = before ? this.#removal(before, current) : addition(field, old);
      return [this.#judge(rule, at, before ? 'it is gone' : `it is new: ${nameShape(field)}`)];
    });
    const keys: ShapeChange[] = [];
    if (old.keys === 'strict' && current.keys !== 'strict') {
      keys.push(this.#judge('keys-opened', place, 'it may have further keys'));
    }
    if (old.keys !== 'strict' && current.keys === 'strict') {
      keys.push(this.#judge('keys-closed', place, 'it may not have further keys'));
    }
    return [...fields, ...keys];
  }

  #removal(field: Field, current: ShapeOf<'object'>): ShapeRule {
    const isIgnored =
      this.#direction === 'input' ? current.keys !== 'strict' : current.keys === 'loose';
    if (isIgnored) return 'field-ignored';
    return field.optional ? 'optional-field-removed' : 'required-field-removed';
  }

  #fields(old: Field, current: Field, place: string): ShapeChange[] {
    const [before, after] = [old.optional, current.optional];
    const changes: ShapeChange[] = [];
    if (!before && after) {
      changes.push(this.#judge('became-optional', place, 'it may be left out now'));
    } else if (before && !after) {
      changes.push(this.#judge('became-required', place, 'it is required now'));
    } else if (before !== after) {
      const rule = after === true ? 'branch-added' : 'branch-removed';
      const fact = `it may ${after === true ? '' : 'not '}be undefined now`;
      changes.push(this.#judge(rule, place, fact));
    }
    // What may be left out may mostly be undefined too; that it may has been said.
    const mayBeUndefined = before !== after && (before === true || after === true);
    const value = (field: Field) => (mayBeUndefined ? withoutUndefined(field) : field);
    return [...changes, ...this.compare(value(old), value(current), place)];
  }

  #tuples(old: ShapeOf<'tuple'>, current: ShapeOf<'tuple'>, place: string): ShapeChange[] {
    const length = Math.max(old.items.length, current.items.length);
    const items = Array.from({ length }, (_, index) => {
      const [before, after] = [old.items[index] ?? old.rest, current.items[index] ?? current.rest];
      return before && after ? this.compare(before, after, `${place}[${index}]`) : [];
    });
    const rest = old.rest && current.rest ? this.compare(old.rest, current.rest, `${place}[]`) : [];
    return [...items.flat(), ...rest];
  }

  #unions(old: ShapeOf<'union'>, current: ShapeOf<'union'>, place: string): ShapeChange[] {
    const changes = [
      ...this.#limits(old, current, place),
      ...this.#members(old.options, current.options, place),
    ];
    const { pairs, removed, added } = pairUp(
      old.options.filter((option) => !isPlainLiterals(option)),
      current.options.filter((option) => !isPlainLiterals(option)),
    );
    const isInput = this.#direction === 'input';
    for (const [before, after] of pairs) {
      const differences = this.compare(before, after, place);
      const breaks = differences.some((difference) => difference.breaks);
      // A branch that no longer fits its like may still fit another.
      const covered = isInput
        ? this.#isTaken(before, current.options)
        : this.#isKnown(after, old.options);
      if (!breaks || !covered) changes.push(...differences);
    }
    for (const option of removed) {
      const covered = isInput && this.#isTaken(option, current.options);
      const rule = covered ? 'branch-covered' : 'branch-removed';
      changes.push(this.#judge(rule, place, `${nameShape(option)} is gone`));
    }
    for (const option of added) {
      const covered = !isInput && this.#isKnown(option, old.options);
      const rule = covered ? 'branch-covered' : 'branch-added';
      changes.push(this.#judge(rule, place, `${nameShape(option)} is new`));
    }
    return changes;
  }

  #members(old: readonly Shape[], current: readonly Shape[], place: string): ShapeChange[] {
    const [before, after] = [membersOf(old), membersOf(current)];
    const removed = before
      .filter((value) => !after.includes(value) && !accepts(current, value))
      .map((value) => this.#judge('member-removed', place, `${JSON.stringify(value)} is gone`));
    const added = after
      .filter((value) => !before.includes(value) && !accepts(old, value))
      .map((value) => this.#judge('member-added', place, `${JSON.stringify(value)} is new`));
    return [...removed, ...added];
  }

  /** Whether all of an old branch is still taken by one of the new ones. */
  #isTaken(option: Shape, options: readonly Shape[]): boolean {
    return options.some((each) => !this.compare(option, each, '').some(({ breaks }) => breaks));
  }

  /** Whether all of a new branch is known from one of the old ones. */
  #isKnown(option: Shape, options: readonly Shape[]): boolean {
    return options.some((each) => !this.compare(each, option, '').some(({ breaks }) => breaks));
  }

  #judge(rule: ShapeRule, place: string, fact: string): ShapeChange {
    return { rule, place, fact, ...this.#rules[rule][this.#direction] };
  }
}

/** A field by its name, which may be one that every object has: `valueOf`. */
function fieldOf({ fields }: ShapeOf<'object'>, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function addition(field: Field, old: ShapeOf<'object'>): ShapeRule {
  if (old.keys === 'loose') return 'field-claimed';
  return field.optional ? 'optional-field-added' : 'required-field-added';
}

function resolve(shape: Shape, models: Models): Shape {
  if (shape.kind !== 'model') return shape;
  const model = models[shape.name];
  if (!model) throw new Error(`The contract has no model ${shape.name}.`);
  const { checks = 0 } = shape;
  const resolved = resolve(model, models);
  return checks === 0 ? resolved : { ...resolved, checks: checks + (resolved.checks ?? 0) };
}

function toUnion(shape: Shape): ShapeOf<'union'> {
  return shape.kind === 'union' ? shape : { kind: 'union', options: [shape] };
}

function membersOf(options: readonly Shape[]) {
  return options.flatMap((option) => (option.kind === 'literals' ? option.values : []));
}

function acceptsAll(shape: Shape, { values }: ShapeOf<'literals'>): boolean {
  return values.every((value) => accepts([shape], value));
}

/** Values in groups by key. Most groups have one member, which is kept without a set around it. */
export class Groups<Value extends string | object> {
  readonly #groups = new Map<string, Value | Set<Value>>();

  has(key: string): boolean {
    return this.#groups.has(key);
  }

  /** How many members there are. */
  count(key: string): number {
    const group = this.#groups.get(key);
    if (group === undefined) return 0;
    return group instanceof Set ? group.size : 1;
  }

  /** The members; it may change while they are gone through. */
  of(key: string): Iterable<Value> {
    const group = this.#groups.get(key);
    if (group === undefined) return [];
    return group instanceof Set ? group : [group];
  }

  /** Says whether it is a new member. */
  add(key: string, value: Value): boolean {
    const group = this.#groups.get(key);
    if (group === value) return false;
    if (group === undefined) {
      this.#groups.set(key, value);
    } else if (group instanceof Set) {
      if (group.has(value)) return false;
      group.add(value);
    } else {
      this.#groups.set(key, new Set([group, value]));
    }
    return true;
  }

  /** Says whether it was a member. */
  delete(key: string, value: Value): boolean {
    const group = this.#groups.get(key);
    if (group === value) return this.#groups.delete(key);
    if (!(group instanceof Set) || !group.delete(value)) return false;
    if (group.size === 0) this.#groups.delete(key);
    return true;
  }
}

/** A value and the position in the log since which it holds. What is older never replaces what is newer. */
export class Dated<Value> {
  #value: Value;
  #position: number;

  constructor(value: Value, position: number) {
    this.#value = value;
    this.#position = position;
  }

  get value(): Value {
    return this.#value;
  }

  set(value: Value, position: number): void {
    if (position < this.#position) return;
    this.#value = value;
    this.#position = position;
  }
}

import type { ChatActivity } from '@parley/contract/types';

import type { Scheduler } from '../environment.ts';

type ActivityType = ChatActivity['type'];

/** A text field, or something like it that says when its value has changed. */
export interface ActivityInput {
  readonly value: string;
  addEventListener(type: 'input', listener: () => void): void;
  removeEventListener(type: 'input', listener: () => void): void;
}

export interface ActivityMonitorOptions {
  scheduler: Scheduler;
  tell(type: ActivityType): void;
}

/** How often `writing` is told while it lasts; the server ends it after 12 seconds. */
const repeatMilliseconds = 5000;

/** Without a key for so long, a draft counts as left alone. */
const pauseMilliseconds = 2000;

/** Tells what a user does in a text field, no more often than it has to. */
export class ActivityMonitor {
  readonly #input: ActivityInput;
  readonly #options: ActivityMonitorOptions;
  #type: ActivityType = 'not-writing';
  #cancelLook = () => {};
  #cancelPause = () => {};
  #cancelRepeat = () => {};

  constructor(input: ActivityInput, options: ActivityMonitorOptions) {
    this.#input = input;
    this.#options = options;
    input.addEventListener('input', this.#typed);
  }

  /** What was written is sent, which ends the writing on the server, too. */
  sent(): void {
    this.#rest('not-writing');
  }

  /** Tells again what a lost connection has ended on the server. */
  repeat(): void {
    if (this.#type !== 'not-writing') this.#options.tell(this.#type);
  }

  stop(): void {
    this.#input.removeEventListener('input', this.#typed);
    this.#cancelLook();
    this.#become('not-writing');
  }

  /** Within the event, whoever keeps the field's value elsewhere has not taken the key over, and could lose it. */
  readonly #typed = () => {
    this.#cancelLook();
    this.#cancelLook = this.#options.scheduler.after(0, () => this.#look());
  };

  #look() {
    this.#cancelPause();
    if (this.#input.value === '') return this.#become('not-writing');
    this.#become('writing');
    const pause = () => this.#become('stop-writing');
    this.#cancelPause = this.#options.scheduler.after(pauseMilliseconds, pause);
  }

  #become(type: ActivityType) {
    if (type === this.#type) return;
    this.#rest(type);
    this.#options.tell(type);
    if (type === 'writing') this.#repeatLater();
  }

  #rest(type: ActivityType) {
    this.#cancelLook();
    this.#cancelPause();
    this.#cancelRepeat();
    this.#type = type;
  }

  #repeatLater() {
    this.#cancelRepeat = this.#options.scheduler.after(repeatMilliseconds, () => {
      this.repeat();
      this.#repeatLater();
    });
  }
}

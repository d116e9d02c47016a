/** How long a client has to hear that it is to wait, in milliseconds. */
const hearingMilliseconds = 500;

/** So many refused sends while it is to wait may be of many people behind one connection. */
const fewSends = 20;

/** So often a client may take no notice in a row. */
const patience = 3;

/** Whether a client waits when it is told to. */
export class Obedience {
  #from = 0;
  #until = 0;
  #early = 0;
  #ignored = 0;

  /** One more of its sends was refused. Says whether it has taken no notice too often. */
  refused(now: number, retryAfterMs: number): boolean {
    if (now >= this.#until) {
      if (this.#early <= fewSends) this.#ignored = 0;
      this.#from = now + hearingMilliseconds;
      this.#until = now + retryAfterMs;
      this.#early = 0;
    } else if (now >= this.#from) {
      this.#early += 1;
      if (this.#early === fewSends + 1) this.#ignored += 1;
    }
    return this.#ignored >= patience;
  }
}

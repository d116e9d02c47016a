/** One line of an exchange: a frame the client sends, or one that it gets. */
export interface Line {
  direction: 'sent' | 'received';
  text: string;
}

/** A part of what is said on one connection. */
export interface Exchange {
  /** Whose connection it is. */
  name: string;
  lines: Line[];
}

/** The exchanges in a document's blocks of `frames`, in order. A line goes on in those that are indented after it. */
export function readExchanges(markdown: string): Exchange[] {
  return Array.from(
    markdown.matchAll(/^```frames (\w+)\n(.*?)^```/gms),
    ([, name = '', body = '']) => ({
      name,
      lines: Array.from(body.matchAll(/^([→←]) (.*\n(?: .*\n)*)/gm), ([, arrow, text = '']) => ({
        direction: arrow === '→' ? 'sent' : 'received',
        text: text.trim().replaceAll(/\n */g, ''),
      })),
    }),
  );
}

const madeIds = /\b([a-z]+)_[0-9a-hjkmnp-tv-z]{20}/g;

/** Ids as a document has them, `c_1` for the first chat, and as the server made them. Ids of errors are all `e_1`. */
export class Names {
  readonly #named = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** What the server said, as a document has it. */
  inDocument(text: string): string {
    return text.replaceAll(madeIds, (id, prefix) => {
      const known = this.#named.get(id);
      if (known !== undefined) return known;
      const count = prefix === 'e' ? 1 : (this.#counts.get(prefix) ?? 0) + 1;
      this.#counts.set(prefix, count);
      this.#named.set(id, `${prefix}_${count}`);
      return `${prefix}_${count}`;
    });
  }

  /** What a document has, as the server understands it. */
  onWire(text: string): string {
    let result = text;
    for (const [id, name] of this.#named) result = result.replaceAll(`"${name}"`, `"${id}"`);
    return result;
  }
}

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** A value as indented JSON, with its keys, texts and numbers told apart. */
export function Json({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2) ?? 'nothing';
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, quoted, colon] = match;
    const kind = colon !== undefined ? 'key' : quoted !== undefined ? 'text' : 'literal';
    parts.push(
      text.slice(end, match.index),
      <span key={match.index} className={kind}>
        {quoted ?? whole}
      </span>,
      colon ?? '',
    );
    end = match.index + whole.length;
  }
  return (
    <pre className="json">
      <code>
        {parts}
        {text.slice(end)}
      </code>
    </pre>
  );
}

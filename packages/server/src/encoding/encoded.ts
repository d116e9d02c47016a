import superjson from 'superjson';

/** A value as superjson writes it, in the two parts that a text is put together from. */
export interface Encoded {
  /** JSON text. */
  json: string;
  /**
   * What superjson says about places in it: the members of its `meta.values`, such as `"chat.createdAt":["Date"]`,
   * empty without any. When the value as a whole is annotated, that annotation: `["Date"]`.
   */
  annotations: string;
}

/** The text that superjson writes for the value. */
export function superjsonText(encoded: Encoded): string {
  const { json, annotations } = encoded;
  if (annotations === '') return `{"json":${json}}`;
  const values = isOfWhole(annotations) ? annotations : `{${annotations}}`;
  return `{"json":${json},"meta":{"values":${values},"v":1}}`;
}

/**
 * The annotations as members for a value that holds this one at a path, such as `data` or `1.data`. As in
 * superjson's paths, a backslash stands before a dot or a backslash inside a key.
 */
export function nested({ annotations }: Encoded, path: string): string {
  if (annotations === '') return '';
  const start = JSON.stringify(path).slice(0, -1);
  if (isOfWhole(annotations)) return `${start}":${annotations}`;
  if (!isFlat(annotations)) return nestEach(annotations, path);
  return `${start}.${annotations.slice(1).split(betweenMembers).join(`,${start}.`)}`;
}

/**
 * The value for who takes short answers: as member `data`, and the paths of its Dates, parted by spaces, as member `dates`.
 * Nothing when it holds something else that JSON cannot say, or a Date below a key of other characters.
 */
export function shortText({ json, annotations }: Encoded): string | undefined {
  if (annotations === '') return `"data":${json}`;
  if (!onlyDates.test(annotations)) return undefined;
  const paths = annotations.slice(0, -endOfDate.length).replaceAll(`${endOfDate},"`, ' ');
  return `"data":${json},"dates":${paths}"`;
}

const endOfDate = '":["Date"]';
const onlyDates = /^(?:"[\w.]+":\["Date"\],?)+$/;

/** The value that was encoded. */
export function decodeEncoded(encoded: Encoded): unknown {
  return encoded.annotations === ''
    ? JSON.parse(encoded.json)
    : superjson.parse(superjsonText(encoded));
}

function isOfWhole(annotations: string): boolean {
  return annotations.startsWith('[');
}

/** Whether every annotation is a single tag, as of a Date; those of a Map or a typed array are not. */
function isFlat(annotations: string): boolean {
  return !annotations.includes(',{') && !annotations.includes('[[');
}

/** Inside a key a quote follows a backslash, so this finds the end of a value and no part of a key. */
const betweenMembers = /(?<=\["[^"]*"\]),"/;

function nestEach(annotations: string, path: string): string {
  const members: object = JSON.parse(`{${annotations}}`);
  return Object.entries(members)
    .map(([key, value]) => `${JSON.stringify(`${path}.${key}`)}:${JSON.stringify(value)}`)
    .join();
}

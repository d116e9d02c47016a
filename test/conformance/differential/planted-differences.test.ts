import { describe, expect, test, vi } from 'vitest';

import { differences } from './compare.ts';
import { recordSequences, runSequences } from './run-sequences.ts';
import type { Transcript, Transcripts } from './side.ts';

/** Within so many sequences a planted difference has to be found. */
const most = 120;

const pair = ['parley', 'parley'] as const;

vi.setConfig({ testTimeout: 300_000 });

/** Changes the frames that came to Ann. */
const ofAnn =
  (change: (frames: readonly string[]) => readonly string[]) =>
  ({ ann, other }: Transcripts): Transcripts => ({
    ann: { ...ann, frames: change(ann.frames) },
    other,
  });

const each = (change: (frame: string) => string) => ofAnn((frames) => frames.map(change));

/** Without the first frame that has the text in it. */
const without = (text: string) =>
  ofAnn((frames) => {
    const index = frames.findIndex((frame) => frame.includes(text));
    return frames.filter((_, place) => place !== index);
  });

/** With the first two frames that have the text in them changed round. */
const swapped = (text: string) =>
  ofAnn((frames) => {
    const [one, two] = frames.flatMap((frame, index) => (frame.includes(text) ? [index] : []));
    const at = (index: number) => (index === one ? two : index === two ? one : index) ?? index;
    return frames.map((_, index) => frames[at(index)] ?? '');
  });

/** With the first frame that has the text in it twice. */
const doubled = (text: string) =>
  ofAnn((frames) => {
    const index = frames.findIndex((frame) => frame.includes(text));
    return frames.flatMap((frame, place) => (place === index ? [frame, frame] : [frame]));
  });

const closed = (transcript: Transcript): Transcript => ({ ...transcript, code: 1011 });

const planted: Record<string, (transcripts: Transcripts) => Transcripts> = {
  'a reply that is lost': without('"id":101,'),
  'an occurrence that is lost': without('"name":"messages:new"'),
  'an occurrence that comes twice': doubled('"name":"messages:new"'),
  'two occurrences in another order': swapped('"id":1,"jsonrpc":"2.0","result"'),
  'a started that is lost': without('"type":"started"'),
  'a stopped that is lost': without('"type":"stopped"'),
  'a PONG that is lost': without('PONG'),
  'a number that has become a text': each((frame) => frame.replace('"id":101,', '"id":"101",')),
  'a jsonrpc that is not echoed': each((frame) => frame.replace('"jsonrpc":"2.0",', '')),
  'a position that is one too high': each((frame) =>
    frame.replace(/"position":(\d+)/, (_, position) => `"position":${Number(position) + 1}`),
  ),
  'a tracked id that is missing': each((frame) =>
    frame.replace(/"type":"data","id":"\d+"/, '"type":"data"'),
  ),
  'a Date that the meta does not name': each((frame) => frame.replace(',"meta":{', ',"mete":{')),
  'an error with another code': each((frame) => frame.replace('"NOT_FOUND"', '"FORBIDDEN"')),
  'an error with another number': each((frame) => frame.replace('-32004', '-32003')),
  'an error without its details': each((frame) => frame.replace('"details":', '"detail":')),
  'another sentence': each((frame) => frame.replace('or you may not', 'and you may not')),
  'a connection that is closed': ({ ann, other }) => ({ ann: closed(ann), other }),
};

describe('of two recordings of the same', async () => {
  const recorded = await recordSequences({ pair, count: most, seed: 1 });

  test('nothing differs', () => {
    expect(recorded.flatMap(([one, other]) => differences(one, other))).toEqual([]);
  });

  test.each(Object.entries(planted))('%s is found', (_what, falsify) => {
    const found = recorded.flatMap(([one, other]) => differences(one, falsify(other)));
    expect(found).not.toEqual([]);
  });
});

test('a sequence that fails is made as small as can be', async () => {
  const falsify = each((frame) => frame.replace('"NOT_FOUND"', '"FORBIDDEN"'));
  const { failure } = await runSequences({ pair, count: most, seed: 1, falsify });
  const frames = failure?.sequence.volleys.flatMap((volley) => volley.frames);
  expect(frames?.length).toBeLessThanOrEqual(2);
});

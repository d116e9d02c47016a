import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { isoText } from '../../src/encoding/iso-text.ts';

test('the text of a Date is that of toISOString', () => {
  const dates = fc.oneof(
    fc.date({ noInvalidDate: true }),
    fc.date({ noInvalidDate: true, min: new Date('0900-01-01'), max: new Date('+010100-01-01') }),
    fc.date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2100-01-01') }),
  );
  const property = fc.property(dates, (date) => {
    expect(isoText(date)).toBe(date.toISOString());
  });
  fc.assert(property, { numRuns: 5_000 });
});

test.each([
  '1970-01-01T00:00:00.000Z',
  '2024-02-29T23:59:59.999Z',
  '1000-01-01T00:00:00.000Z',
  '0999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00.000Z',
  '-000001-12-31T09:08:07.006Z',
  '2026-10-11T12:13:14.015Z',
])('%s is written so', (text) => {
  expect(isoText(new Date(text))).toBe(text);
});

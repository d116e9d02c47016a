import { expect, test } from 'vitest';

import { withSection } from './report.ts';

const section = (text: string) => `<!-- T6 -->\n${text}\n<!-- end of T6 -->`;

test('the first report of a test is added at the end', () => {
  expect(withSection('# Title\n', 'T6', section('new'))).toBe(`# Title\n\n${section('new')}\n`);
});

test('a later one takes the place of the one before, and of no other', () => {
  const other = '<!-- T7 -->\nkept\n<!-- end of T7 -->';
  const before = `# Title\n\n${section('old')}\n\n${other}\n`;
  const after = `# Title\n\n${section('new')}\n\n${other}\n`;
  expect(withSection(before, 'T6', section('new'))).toBe(after);
});

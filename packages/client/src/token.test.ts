import { describe, expect, it } from 'vitest';

import { subjectOf } from './token.ts';

const token = (claims: string) =>
  `header.${btoa(claims).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}.signature`;

describe('subjectOf', () => {
  it('is whom a JWT names, in any letters', () => {
    const text = String.fromCharCode(...new TextEncoder().encode('{"sub":"ján?ÿ>>"}'));
    expect(subjectOf(token(text))).toBe('ján?ÿ>>');
  });

  it('is nobody in anything else', () => {
    const others = ['', 'token', 'a.b.c', token('{}'), token('{"sub":1}'), token('null')];
    expect(others.map(subjectOf)).toEqual(others.map(() => undefined));
  });
});

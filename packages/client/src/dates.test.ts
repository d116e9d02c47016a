import { describe, expect, it } from 'vitest';

import { Dates } from './dates.ts';

const text = '2026-01-01T10:00:00.000Z';
const date = new Date(text);

describe('Dates', () => {
  it('puts a date at every path', () => {
    const value = { at: text, data: { list: [{ created: text }, { created: 'never' }] } };
    const revived = new Dates().revive(value, 'at data.list.0.created');
    expect(revived).toEqual({
      at: date,
      data: { list: [{ created: date }, { created: 'never' }] },
    });
  });

  it('leaves a value without paths as it is', () => {
    expect(new Dates().revive({ at: text }, undefined)).toEqual({ at: text });
  });

  it('reads every text by itself, and gives each place a date of its own', () => {
    const dates = new Dates();
    const value: Record<string, Date> = {};
    const texts = [text, text, '2026-01-01T10:00:00.001Z', 'no time', text];
    Object.assign(value, texts);
    dates.revive(value, '0 1 2 3 4');
    expect(Object.values(value)).toEqual(texts.map((each) => new Date(each)));
    expect(new Set(Object.values(value)).size).toBe(texts.length);
  });

  it('knows more lists of paths than it keeps', () => {
    const dates = new Dates();
    for (let index = 0; index < 200; index += 1) {
      const key = `key${index}`;
      for (let again = 0; again < 2; again += 1) {
        expect(dates.revive({ [key]: text }, key)).toEqual({ [key]: date });
      }
    }
  });

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'a.__proto__.b',
    'toString.name',
    'b',
    'a.b.c',
  ])('refuses %s', (path) => {
    const value: unknown = JSON.parse(`{"a":{"b":"${text}"},"__proto__":{"polluted":"${text}"}}`);
    expect(() => new Dates().revive(value, path)).toThrow('nothing to revive');
    expect({}).not.toHaveProperty('polluted');
  });
});

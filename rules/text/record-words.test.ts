import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { phoneQuery, recordVector, tagQuery, textQuery } from './record-words.ts';

/** The words of a vector's or query's text. */
const wordsOf = (text: string): Set<string> => new Set([...text.matchAll(/'((?:''|\\\\|[^'\\])*)'/g)].map((match) => match[1]!.replaceAll("''", "'").replaceAll('\\\\', '\\')));

test('every fragment of three digits and more is found by its groups, and nothing shorter asks for any', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 14 });
  fc.assert(fc.property(digits, fc.nat(10), fc.nat(14), (phone, start, length) => {
    const part = phone.slice(start, start + length);
    const query = phoneQuery(part);
    if (part.length < 3) return assert.equal(query, null);
    const vector = wordsOf(recordVector({ texts: [], phones: [phone] }));
    for (const word of wordsOf(query!)) assert.ok(vector.has(word), `${part} of ${phone}`);
  }));
});

test('who looks for texts finds neither numbers nor tags by them', () => {
  const vector = wordsOf(recordVector({ texts: ['王芳', null], tags: ['投诉', '1380'], phones: ['13812345678'] }));
  for (const text of ['1380', '138', '投诉', '12345678', '@投诉', '#投诉', '~138']) {
    const asked = wordsOf(textQuery(text) ?? '');
    assert.ok([...asked].every((word) => ![...vector].some((one) => one.startsWith(word))), text);
  }
});

test('a tag is found as a whole, whatever is in it', () => {
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 10 }), (tag) => {
    assert.deepEqual([...wordsOf(tagQuery(tag))].length, 1);
    assert.ok(wordsOf(recordVector({ texts: [], tags: [tag] })).has([...wordsOf(tagQuery(tag))][0]!));
  }));
});

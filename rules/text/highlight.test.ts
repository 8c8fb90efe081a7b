import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normaliseText } from './bigrams.ts';
import { highlight, holdsPhrase } from './highlight.ts';
import { readSearch } from './search-query.ts';

const marks = (text: string, typed: string, length?: number): string | null => {
  const found = highlight(text, readSearch(typed), length);
  if (!found) return null;
  let shown = '';
  let at = 0;
  for (const [start, end] of found.ranges) {
    shown += `${found.text.slice(at, start)}[${found.text.slice(start, end)}]`;
    at = end;
  }
  return shown + found.text.slice(at);
};

test('what was looked for is marked where it stands', () => {
  assert.equal(marks('三号楼厨房水管漏水', '水管'), '三号楼厨房[水管]漏水');
  assert.equal(marks('水管旧了，水管要换', '水管'), '[水管]旧了，[水管]要换');
  assert.equal(marks('空调 KFR-35GW 不制冷', 'kfr'), '空调 [KFR]-35GW 不制冷');
  assert.equal(marks('空调ＫＦＲ不制冷', 'kfr'), '空调[ＫＦＲ]不制冷');
  assert.equal(marks('no water in the kitchen', '"no water"'), '[no water] in the kitchen');
});

test('runs are marked whole where they are whole, else by their pairs', () => {
  assert.equal(marks('地下车库积水', '地下车库积水'), '[地下车库积水]');
  assert.equal(marks('车库在地下，有积水', '地下车库积水'), '[车库]在[地下]，有[积水]');
});

test('words are marked from their beginning only', () => {
  assert.equal(marks('the rewater water', 'water'), 'the rewater [water]');
  assert.equal(marks('A-1234', '234'), null);
  assert.equal(marks('空调KFR', 'kfr'), '空调[KFR]');
});

test('of a long text the part is shown that holds most of it', () => {
  const text = `${'早上好。'.repeat(40)}水管坏了${'。晚上好'.repeat(40)}水管爆裂，阀门锈死${'。再见'.repeat(40)}`;
  const shown = marks(text, '水管 阀门', 60)!;
  assert.match(shown, /^….*\[水管\]爆裂，\[阀门\]锈死.*…$/);
  assert.ok(shown.length < 80);
});

test('nothing is marked where nothing is there', () => {
  assert.equal(marks('电梯停运', '水管'), null);
  assert.equal(marks('', '水管'), null);
});

test('markup is text like any other', () => {
  assert.equal(marks('<b onclick="x">水管</b>', '水管'), '<b onclick="x">[水管]</b>');
});

test('whatever is written and typed, the snippet is a piece of the text and its ranges lie in it, in order', () => {
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: fc.constantFrom(...'水管漏 aB1İﬃ𠮷é🔥-'), maxLength: 200 }));
  fc.assert(fc.property(anything, anything, fc.integer({ min: 10, max: 80 }), (text, typed, length) => {
    const query = readSearch(typed);
    const found = highlight(text, query, length);
    if (!found) return;
    assert.ok(text.includes(found.text.replace(/^…/, '').replace(/…$/, '')) || text.includes(found.text));
    assert.ok(found.text.isWellFormed() || !text.isWellFormed());
    let at = 0;
    for (const [start, end] of found.ranges) {
      assert.ok(start >= at && end > start && end <= found.text.length);
      at = end;
    }
    assert.ok(found.ranges.length > 0);
  }), { numRuns: 2_000 });
});

test('a phrase is there without regard to how it was written', () => {
  assert.ok(holdsPhrase('There is NO\n  water.', 'no water'));
  assert.ok(!holdsPhrase('no hot water', 'no water'));
  assert.equal(normaliseText('ＮＯ'), 'no');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bigramQuery, bigramVector, bigrams } from './bigrams.ts';

// What PostgreSQL makes of the two texts, written from its documentation (8.11. Text Search Types).
const lexeme = /'((?:[^'\\]|''|\\\\)*)'(:\*)?/y;

function lexemes(text: string, separator: string): { word: string; prefix: boolean }[] {
  const found: { word: string; prefix: boolean }[] = [];
  for (let at = 0; at < text.length || found.length === 0;) {
    if (found.length > 0) {
      assert.equal(text.slice(at, at + separator.length), separator, `no separator at ${at} of ${text}`);
      at += separator.length;
    }
    lexeme.lastIndex = at;
    const match = lexeme.exec(text);
    assert.ok(match && match[1] !== '', `no lexeme at ${at} of ${text}`);
    found.push({ word: match[1]!.replaceAll("''", "'").replaceAll('\\\\', '\\'), prefix: match[2] !== undefined });
    at = lexeme.lastIndex;
  }
  return found;
}

/** Whether `vector @@ query`. */
function finds(vector: string, query: string): boolean {
  const words = vector === '' ? [] : lexemes(vector, ' ').map(({ word }) => word);
  // Words are letters and digits only, so what stands between them can be told from them.
  return query.split(' & ').every((term) => lexemes(term.replace(/^\((.*)\)$/, '$1'), ' | ')
    .some((choice) => words.some((word) => (choice.prefix ? word.startsWith(choice.word) : word === choice.word))));
}

const isFound = (fragment: string, text: string): boolean => {
  const query = bigramQuery(fragment);
  return query !== null && finds(bigramVector(text), query);
};

// Few characters, so that pairs repeat; one needs four bytes, two are ideographs only by their script.
const character = fc.constantFrom(...'水管爆裂漏电梯𠮷々〇');
const hanText = (minLength: number, maxLength: number) => fc.array(character, { minLength, maxLength }).map((characters) => characters.join(''));
const between = fc.constantFrom('，', '。', ' ', '\n', '3', 'KFR-35', "'", '\\', '!', '：*', 'é');
const text = fc.array(fc.oneof({ weight: 2, arbitrary: hanText(1, 8) }, { weight: 1, arbitrary: between }), { maxLength: 12 }).map((parts) => parts.join(''));

test('every fragment of two Chinese characters or more is found in its text', () => {
  const cut = fc.record({ before: text, run: hanText(2, 12), after: text, start: fc.nat(10), length: fc.integer({ min: 2, max: 12 }) });
  fc.assert(fc.property(cut, ({ before, run, after, start, length }) => {
    const characters = [...run];
    const from = start % (characters.length - 1);
    const fragment = characters.slice(from, from + length).join('');
    assert.ok(isFound(fragment, before + run + after));
  }), { numRuns: 1_000 });
});

test('a fragment is found just where each two neighbours of it stand side by side', () => {
  fc.assert(fc.property(text, hanText(2, 6), (text, fragment) => {
    const characters = [...fragment];
    const everyPairStands = characters.slice(1).every((second, index) => text.includes(characters[index]! + second));
    assert.equal(isFound(fragment, text), everyPairStands);
  }), { numRuns: 2_000 });
});

test('a single Chinese character is found just where it stands', () => {
  fc.assert(fc.property(text, character, (text, single) => {
    assert.equal(isFound(single, text), text.includes(single));
  }));
});

test('several fragments must all be there, in whatever order', () => {
  assert.ok(isFound('漏水 三号楼', '三号楼地下室，消防管漏水'));
  assert.ok(!isFound('漏水 四号楼', '三号楼地下室，消防管漏水'));
});

test('a word or number in Latin script is found by its beginning, in either case and width', () => {
  const description = '工单 20261121-00042，型号 KFR-35GW，电话 13800138000';
  for (const fragment of ['20261121-00042', '00042', 'kfr', 'KFR-35', '35gw', 'ＫＦＲ', '138001']) assert.ok(isFound(fragment, description), fragment);
  assert.ok(isFound('KFR35GW', '空调KFR35GW漏水'), 'glued to Chinese');
  for (const fragment of ['42', 'FR', '8000', 'kfr 99']) assert.ok(!isFound(fragment, description), fragment);
});

test('a number to be kept from prying eyes is found by the whole of it only, and by what may be seen', () => {
  const hidden = '13998765432';
  const vector = bigramVector('水管爆裂 5432', { numbers: [hidden] });
  const finding = (typed: string) => finds(vector, bigramQuery(typed)!);
  assert.ok(finding(hidden) && finding(`水管 ${hidden}`) && finding('5432') && finding('１３９９８７６５４３２'));
  for (let length = 1; length < hidden.length; length += 1) {
    for (let start = 0; start + length <= hidden.length; start += 1) {
      const part = hidden.slice(start, start + length);
      assert.equal(finding(part), length > 1 && '5432'.startsWith(part), part);
    }
  }
  for (const typed of ['#13998765432', '#1399', "'#139", '#139 水管']) assert.equal(finding(typed), typed === '#13998765432', typed);
});

test('a ticket is found by its number, its count with or without noughts, and its count behind the day', () => {
  const vector = bigramVector('电梯停运', { ticketNumber: '20261121-00042' });
  const finding = (typed: string) => finds(vector, bigramQuery(typed)!);
  for (const typed of ['20261121-00042', '20261121-42', '1121-42', '1121-00042', '42', '0042', '00042', '20261121', '电梯 42', '２０２６１１２１-42']) assert.ok(finding(typed), typed);
  // No other count, no other day, and no beginning of either: numbers are many and begin alike.
  for (const typed of ['4', '2', '420', '20261121-4', '20261120-00042', '1120-42', '20261', '2026', '42-1121', '-42-']) assert.equal(finding(typed), typed === '-42-', typed);
});

test('a house number is no ticket number: its parts are words', () => {
  const vector = bigramVector('文澜府12-201', { ticketNumber: '20261121-00201' });
  for (const typed of ['12-201', '12-20', '201', '12']) assert.ok(finds(vector, bigramQuery(typed)!), typed);
  assert.ok(!finds(vector, bigramQuery('13-201')!));
});

test('a single letter or digit stands for itself', () => {
  const vector = bigramVector('A座 12楼');
  assert.deepEqual(['a', '12', '1', '2', '12楼'].map((typed) => finds(vector, bigramQuery(typed)!)), [true, true, false, false, true]);
});

test('words hold each once, and pairs do not reach over punctuation', () => {
  assert.deepEqual(bigrams('漏水，漏水'), ['漏', '漏水', '水']);
});

test('what holds no letter and no digit looks for nothing', () => {
  for (const fragment of ['', '   ', '，。！', "'\\ & | ! :*", '🔥']) assert.equal(bigramQuery(fragment), null);
});

test('whatever is typed, both texts are well formed, and a text is found by itself', () => {
  // Short enough that neither the longest query nor the most words cut anything off.
  const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: fc.constantFrom(..."'\\&|!()<>:*ABab1水管 "), maxLength: 40 }), text.filter((text) => text.length <= 200));
  fc.assert(fc.property(anything, (typed) => {
    const query = bigramQuery(typed);
    if (query === null) assert.equal(bigramVector(typed), '');
    else assert.ok(finds(bigramVector(typed), query));
  }), { numRuns: 1_000 });
});

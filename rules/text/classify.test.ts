import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { classify, learnFrom, type Example } from './classify.ts';

const said: Record<string, readonly string[]> = {
  water: ['水管漏水', '马桶堵了', '水龙头滴水', '下水道反味', '楼上漏水到我家', '洗手台下面漏水', '地漏堵塞积水'],
  power: ['跳闸了', '走廊灯不亮', '插座没电', '配电箱有焦味', '灯管闪烁', '半夜停电', '电表不走字'],
  gate: ['道闸不抬', '门禁刷不开', '门禁卡失灵', '道闸不认车牌', '单元门关不上', '门禁对讲没声音', '车库道闸坏了'],
};
const examples: Example[] = Object.entries(said).flatMap(([label, texts]) => texts.flatMap((text) => ['', '你好，', '麻烦看一下，'].map((greeting) => ({ label, title: greeting + text, text: `${greeting}${text}，谢谢` }))));

test('a text is named as those like it, with the words that spoke for it', () => {
  const classifier = learnFrom(examples);
  for (const [text, label] of [['厨房又漏水', 'water'], ['家里停电了', 'power'], ['道闸一直不开', 'gate']] as const) {
    const [best, second] = classify(classifier, text, text);
    assert.equal(best?.label, label, text);
    assert.ok(best!.confidence > (second?.confidence ?? 0) && best!.confidence <= 1);
    assert.ok(best!.words.some((word) => text.includes(word)), String(best!.words));
  }
  assert.deepEqual(classify(classifier, 'xyzzy', 'plugh'), []);
  assert.deepEqual(classify(learnFrom([{ label: 'only', title: '一个', text: '' }]), '一个', ''), []);
  assert.deepEqual(classify(JSON.parse(JSON.stringify(classifier)) as typeof classifier, '门禁', ''), classify(classifier, '门禁', ''));
});

test('what a person put right counts for more', () => {
  const twisted: Example[] = [...examples, ...Array.from({ length: 3 }, () => ({ label: 'gate', title: '楼道感应灯不亮', text: '', weight: 8 }))];
  assert.equal(classify(learnFrom(examples), '感应灯不亮', '')[0]?.label, 'power');
  assert.equal(classify(learnFrom(twisted), '感应灯不亮', '')[0]?.label, 'gate');
});

// A folder of texts that bear names, one JSON object a line with title, body and label.
const file = process.env['LABELLED_TEXTS'];
test('on real texts that were held out, three in four are right at least', { skip: file === undefined || !existsSync(file) ? 'LABELLED_TEXTS names no file' : false }, () => {
  const rows = readFileSync(file!, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { title: string; body: string; label: string });
  const right = Array.from({ length: 10 }, (_, fold) => {
    const classifier = learnFrom(rows.filter((_, at) => at % 10 !== fold).map(({ label, title, body }) => ({ label, title, text: body })));
    return rows.filter((row, at) => at % 10 === fold && classify(classifier, row.title, row.body, 1)[0]?.label === row.label).length;
  }).reduce((sum, one) => sum + one, 0);
  assert.ok(right / rows.length > 0.75, `${right} of ${rows.length}`);
});

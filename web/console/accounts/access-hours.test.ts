import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessText, readAccess } from './access-hours.ts';

test('hours of a place as lines, there and back in both languages', () => {
  const day = (weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7, startsMinute: number, endsMinute: number) => ({ weekday, startsMinute, endsMinute });
  const access = [...([1, 2, 3, 4, 5] as const).flatMap((weekday) => [day(weekday, 540, 720), day(weekday, 780, 1_080)]), day(7, 540, 720)];
  for (const language of ['zh', 'en'] as const) assert.deepEqual(readAccess(accessText(access, language)), { access }, accessText(access, language));
  assert.deepEqual(readAccess('周一至周二 9:00-18:00\n\n星期天：10:00-12:00'), { access: [day(1, 540, 1_080), day(2, 540, 1_080), day(7, 600, 720)] });
  assert.deepEqual([readAccess(' '), accessText(null, 'zh')], [{ access: null }, '']);
  for (const [text, line] of [['周一', 1], ['周一 9-18', 1], ['周一 09:00-18:00\n工作日 09:00-18:00', 2], ['周五–周一 09:00-18:00', 1], ['09:00-18:00', 1]] as const) assert.deepEqual(readAccess(text), { line }, text);
});

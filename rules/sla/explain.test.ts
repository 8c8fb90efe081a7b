import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainClock, type SlaLabels } from './explain.ts';
import { lengthText, rangeText } from './explain-words.ts';
import { ledgerOf, type SlaEvent, type SlaRules } from './ledger.ts';
import { pictureOf } from './picture.ts';
import { calendars, created, event, policy, rules, shanghai, target } from './sample-policies.ts';

const labels: SlaLabels = { policy: () => '标准', calendar: (id) => (id === 'office' ? '工作时间' : '7×24 小时') };
const waits = [{ status: 'waiting' as const }];
const clockOf = (events: readonly SlaEvent[], by: SlaRules) => ledgerOf(events, by)!.clocks[0]!;
const lines = (events: readonly SlaEvent[], by: SlaRules, now: string, language: 'zh' | 'en' = 'zh') => explainClock(clockOf(events, by), calendars, shanghai(now), language, labels).lines.map(({ text }) => text);
const byPriority = rules([policy([target('resolution', 240, { key: 'u', priorities: ['urgent'], calendar: 'always', pauses: waits }), target('resolution', 480, { key: 'n', pauses: waits })])]);
const life = [created('2026-11-20 15:00'), event('2026-11-20 16:00', 'changed', { status: 'waiting', waitingFor: 'customer' }), event('2026-11-20 16:30', 'changed', { status: 'open', waitingFor: null }), event('2026-11-23 09:30', 'changed', { priority: 'urgent' }), event('2026-11-23 12:30', 'resolved')];

test('a life is told interval by interval, in Chinese', () => {
  assert.deepEqual(lines(life, byPriority, '2026-11-24 17:00'), [
    '解决时限 8 小时，依据策略“标准”，按日历“工作时间”（周一至周五 09:00–12:00、13:30–18:00，Asia/Shanghai）计算。',
    '11月20日 周五 15:00 开始计时。',
    '11月20日 周五 15:00–16:00 计时 1 小时，累计 1 小时。',
    '11月20日 周五 16:00–16:30 暂停：等待客户。',
    '11月20日 周五 16:30–18:00 计时 1 小时 30 分钟，累计 2 小时 30 分钟。',
    '11月20日 周五 18:00 至 11月23日 周一 09:00 非工作时间，不计时。',
    '11月23日 周一 09:00–09:30 计时 30 分钟，累计 3 小时。',
    '11月23日 周一 09:30 优先级由中改为紧急，时限由 8 小时改为 4 小时，改按日历“7×24 小时”（Asia/Shanghai）计算，已用 3 小时计入。',
    '11月23日 周一 09:30–10:30 计时 1 小时，累计 4 小时。',
    '11月23日 周一 10:30 超时。',
    '11月23日 周一 10:30–12:30 计时 2 小时，累计 6 小时。',
    '11月23日 周一 12:30 完成，用时 6 小时，超时 2 小时。',
  ]);
});

test('and in English, with what is ahead', () => {
  assert.deepEqual(lines(life.slice(0, 3), byPriority, '2026-11-20 17:00', 'en').slice(2), [
    'Fri 20 Nov 15:00–16:00: 1 h counted, 1 h in all.', 'Fri 20 Nov 16:00–16:30: paused, waiting for the customer.', 'Fri 20 Nov 16:30–17:00: 30 min counted, 1 h 30 min in all.',
    'Fri 20 Nov 17:00–18:00: 1 h counted, 2 h 30 min in all.', 'Fri 20 Nov 18:00 to Mon 23 Nov 09:00: outside working hours, not counted.', 'Mon 23 Nov 09:00–12:00: 3 h counted, 5 h 30 min in all.',
    'Mon 23 Nov 12:00–13:30: outside working hours, not counted.', 'Mon 23 Nov 13:30–16:00: 2 h 30 min counted, 8 h in all.', 'Resolve it by Mon 23 Nov 16:00.',
  ]);
});

test('the summary says how it stands', () => {
  const summary = (events: readonly SlaEvent[], now: string) => explainClock(clockOf(events, byPriority), calendars, shanghai(now), 'zh', labels).summary;
  assert.equal(summary(life.slice(0, 1), '2026-11-20 15:30'), '应在 11月23日 周一 15:30 前解决，还剩 7 小时 30 分钟工作时间。');
  assert.equal(summary(life.slice(0, 2), '2026-11-20 17:30'), '已暂停：等待客户，恢复后还剩 7 小时工作时间。');
  assert.equal(summary(life.slice(0, 3), '2026-11-23 17:00'), '11月23日 周一 16:00 已超时，超出 1 小时工作时间。');
  assert.equal(summary(life.slice(0, 3), '2026-11-23 16:00'), '11月23日 周一 16:00 已超时。');
  assert.equal(summary([life[0]!, event('2026-11-20 15:45', 'resolved')], '2026-11-23 16:00'), '11月20日 周五 15:45 按时达成，用时 45 分钟。');
  assert.equal(summary([life[0]!, event('2026-11-20 15:45', 'cancelled')], '2026-11-23 16:00'), '11月20日 周五 15:45 不再需要，计时作废。');
});

test('holidays are called by their names, unpublished years are warned of, and long lives are told by their ends', () => {
  const long = lines([created('2026-09-28 15:00')], rules([policy([target('resolution', 6_000)])]), '2026-09-30 17:00');
  assert.ok(long.includes('9月30日 周三 18:00 至 10月5日 周一 09:00 非工作时间（国庆节），不计时。'));
  assert.ok(long.includes('10月5日 周一 13:30 至 10月15日 周四 18:00 其间 19 段工作时间，共计时 72 小时，累计 93 小时。'));
  assert.ok(long.length < 25);
  assert.equal(lines([created('2026-12-31 15:00')], rules([policy([target('resolution', 240)])]), '2026-12-31 16:00').at(-1), '2027 年的节假日尚未公布，期限可能变化。');
  const forYears = explainClock(clockOf([created('2020-01-01 15:00')], rules([policy([target('resolution', 60)])])), calendars, shanghai('2026-11-20 15:00'), 'zh', labels);
  assert.equal(forYears.intervals.length, 2_000);
  assert.ok(forYears.lines.some(({ text }) => text === '区间太多，其余从略。'));
});

test('a night that is not over is one line, whenever one looks', () => {
  assert.deepEqual(lines(life.slice(0, 1), byPriority, '2026-11-20 21:00').filter((line) => line.includes('非工作时间')).slice(0, 1), ['11月20日 周五 18:00 至 11月23日 周一 09:00 非工作时间，不计时。']);
});

test('a clock without a deadline says why', () => {
  const [promise, now] = [rules([policy([target('acceptance', 15)])]), shanghai('2026-11-20 16:00')];
  assert.equal(explainClock(clockOf([created('2026-11-20 15:00')], promise), {}, now, 'zh').summary, '日历已不存在，无法得出期限。');
  assert.equal(explainClock(clockOf([created('2026-11-20 15:00')], promise), { office: { timeZone: 'UTC', windows: [] } }, now, 'en').summary, 'The calendar has no working time left, so there is no deadline.');
});

test('what is counted in the lines is what is used', () => {
  const { lines: told } = explainClock(clockOf(life, byPriority), calendars, shanghai('2026-11-24 17:00'), 'zh', labels);
  assert.equal(told.reduce((sum, { counted }) => sum + counted, 0), 6 * 3_600_000);
});

test('lengths and ranges in words', () => {
  assert.deepEqual([0, 30_000, 60_000, 3_600_000, 5_430_000, -5_400_000].map((length) => lengthText(length, 'zh')), ['0 分钟', '不到 1 分钟', '1 分钟', '1 小时', '1 小时 30 分钟', '1 小时 30 分钟']);
  const view = { timeZone: 'Asia/Shanghai', year: 2026, language: 'zh' } as const;
  assert.equal(rangeText(shanghai('2026-11-20 22:00'), shanghai('2026-11-21 00:00'), view), '11月20日 周五 22:00–24:00');
  assert.equal(rangeText(shanghai('2026-12-31 22:00'), shanghai('2027-01-01 06:00'), view), '12月31日 周四 22:00 至 2027年1月1日 周五 06:00');
});

test('the picture covers the whole life without a gap, marks within it', () => {
  const long = rules([policy([target('resolution', 6_000, { warnings: [50, 80], ladder: [{ afterMinutes: 0, whom: [{ kind: 'manager' }] }] })])]);
  for (const [events, by, now] of [[life, byPriority, '2026-11-24 17:00'], [life.slice(0, 2), byPriority, '2026-11-20 17:00'], [[created('2026-06-01 15:00')], long, '2026-11-24 17:00'], [[life[0]!], byPriority, '2026-11-20 15:00']] as const) {
    const { segments, marks } = pictureOf(clockOf(events, by), calendars, shanghai(now));
    let at = 0;
    for (const { start, width } of segments) {
      assert.ok(Math.abs(start - at) < 1e-9);
      at = start + width;
    }
    assert.ok(Math.abs(at - 1) < 1e-9);
    assert.ok(segments.length <= 300);
    assert.ok(marks.every(({ position }) => position >= 0 && position <= 1));
    assert.ok(marks.some(({ kind }) => kind === 'now' || kind === 'met'));
  }
});

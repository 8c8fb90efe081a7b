import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAgo, formatDuration, formatExact, formatRelative, formatRemaining, formatTime, showTimesIn } from './time.ts';

// Local times, so that the expectations hold in every zone the tests run in.
const now = new Date(2026, 10, 20, 15, 30, 0);
const at = (month: number, date: number, hours: number, minutes: number, year = 2026): Date =>
  new Date(year, month - 1, date, hours, minutes);

test('relative times read as one says them', () => {
  const cases: [Date, string, string][] = [
    [new Date(now.getTime() - 20_000), '刚刚', 'just now'],
    [at(11, 20, 15, 27), '3 分钟前', '3 min ago'],
    [at(11, 20, 15, 42), '12 分钟后', 'in 12 min'],
    [at(11, 20, 9, 10), '6 小时前', '6 h ago'],
    [at(11, 19, 14, 5), '昨天 14:05', 'yesterday 14:05'],
    [at(11, 21, 8, 0), '明天 08:00', 'tomorrow 08:00'],
    [at(11, 3, 14, 5), '11月3日 14:05', '3 Nov 14:05'],
    [at(12, 31, 23, 59, 2025), '2025年12月31日 23:59', '31 Dec 2025 23:59'],
  ];
  for (const [moment, chinese, english] of cases) {
    assert.equal(formatRelative(moment, now, 'zh-CN'), chinese);
    assert.equal(formatRelative(moment.toISOString(), now, 'en'), english);
  }
});

test('what has just happened is never still to come, though clocks differ by seconds', () => {
  assert.equal(formatRelative(new Date(now.getTime() + 9_000), now, 'zh-CN'), '刚刚');
  assert.equal(formatRelative(new Date(now.getTime() + 9_000), now, 'en'), 'just now');
  assert.equal(formatRelative(new Date(now.getTime() + 45_000), now, 'zh-CN'), '马上');
  assert.equal(formatRelative(new Date(now.getTime() + 45_000), now, 'en'), 'in a moment');
  assert.equal(formatAgo(new Date(now.getTime() + 300_000), now, 'zh-CN'), '刚刚');
  assert.equal(formatAgo(at(11, 20, 15, 27), now, 'zh-CN'), '3 分钟前');
});

test('shortly after midnight, a few hours ago is not called yesterday', () => {
  assert.equal(formatRelative(at(11, 19, 23, 0), at(11, 20, 1, 0), 'zh-CN'), '2 小时前');
});

test('the exact moment carries year, weekday and seconds', () => {
  assert.match(formatExact(now, 'zh-CN'), /2026年11月20日.*五.*15:30:00/);
  assert.match(formatExact(now, 'en'), /Fri.*20 Nov 2026.*15:30:00/);
});

test('durations name their two largest units', () => {
  assert.equal(formatDuration(45_000, 'zh-CN'), '45 秒');
  assert.equal(formatDuration(7_500_000, 'zh-CN'), '2 小时 5 分');
  assert.equal(formatDuration(7_500_000, 'en'), '2 h 5 min');
  assert.equal(formatDuration(2 * 86_400_000, 'en'), '2 d');
});

test('a deadline tells what is left and what has run over', () => {
  assert.deepEqual(formatRemaining(at(11, 20, 16, 0), now, 'zh-CN'), { text: '剩 30 分', overdue: false });
  assert.deepEqual(formatRemaining(at(11, 20, 15, 18), now, 'zh-CN'), { text: '超 12 分', overdue: true });
  assert.deepEqual(formatRemaining(at(11, 20, 15, 18), now, 'en'), { text: '12 min over', overdue: true });
});

test('times are shown in another zone than the device’s where that is said', () => {
  const moment = '2026-11-22T01:30:00Z';
  try {
    showTimesIn('America/New_York');
    assert.equal(formatTime(moment, 'en'), '20:30');
    // There it is the evening before, and the day before is yesterday.
    assert.equal(formatRelative('2026-11-21T02:00:00Z', '2026-11-22T03:00:00Z', 'en'), 'yesterday 21:00');
    showTimesIn('Asia/Tokyo');
    assert.equal(formatTime(moment, 'en'), '10:30');
  } finally {
    showTimesIn(undefined);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineOfDay, sourceFromDays } from './holidays.ts';
import { readIcalendar, type ExpandRecurrence, type IcalOptions } from './icalendar.ts';

const options: IcalOptions = { timeZone: 'Asia/Shanghai', meaning: 'closed', from: '2026-01-01', to: '2027-12-31' };
const file = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
const read = (text: string, more: Partial<IcalOptions> = {}) => readIcalendar(text, { ...options, ...more });

test('lists of days become a source, in both forms', () => {
  const plain = sourceFromDays('cn', { '2026-01-01': 'holiday', '2026-10-01': 'holiday', '2026-10-10': 'workday' });
  assert.deepEqual(plain, { source: { key: 'cn', knownFrom: 2026, knownUntil: 2026, days: { '2026-01-01': { kind: 'holiday' }, '2026-10-01': { kind: 'holiday' }, '2026-10-10': { kind: 'workday' } } }, problems: [] });
  const published = sourceFromDays('cn', {
    holidays: { '2025-01-01': "New Year's Day,元旦,1", '2025-10-01': 'National Day,国庆节,4', '2026-01-01': "New Year's Day,元旦,1", '2026-02-17': 'Spring Festival,春节,4', '2027-01-01': "New Year's Day,元旦,1" },
    workdays: { '2026-02-14': 'Spring Festival,春节,4' }, inLieuDays: { '2026-02-18': 'Spring Festival,春节,4' },
  });
  assert.deepEqual(published.source.days['2026-02-14'], { kind: 'workday', name: '春节' });
  assert.equal(published.source.days['2026-02-18'], undefined);
  // The New Year of 2027 belongs to the list of 2026: 2027 is not known by it.
  assert.deepEqual([published.source.knownFrom, published.source.knownUntil], [2025, 2026]);
  assert.equal(sourceFromDays('cn', { '2026-01-01': 'holiday' }).source.knownUntil, undefined);
  assert.equal(sourceFromDays('cn', { '2026-01-01': 'holiday' }, { knownUntil: 2026 }).source.knownUntil, 2026);
});

test('what is no list is said', () => {
  assert.deepEqual(sourceFromDays('x', [1]).problems, [{ code: 'not_a_list' }]);
  assert.deepEqual(sourceFromDays('x', { '2026-02-30': 'holiday', '2026-02-01': 'party' }).problems, [{ code: 'day', day: '2026-02-30' }, { code: 'meaning', day: '2026-02-01' }]);
});

test('the outline of a day says how it is worked and why', () => {
  const { source } = sourceFromDays('cn', { workdays: { '2026-10-10': 'National Day,国庆节,3' }, holidays: {} }, { knownUntil: 2026 });
  const calendar = { timeZone: 'Asia/Shanghai', windows: [{ weekday: 1, startsMinute: 600, endsMinute: 720 }, { weekday: 1, startsMinute: 540, endsMinute: 600 }] as const, sources: [source] };
  assert.deepEqual(outlineOfDay(calendar, '2026-10-10'), { day: '2026-10-10', weekday: 6, windows: [{ startsMinute: 540, endsMinute: 720 }], exceptions: [{ source: 'cn', exception: { kind: 'workday', name: '国庆节' } }], unpublished: false });
  assert.deepEqual(outlineOfDay(calendar, '2027-01-02'), { day: '2027-01-02', weekday: 6, windows: [], exceptions: [], unpublished: true });
});

test('whole days: the end is not included, without one it is a day', () => {
  const { days, events, problems } = read(file(
    event('UID:1', 'DTSTART;VALUE=DATE:20261001', 'DTEND;VALUE=DATE:20261004', 'SUMMARY:国庆\\, 放假', 'TRANSP:TRANSPARENT'), event('UID:2', 'DTSTART;VALUE=DATE:20261224', 'SUMMARY;LANGUAGE=en:Christmas', ' Eve'),
    event('UID:3', 'DTSTART;VALUE=DATE:20261230', 'DURATION:P2D'), event('UID:4', 'DTSTART;VALUE=DATE:20260501', 'STATUS:CANCELLED'), event('UID:5', 'DTSTART;VALUE=DATE:20251001'),
  ));
  assert.deepEqual(days, {
    '2026-10-01': { kind: 'holiday', name: '国庆, 放假' }, '2026-10-02': { kind: 'holiday', name: '国庆, 放假' }, '2026-10-03': { kind: 'holiday', name: '国庆, 放假' },
    '2026-12-24': { kind: 'holiday', name: 'ChristmasEve' }, '2026-12-30': { kind: 'holiday' }, '2026-12-31': { kind: 'holiday' },
  });
  assert.deepEqual([events, problems], [5, []]);
  assert.deepEqual(read(file(event('DTSTART;VALUE=DATE:20261001')), { meaning: 'open' }).days, { '2026-10-01': { kind: 'workday' } });
});

test('where days are marked, festivals without a mark are ordinary days', () => {
  const { days } = read(file(
    event('UID:1', 'DTSTART;VALUE=DATE:20260214', 'SUMMARY:情人节'), event('UID:2', 'DTSTART;VALUE=DATE:20260215', 'DTEND;VALUE=DATE:20260217', 'SUMMARY:春节（休）', 'X-APPLE-SPECIAL-DAY:WORK-HOLIDAY'),
    event('UID:3', 'DTSTART;VALUE=DATE:20260228', 'SUMMARY:春节（班）', 'X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY'),
  ));
  assert.deepEqual(days, { '2026-02-15': { kind: 'holiday', name: '春节（休）' }, '2026-02-16': { kind: 'holiday', name: '春节（休）' }, '2026-02-28': { kind: 'workday', name: '春节（班）' } });
});

test('timed events take windows out, in the calendar’s own zone and across its midnights', () => {
  const { days } = read(file(
    event('UID:1', 'DTSTART:20261123T013045Z', 'DTEND:20261123T030015Z', 'SUMMARY:全员大会'), event('UID:2', 'DTSTART;TZID=America/New_York:20261124T100000', 'DURATION:PT4H'),
    event('UID:3', 'DTSTART:20261123T110000', 'DTEND:20261123T120000'), event('UID:4', 'DTSTART;TZID="China Standard Time":20261126T080000', 'DTEND;TZID="China Standard Time":20261126T090000'),
  ));
  assert.deepEqual(days, {
    '2026-11-23': { kind: 'closed', name: '全员大会', windows: [{ startsMinute: 570, endsMinute: 720 }] },
    '2026-11-24': { kind: 'closed', windows: [{ startsMinute: 1_380, endsMinute: 1_440 }] }, '2026-11-25': { kind: 'closed', windows: [{ startsMinute: 0, endsMinute: 180 }] },
    '2026-11-26': { kind: 'closed', windows: [{ startsMinute: 480, endsMinute: 540 }] },
  });
  // 02:30 does not exist in New York that day: it is meant as 03:30.
  assert.deepEqual(read(file(event('DTSTART:20260308T023000', 'DTEND:20260308T040000')), { timeZone: 'America/New_York', meaning: 'open' }).days, { '2026-03-08': { kind: 'open', windows: [{ startsMinute: 210, endsMinute: 240 }] } });
});

/** Enough of RFC 5545 for a yearly and a weekly event. */
const expand: ExpandRecurrence = ({ rule, start }, from, to) => {
  const [, frequency, count] = /FREQ=(YEARLY|WEEKLY)(?:;COUNT=(\d+))?/.exec(rule) ?? [];
  if (frequency === undefined) throw new Error('no such rule');
  const time = start.slice(10);
  const starts: string[] = [];
  for (let index = 0; index < Number(count ?? 50); index += 1) {
    const at = new Date(`${start.slice(0, 10)}T00:00:00Z`);
    if (frequency === 'YEARLY') at.setUTCFullYear(at.getUTCFullYear() + index);
    else at.setUTCDate(at.getUTCDate() + index * 7);
    starts.push(at.toISOString().slice(0, 10) + time);
  }
  return starts.filter((text) => text.slice(0, 10) >= from && text.slice(0, 10) <= to);
};

test('repeating events go through the port; times taken out and moved are heeded', () => {
  const yearly = event('UID:1', 'DTSTART;VALUE=DATE:20200501', 'RRULE:FREQ=YEARLY', 'SUMMARY:劳动节');
  assert.deepEqual(Object.keys(read(file(yearly), { expandRecurrence: expand }).days), ['2026-05-01', '2027-05-01']);
  const weekly = event('UID:2', 'DTSTART;TZID=Asia/Shanghai:20261102T090000', 'DTEND;TZID=Asia/Shanghai:20261102T100000', 'RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE:20261109T010000Z', 'RDATE;TZID=Asia/Shanghai:20261201T090000');
  const moved = event('UID:2', 'RECURRENCE-ID;TZID=Asia/Shanghai:20261116T090000', 'DTSTART;TZID=Asia/Shanghai:20261117T130000', 'DTEND;TZID=Asia/Shanghai:20261117T140000');
  const calledOff = event('UID:2', 'RECURRENCE-ID:20261123T010000Z', 'DTSTART:20261123T010000Z', 'STATUS:CANCELLED');
  assert.deepEqual(Object.keys(read(file(weekly, moved, calledOff), { expandRecurrence: expand }).days), ['2026-11-02', '2026-11-17', '2026-12-01']);
});

test('a rule nobody can expand is reported and its first time taken', () => {
  const lunar = file(event('UID:1', 'DTSTART;VALUE=DATE:20260217', 'RRULE:FREQ=LUNAR', 'SUMMARY:春节'));
  for (const more of [{}, { expandRecurrence: expand }]) {
    assert.deepEqual(read(lunar, more), { days: { '2026-02-17': { kind: 'holiday', name: '春节' } }, events: 1, problems: [{ line: 3, code: 'recurrence', summary: '春节' }] });
  }
});

test('what cannot be read is left out and said, with its line', () => {
  const { days, problems } = read(file(event('DTSTART;TZID=Middle/Earth:20261001T090000', 'SUMMARY:a'), event('SUMMARY:b'), event('DTSTART:20261301'), event('DTSTART:20261002', 'DTEND:20261001'), event('DTSTART;VALUE=DATE:20261005')));
  assert.deepEqual(Object.keys(days), ['2026-10-05']);
  assert.deepEqual(problems, [{ line: 3, code: 'unknown_zone', summary: 'a' }, { line: 7, code: 'time', summary: 'b' }, { line: 10, code: 'time', summary: '' }, { line: 13, code: 'time', summary: '' }]);
  for (const odd of ['', 'hello', '<html>', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR', file('BEGIN:VEVENT')]) assert.equal(read(odd).problems[0]?.code, 'not_icalendar');
});

test('an event of a thousand years fills no memory', () => {
  const { days, problems } = read(file(event('DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:23990101'), event('DTSTART:20260101T000000Z', 'DTEND:23990101T000000Z')));
  assert.equal(problems[0]?.code, 'too_many');
  assert.ok(Object.keys(days).length <= 402);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIcalendar } from '../../../rules/calendar/icalendar.ts';
import { expandRecurrence } from './expand-recurrence.ts';

const expand = (rule: string, start: string, to = '2030-12-31') => expandRecurrence({ rule, start, timeZone: null }, '2026-01-01', to);

test('years, weeks and days are expanded with their counts and ends', () => {
  assert.deepEqual(expand('FREQ=YEARLY;COUNT=3', '2026-10-01'), ['2026-10-01', '2027-10-01', '2028-10-01']);
  assert.deepEqual(expand('FREQ=YEARLY', '2024-02-29', '2033-01-01'), ['2028-02-29', '2032-02-29'], 'from the first day that is wanted');
  assert.deepEqual(expand('FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;UNTIL=20271231', '2026-12-31'), ['2026-12-31', '2027-12-31']);
  assert.deepEqual(expand('FREQ=WEEKLY;BYDAY=SA,SU;COUNT=3', '2026-11-21'), ['2026-11-21', '2026-11-22', '2026-11-28']);
  assert.deepEqual(expand('FREQ=WEEKLY;INTERVAL=2;COUNT=2', '2026-11-18T09:00:00'), ['2026-11-18T09:00:00', '2026-12-02T09:00:00']);
  assert.deepEqual(expand('FREQ=DAILY;INTERVAL=3;UNTIL=20261125T000000Z', '2026-11-20'), ['2026-11-20', '2026-11-23']);
});

test('what is not understood is refused and not guessed', () => {
  for (const rule of ['FREQ=MONTHLY', 'FREQ=YEARLY;BYDAY=4TH', 'FREQ=YEARLY;BYSETPOS=1', 'FREQ=WEEKLY;BYDAY=XX', 'FREQ=DAILY;INTERVAL=0', 'nonsense', 'FREQ=YEARLY;BYMONTH=13', 'FREQ=YEARLY;BYMONTHDAY=-1', 'FREQ=DAILY;INTERVAL=1.5', 'FREQ=DAILY;COUNT=0', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU', 'FREQ=DAILY;UNTIL=soon']) assert.throws(() => expand(rule, '2026-11-20'), RangeError, rule);
});

test('an end in UTC is that moment by the clock of the event', () => {
  const timed = (until: string, zone: string) => expandRecurrence({ rule: `FREQ=DAILY;UNTIL=${until}`, start: '2026-01-04T09:00:00', timeZone: zone }, '2026-01-01', '2030-12-31').map((text) => text.slice(5, 10));
  assert.deepEqual(timed('20260106T045959Z', 'America/New_York'), ['01-04', '01-05'], 'the evening of the 5th in New York');
  assert.deepEqual(timed('20260105T160000Z', 'Asia/Shanghai'), ['01-04', '01-05'], 'midnight in Shanghai');
  assert.deepEqual(timed('20260106T010000Z', 'Asia/Shanghai'), ['01-04', '01-05', '01-06'], 'nine o’clock itself is in');
  assert.deepEqual(timed('20260105', 'Asia/Shanghai'), ['01-04', '01-05']);
});

test('what began long ago is there where it is wanted, counted from its beginning where it is counted', () => {
  const wanted = (rule: string, start: string) => expandRecurrence({ rule, start, timeZone: null }, '2026-01-01', '2026-01-10');
  assert.deepEqual(wanted('FREQ=DAILY;INTERVAL=7', '1900-01-01'), ['2026-01-05']);
  const everyOther = wanted('FREQ=DAILY;INTERVAL=14', '1900-01-05');
  assert.equal(everyOther.length, 1);
  assert.deepEqual(wanted('FREQ=WEEKLY;INTERVAL=2;BYDAY=FR', '1900-01-05'), everyOther);
  assert.throws(() => wanted('FREQ=DAILY;COUNT=900000', '1900-01-01'), RangeError);
  assert.deepEqual(wanted('FREQ=DAILY;COUNT=368', '2025-01-01'), ['2026-01-01', '2026-01-02', '2026-01-03']);
  assert.deepEqual(wanted('FREQ=DAILY;UNTIL=20260102', '1990-01-01'), ['2026-01-01', '2026-01-02']);
});

test('a small file that stands for millions of days is read as far as a calendar can hold it, and says so', () => {
  const file = (rule: string) => ['BEGIN:VCALENDAR', ...Array.from({ length: 3_000 }, (_, place) => `BEGIN:VEVENT\r\nUID:${place}\r\nDTSTART;VALUE=DATE:19800101\r\nRRULE:${rule}\r\nEND:VEVENT`), 'END:VCALENDAR', ''].join('\r\n');
  const read = (rule: string) => {
    let expanded = 0;
    const { days, problems } = readIcalendar(file(rule), { timeZone: 'Asia/Shanghai', meaning: 'closed', from: '2016-01-01', to: '2036-12-31', expandRecurrence: (...given) => {
      const found = expandRecurrence(...given);
      expanded += found.length + 1;
      return found;
    } });
    return { days: Object.keys(days).length, problems: problems.map((problem) => problem.code), expanded };
  };
  for (const rule of ['FREQ=DAILY', 'FREQ=DAILY;INTERVAL=2', 'FREQ=YEARLY', 'FREQ=DAILY;COUNT=9000']) {
    const { days, problems, expanded } = read(rule);
    assert.ok(days <= 5_000 && expanded <= 120_000, `${rule} ${days} ${expanded}`);
    assert.deepEqual(problems, ['too_many'], rule);
  }
});

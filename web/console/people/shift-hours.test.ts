import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsNextDay, enteredOf, hoursOf, hoursText, minuteOf, windowsOf } from './shift-hours.ts';

test('a week goes to the editor and back', () => {
  const windows = [{ weekday: 1 as const, startsMinute: 540, endsMinute: 720 }, { weekday: 1 as const, startsMinute: 810, endsMinute: 1440 }, { weekday: 7 as const, startsMinute: 0, endsMinute: 1440 }];
  assert.deepEqual(enteredOf(windows)[1], [{ start: '09:00', end: '12:00' }, { start: '13:30', end: '24:00' }]);
  assert.deepEqual(windowsOf(enteredOf(windows)), windows);
});

test('hours over midnight belong to two days, and half a time is none yet', () => {
  const night = { ...enteredOf([]), 5: [{ start: '22:00', end: '06:00' }] };
  assert.ok(endsNextDay(night[5][0]!));
  assert.deepEqual(windowsOf(night), [{ weekday: 5, startsMinute: 1320, endsMinute: 1440 }, { weekday: 6, startsMinute: 0, endsMinute: 360 }]);
  assert.equal(windowsOf({ ...enteredOf([]), 5: [{ start: '22:00', end: '' }] }), null);
});

test('a time is read as it is typed', () => {
  assert.deepEqual(['9', '930', '9:30', '09:30', '２４：００', '0:00', '24:01', '9:60', '上午', ''].map(minuteOf), [540, 570, 570, 570, 1440, 0, null, null, null, null]);
  assert.deepEqual(windowsOf({ ...enteredOf([]), 1: [{ start: '18', end: '00:00' }] }), [{ weekday: 1, startsMinute: 1080, endsMinute: 1440 }]);
});

test('hours of one day are read as people write them', () => {
  assert.deepEqual(hoursOf('9:00-12:00 13:30-18:00'), [{ startsMinute: 540, endsMinute: 720 }, { startsMinute: 810, endsMinute: 1080 }]);
  assert.deepEqual(hoursOf('９：００－１２：００、13:00 至 24:00'), [{ startsMinute: 540, endsMinute: 720 }, { startsMinute: 780, endsMinute: 1440 }]);
  assert.deepEqual(hoursOf(' '), []);
  for (const wrong of ['9-12', '12:00-9:00', '9:00-25:00', '9:60-10:00', '上午']) assert.equal(hoursOf(wrong), null, wrong);
  assert.equal(hoursText([{ startsMinute: 540, endsMinute: 1440 }]), '09:00–24:00');
});

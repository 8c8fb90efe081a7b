import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarProblems, checkCalendar, describeCalendarProblem } from './check-calendar.ts';
import { describeWeek } from './describe-calendar.ts';

const window = (startsMinute: unknown, endsMinute: unknown, weekday: unknown = 1) => ({ weekday, startsMinute, endsMinute });
const sound = { timeZone: 'Asia/Shanghai', windows: [window(540, 720), window(720, 1_440)] };
const codes = (calendar: unknown) => checkCalendar(calendar).map(({ path, code }) => `${path} ${code}`);

test('a sound calendar has no problems; windows may touch and reach 24:00', () => {
  assert.deepEqual(codes(sound), []);
  assert.deepEqual(codes({ ...sound, makeUpWeekday: 2, sources: [{ key: 'cn', knownFrom: 2007, knownUntil: 2026, days: { '2026-10-01': { kind: 'holiday', name: '国庆节' } } }], exceptions: { '2026-10-10': { kind: 'workday' } } }), []);
});

test('each mistake is found where it stands', () => {
  const cases: [object, string[]][] = [
    [{ timeZone: 'Mars/Olympus' }, ['/timeZone unknown_zone']], [{ timeZone: '+08:00' }, ['/timeZone unknown_zone']], [{ timeZone: undefined }, ['/timeZone unknown_zone']],
    [{ windows: undefined }, ['/windows windows_needed']], [{ windows: [] }, ['/windows no_working_time']],
    [{ windows: [window(540, 720), window(660, 780)] }, ['/windows/1 overlap']], [{ windows: [window(660, 780), window(540, 720)] }, ['/windows/0 overlap']],
    [{ windows: [window(0, 1_440), window(10, 20), window(30, 40)] }, ['/windows/1 overlap', '/windows/2 overlap']], [{ windows: [window(540, 720), window(660, 780, 2)] }, []],
    [{ windows: [window(1_320, 1_800)] }, ['/windows/0 beyond_midnight']], [{ windows: [window(1_440, 1_441)] }, ['/windows/0 beyond_midnight']], [{ windows: [window(1_320, 360)] }, ['/windows/0 order']],
    [{ windows: [window(600, 600)] }, ['/windows/0 order']], [{ windows: [window(-60, 600)] }, ['/windows/0 window']], [{ windows: [window(540.5, 600)] }, ['/windows/0 window']], [{ windows: [window('9:00', 600)] }, ['/windows/0 window']],
    [{ windows: [null] }, ['/windows/0 window']], [{ windows: [window(540, 600, 0)] }, ['/windows/0/weekday weekday']], [{ windows: [window(540, 600, 8)] }, ['/windows/0/weekday weekday']],
    [{ windows: Array.from({ length: 101 }, () => window(1, 2)) }, ['/windows too_many']], [{ makeUpWeekday: 9 }, ['/makeUpWeekday weekday']],
    [{ sources: {} }, ['/sources not_a_calendar']], [{ sources: [{ key: 'a', days: {} }, { key: 'a', days: {} }] }, ['/sources/1/key key']], [{ sources: [{ key: 'a', knownFrom: 2027, knownUntil: 2026, days: {} }] }, ['/sources/0 year']],
    [{ sources: [{ key: 'a', days: [] }] }, ['/sources/0/days exception']], [{ exceptions: { '2026-02-29': { kind: 'holiday' } } }, ['/exceptions/2026-02-29 day']], [{ exceptions: { '1.10.': { kind: 'holiday' } } }, ['/exceptions/1.10. day']],
    [{ exceptions: { '2026-10-01': 'holiday' } }, ['/exceptions/2026-10-01 exception']], [{ exceptions: { '2026-10-01': { kind: 'sleep' } } }, ['/exceptions/2026-10-01 exception']],
    [{ exceptions: { '2026-10-01': { kind: 'open' } } }, ['/exceptions/2026-10-01/windows windows_needed']], [{ exceptions: { '2026-10-01': { kind: 'workday', windows: [window(9, 5)] } } }, ['/exceptions/2026-10-01/windows/0 order']],
    [{ exceptions: { '2026-10-01': { kind: 'closed', windows: [window(1, 20), window(10, 30)] } } }, ['/exceptions/2026-10-01/windows/1 overlap']], [{ exceptions: { '2026-10-01': { kind: 'holiday', name: 3 } } }, ['/exceptions/2026-10-01/name name']],
    [{ exceptions: { '2026-10-01': { kind: 'workday', weekday: 0 } } }, ['/exceptions/2026-10-01/weekday weekday']], [{ windows: [], exceptions: { '2026-10-01': { kind: 'open', windows: [window(1, 20)] } } }, []],
    // A calendar all of whose days are taken out again has exceptions, yet no working time.
    [{ windows: [], exceptions: { '2026-10-01': { kind: 'workday' } } }, ['/windows no_working_time']],
  ];
  for (const [change, expected] of cases) assert.deepEqual(codes({ ...sound, ...change }), expected, JSON.stringify(change).slice(0, 200));
  for (const odd of [null, 3, 'calendar', [], undefined]) assert.deepEqual(codes(odd), [' not_a_calendar']);
});

test('every problem has its sentence in both languages', () => {
  for (const code of Object.keys(calendarProblems)) {
    for (const language of ['zh', 'en'] as const) {
      const sentence = describeCalendarProblem({ path: '', code, params: { limit: 100, first: 1900, last: 2399 } }, language);
      assert.match(sentence, language === 'zh' ? /\p{Script=Han}/u : /^[a-z]/);
      assert.doesNotMatch(sentence, /[{}]/);
    }
  }
});

test('a week in words', () => {
  const week = { timeZone: 'Asia/Shanghai', windows: [...[1, 2, 3, 4, 5].flatMap((weekday) => [window(540, 720, weekday), window(810, 1_080, weekday)]), window(540, 720, 6)] as never };
  assert.equal(describeWeek(week, 'zh'), '周一至周五 09:00–12:00、13:30–18:00；周六 09:00–12:00');
  assert.equal(describeWeek(week, 'en'), 'Mon–Fri 09:00–12:00, 13:30–18:00; Sat 09:00–12:00');
  assert.equal(describeWeek({ timeZone: 'UTC', windows: [] }, 'zh'), '没有固定的工作时间');
  assert.equal(describeWeek({ timeZone: 'UTC', windows: [1, 2, 3, 4, 5, 6, 7].map((weekday) => window(0, 1_440, weekday)) as never }, 'en'), 'every day 00:00–24:00');
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done } from './scene.ts';

const days = (windows: [number, number][], weekdays = [1, 2, 3, 4, 5]) => weekdays.flatMap((weekday) => windows.map(([startsMinute, endsMinute]) => ({ weekday, startsMinute, endsMinute })));

describe('shifts', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let technician: string;
  let team: string;
  before(async () => {
    program = await openTestProgram();
    technician = program.organization.staff.technician;
    team = program.organization.teamId;
    const { version } = (await done(program.call('GET', `/teams/${team}`, { as: 'administrator' }))).body;
    await done(program.call('PATCH', `/teams/${team}`, { as: 'administrator', body: { addMemberIds: [technician] }, headers: { 'if-match': `"${version}"` } }));
  });
  after(() => program.close());

  const show = async (owner: string) => (await done(program.call('GET', `/${owner}/shifts`, { as: 'administrator' }))).body;
  const enter = async (owner: string, body: object, version?: number) => program.call('PATCH', `/${owner}/shifts`, { as: 'administrator', body, headers: { 'if-match': `"${version ?? (await show(owner)).version}"` } });
  const roster = async (query: string, as: 'administrator' | 'technician' = 'administrator') => (await done(program.call('GET', `/shifts?${query}`, { as }))).body.items;

  test('of a team hold for its members, until they have their own', async () => {
    assert.deepEqual([(await show(`staff/${technician}`)).effective.source, (await show(`staff/${technician}`)).version], ['none', 0]);
    const set = (await done(enter(`teams/${team}`, { windows: days([[810, 1080], [540, 720]]), exceptions: [{ day: '2026-11-26', windows: [], note: '团建' }] }))).body;
    assert.deepEqual([set.version, set.windows[0].startsMinute, set.effective.timeZone], [1, 540, 'Asia/Shanghai']);
    const followed = await show(`staff/${technician}`);
    assert.deepEqual([followed.effective.source, followed.effective.team.id, followed.windows, followed.effective.windows.length], ['team', team, null, 10]);

    await done(enter(`staff/${technician}`, { exceptions: [{ day: '2026-11-28', windows: [{ startsMinute: 600, endsMinute: 660 }], note: null }] }));
    await done(program.call('POST', '/absences', { as: 'administrator', body: { staffId: technician, from: '2026-11-24T01:00:00Z', to: '2026-11-24T05:30:00Z' } }));
    const [mine] = await roster(`from=2026-11-23&to=2026-11-30&staff=${technician}`);
    assert.deepEqual(mine.days.map((day: { day: string; windows: object[]; exception: string | null; absent: boolean }) => [day.day.slice(8), day.windows.length, day.exception, day.absent]), [
      ['23', 2, null, false], ['24', 2, null, true], ['25', 2, null, false], ['26', 0, '团建', false], ['27', 2, null, false], ['28', 1, '', false], ['29', 0, null, false],
    ]);
    assert.deepEqual(mine.intervals.slice(0, 3), [
      { from: '2026-11-23T01:00:00.000Z', to: '2026-11-23T04:00:00.000Z' }, { from: '2026-11-23T05:30:00.000Z', to: '2026-11-23T10:00:00.000Z' },
      // Away in the morning, half-open: back at the very minute.
      { from: '2026-11-24T05:30:00.000Z', to: '2026-11-24T10:00:00.000Z' },
    ]);
    await done(enter(`staff/${technician}`, { windows: days([[0, 480]], [7]), timeZone: 'Asia/Tokyo' }));
    const [own] = await roster(`from=2026-11-23&to=2026-11-30&staff=${technician}`);
    assert.deepEqual([own.source, own.timeZone, own.intervals], ['own', 'Asia/Tokyo', [{ from: '2026-11-28T01:00:00.000Z', to: '2026-11-28T02:00:00.000Z' }, { from: '2026-11-28T15:00:00.000Z', to: '2026-11-28T23:00:00.000Z' }]]);
    await done(enter(`staff/${technician}`, { windows: null, timeZone: null }));
    assert.equal((await show(`staff/${technician}`)).effective.source, 'team');
  });

  test('on call somebody is beside their shifts, by a week and by single days, and not while they are away', async () => {
    const entered = { windows: days([[1080, 1440]], [1, 3]), exceptions: [{ day: '2026-12-09', windows: [], note: '换班' }, { day: '2026-12-11', windows: [{ startsMinute: 0, endsMinute: 480 }], note: null }] };
    const set = (await done(enter(`staff/${technician}`, { onCall: entered }))).body;
    assert.deepEqual([set.onCall, (await show(`staff/${technician}`)).onCall], [entered, entered]);
    const unchanged = (await done(enter(`staff/${technician}`, { timeZone: null }))).body;
    assert.deepEqual([unchanged.onCall, unchanged.version], [entered, set.version], 'what is not told stays');
    await done(program.call('POST', '/absences', { as: 'administrator', body: { staffId: technician, from: '2026-12-07T11:00:00Z', to: '2026-12-07T12:00:00Z' } }));
    const [mine] = await roster(`from=2026-12-07&to=2026-12-14&staff=${technician}`);
    assert.deepEqual(mine.onCall, [
      { from: '2026-12-07T10:00:00.000Z', to: '2026-12-07T11:00:00.000Z' }, { from: '2026-12-07T12:00:00.000Z', to: '2026-12-07T16:00:00.000Z' }, { from: '2026-12-10T16:00:00.000Z', to: '2026-12-11T00:00:00.000Z' },
    ]);
    const refused = async (owner: string, body: object) => {
      const answer = await enter(owner, body);
      assertProblem(answer, 'invalid_input', JSON.stringify(body));
      return answer.body.errors.map((error: { path: string; code: string }) => `${error.path} ${error.code}`);
    };
    assert.deepEqual(await refused(`teams/${team}`, { onCall: entered }), ['/onCall too_much']);
    assert.deepEqual(await refused(`staff/${technician}`, { onCall: { windows: days([[540, 720], [700, 800]], [1]), exceptions: [] } }), ['/onCall/windows/1 overlap']);
    assert.deepEqual(await refused(`staff/${technician}`, { onCall: { windows: [], exceptions: [{ day: '2026-12-09', windows: [], note: null }, { day: '2026-12-09', windows: [], note: null }] } }), ['/onCall/exceptions/1/day uniqueItems']);
    assert.equal((await done(enter(`staff/${technician}`, { onCall: null }))).body.onCall, null);
  });

  test('what cannot be meant is refused where it stands', async () => {
    const refused = async (body: object, owner = `staff/${technician}`) => {
      const answer = await enter(owner, body);
      assertProblem(answer, 'invalid_input', JSON.stringify(body));
      return answer.body.errors.map((error: { path: string; code: string }) => `${error.path} ${error.code}`);
    };
    assert.deepEqual(await refused({ timeZone: 'Mars/Olympus' }), ['/timeZone unknown_zone']);
    assert.deepEqual(await refused({ windows: days([[540, 720], [700, 800]], [1]) }), ['/windows/1 overlap']);
    assert.deepEqual(await refused({ windows: days([[720, 540]], [1]) }), ['/windows/0 order']);
    assert.deepEqual(await refused({ exceptions: [{ day: '2026-11-30', windows: [], note: null }, { day: '2026-11-29', windows: [{ startsMinute: 60, endsMinute: 60 }], note: null }] }), ['/exceptions/1/windows/0 order']);
    assert.deepEqual(await refused({ exceptions: [{ day: '2026-11-29', windows: [], note: null }, { day: '2026-11-29', windows: [], note: null }] }), ['/exceptions/1/day uniqueItems']);
    assert.equal((await refused({ windows: [{ weekday: 8, startsMinute: 0, endsMinute: 2_000 }] })).length, 2);
    assert.deepEqual(await refused({ windows: null }, `teams/${team}`), ['/windows required']);
    for (const query of ['from=2026-11-23&to=2026-11-23', 'from=2026-11-23&to=2027-11-23', 'from=2026-02-30&to=2026-03-02', 'from=x&to=y', 'to=2026-11-23', 'from=2026-11-23&to=2026-11-24&staff=nobody']) assertProblem(await program.call('GET', `/shifts?${query}`, { as: 'administrator' }), 'invalid_input', query);
    assertProblem(await enter(`staff/${technician}`, { windows: [] }, 99), 'stale_version');
  });

  test('one’s own are for everybody to see, a colleague’s and the changing for those who may', async () => {
    assert.equal((await done(program.call('GET', `/staff/${technician}/shifts`, { as: 'technician' }))).body.owner.id, technician);
    assertProblem(await program.call('PATCH', `/staff/${technician}/shifts`, { as: 'technician', body: { windows: [] }, headers: { 'if-match': '"1"' } }), 'forbidden');
    assert.deepEqual((await roster('from=2026-11-23&to=2026-11-24&staff=me', 'technician')).map((one: { staff: { id: string } }) => one.staff.id), [technician]);
    assert.ok((await roster(`from=2026-11-23&to=2026-11-24&team=${team}`)).some((one: { staff: { id: string } }) => one.staff.id === technician));
  });

  test('two who enter the first shifts at once do not overwrite each other', async () => {
    const owner = `staff/${program.organization.staff.agent}`;
    const answers = await Promise.all([enter(owner, { windows: days([[540, 720]]) }, 0), enter(owner, { windows: days([[600, 720]]) }, 0)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
    assert.equal((await show(owner)).version, 1);
  });
});

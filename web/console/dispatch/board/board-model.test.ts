import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DayFigures, DraftEvaluation } from '../../../../contract/day-plan.ts';
import { addMove, draftOf, firstFree, movesBack, withMoves, type BoardRow, type BoardStop, type Move } from './board-model.ts';

const nothing: DayFigures = { visits: 0, travelSeconds: 0, travelMetres: 0, workSeconds: 0, idleSeconds: 0, overtimeSeconds: 0, late: 0 };
const hour = 3_600_000;
const stop = (key: string, start: number, visit = true): BoardStop => ({
  key, visitId: visit ? key : null, ticketId: `ticket ${key}`, number: key, subject: key, priority: 'normal', status: visit ? 'scheduled' : null, fixed: false, start, end: start + hour, planned: start, minutes: 60,
  travel: 0, travelFrom: null, place: null, point: null, window: { from: null, to: null }, due: null, lock: null, late: 0, skills: [], missingSkills: [], members: [], version: 3, draft: false,
});
const row = (id: string, ...stops: BoardStop[]): BoardRow => ({ id, name: id, teamIds: [], onDuty: true, shiftsKnown: true, shifts: [], breaks: [], absences: [], home: null, position: null, stops, figures: nothing, colour: 0 });
const [one, two] = [stop('one', 9 * hour), stop('two', 11 * hour)];
const rows = [row('wang', one, two), row('li')];
const move = (what: BoardStop, from: Move['from'], to: Move['to']): Move => ({ stop: what, from, to });

test('a visit that is moved leaves one row and stands in the other; rows beside stay the same objects', () => {
  const others = [...rows, row('zhao', stop('three', 9 * hour))];
  const after = withMoves(others, [move(one, { technicianId: 'wang', start: 9 * hour }, { technicianId: 'li', start: 10 * hour })], null);
  assert.deepEqual(after.map(({ stops }) => stops.map(({ key, start, draft }) => [key, start / hour, draft])), [[['two', 11, false]], [['one', 10, true]], [['three', 9, false]]]);
  assert.equal(after[2], others[2]);
  assert.equal(withMoves(rows, [], null), rows);
});

test('times that were reckoned take the place of those that were wished for', () => {
  const reckoned = { technicians: [{ technicianId: 'li', stops: [{ visitId: 'one', ticketId: 'ticket one', withheld: false, number: 'one', subject: 'one', priority: 'high', category: null, place: null, status: 'scheduled', fixed: false, windowStart: null, windowEnd: null, dueAt: null, lock: null, plannedStart: null, arrivesAt: '1970-01-01T10:20:00Z', startsAt: '1970-01-01T10:20:00Z', endsAt: '1970-01-01T11:20:00Z', travelSeconds: 1_200, travelMetres: 5_000, serviceMinutes: 60, serviceFrom: 'usual', late: false, lateSeconds: 0, skills: [], missingSkills: [], members: [], along: false, version: 3 }], returnsAt: null, figures: { ...nothing, visits: 1 } }] } as unknown as DraftEvaluation;
  const after = withMoves(rows, [move(one, { technicianId: 'wang', start: 9 * hour }, { technicianId: 'li', start: 10 * hour })], reckoned);
  assert.equal(after[1]!.stops[0]!.start, 10 * hour + 1_200_000);
  assert.equal(after[1]!.stops[0]!.draft, true);
  assert.equal(after[1]!.figures.visits, 1);
});

test('of several moves of one visit the last counts, and one that brings it back is none', () => {
  const from = { technicianId: 'wang', start: 9 * hour };
  const once = addMove([], move(one, from, { technicianId: 'li', start: 10 * hour }));
  const twice = addMove(once, move({ ...one, start: 10 * hour }, { technicianId: 'li', start: 10 * hour }, { technicianId: 'li', start: 12 * hour }));
  assert.deepEqual(twice.map(({ from: was, to }) => [was, to]), [[from, { technicianId: 'li', start: 12 * hour }]]);
  assert.deepEqual(addMove(twice, move(one, { technicianId: 'li', start: 12 * hour }, from)), []);
  const fromLane = addMove([], move(stop('new', 0, false), null, from));
  assert.deepEqual(addMove(fromLane, move(stop('new', 0, false), from, null)), [], 'back in the lane');
});

test('a draft names what is put where, in order, with the version it was made from; what goes back is released', () => {
  const fresh = stop('new', 0, false);
  const draft = draftOf('1970-01-01', [
    move(one, { technicianId: 'wang', start: 9 * hour }, { technicianId: 'li', start: 12 * hour }), move(fresh, null, { technicianId: 'li', start: 10 * hour }), move(two, { technicianId: 'wang', start: 11 * hour }, null),
  ]);
  assert.deepEqual(draft, {
    date: '1970-01-01',
    technicians: [{ technicianId: 'li', stops: [{ ticketId: 'ticket new', startsAt: '1970-01-01T10:00:00.000Z', version: 3 }, { visitId: 'one', startsAt: '1970-01-01T12:00:00.000Z', version: 3 }] }],
    released: [{ visitId: 'two', version: 3 }],
  });
});

test('the first free moment is within the shift, behind what is in the way, and where it fits', () => {
  const working = { ...row('wang', stop('one', 9 * hour), stop('two', 10.5 * hour)), shifts: [{ from: 8 * hour, to: 12 * hour }, { from: 13 * hour, to: 17 * hour }] };
  assert.equal(firstFree(working, 60, 0), 8 * hour);
  assert.equal(firstFree(working, 60, 8.5 * hour), 11.5 * hour, 'half an hour between the two is too short');
  assert.equal(firstFree(working, 30, 9.2 * hour), 10 * hour);
  assert.equal(firstFree({ ...working, stops: [] }, 30, 12.5 * hour), 13 * hour);
  assert.equal(firstFree({ ...working, shiftsKnown: false, stops: [] }, 30, 3 * hour), 3 * hour);
});

test('undoing brings visits back to where they were, tickets to the lane, and what was given back as it was', () => {
  const from = { technicianId: 'wang', start: 9 * hour };
  const there = { technicianId: 'li', start: 10 * hour };
  const kept = [{ technicianId: 'li', stops: [{ visitId: 'anew', ticketId: 'ticket one', version: 1 }, { visitId: 'given', ticketId: 'ticket new', version: 7 }] }];
  const back = movesBack([move(one, from, there), move(stop('new', 0, false), null, there)], kept);
  assert.deepEqual(back.map(({ stop: { visitId, version }, to }) => [visitId, version, to]), [['anew', 1, from], ['given', 7, null]], 'by the versions of what was kept');
  const planned = movesBack([move(two, { technicianId: 'wang', start: 11 * hour }, null)], [{ technicianId: 'wang', stops: [] }]);
  assert.deepEqual(draftOf('1970-01-01', planned).technicians, [{ technicianId: 'wang', stops: [{ ticketId: 'ticket two', asVisit: 'two', startsAt: '1970-01-01T11:00:00.000Z' }] }]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Visit } from '../../contract/visit.ts';
import { openVisitActions, type VisitStatus } from '../../rules/ticket/visit-lifecycle.ts';
import type { Command } from './data/database.ts';
import { compareJobs, endOf, isOver, judgeStep, nextStep, project } from './jobs.ts';

function visit(status: VisitStatus, part: Partial<Visit> = {}, ticket: Partial<Visit['ticket']> = {}): Visit {
  return {
    id: 'v1', status, technician: { id: 's1', name: '王建国' }, windowStart: null, windowEnd: null, acceptedAt: null, travelStartedAt: null,
    checkedInAt: null, checkInDistance: null, completedAt: null, workSummary: null, signedBy: null, obstacle: null, version: 1, location: null, files: [], form: null,
    actions: openVisitActions(status),
    ticket: {
      id: 't1', number: '20261121-00001', withheld: false, subject: '水管爆裂', description: '', status: 'open', priority: 'normal', category: null, dueAt: null,
      requesterName: null, requesterPhone: null, asset: null, createdAt: '2026-11-21T01:00:00Z', ...ticket,
    },
    ...part,
  };
}

let seq = 0;
function command(action: Command['action'], part: Partial<Command> = {}): Command {
  seq += 1;
  return { seq, key: `k${seq}`, visitId: 'v1', action, body: {}, photoIds: [], signatureId: null, at: `2026-11-21T02:00:0${seq % 10}Z`, state: 'waiting', attempts: 0, problem: null, ...part };
}

test('steps taken without a network show as done at once', () => {
  const steps = [command('accept'), command('start_travel'), command('check_in'), command('complete', { body: { workSummary: '换了角阀', signedBy: '李女士' } })];
  const job = project(visit('scheduled'), steps);
  assert.equal(job.visit.status, 'completed');
  assert.equal(job.visit.checkedInAt, steps[2]?.at);
  assert.equal(job.visit.workSummary, '换了角阀');
  assert.equal(job.visit.signedBy, '李女士');
  assert.equal(job.pending.length, 4);
  assert.deepEqual(job.visit.actions, []);
});

test('a step is judged with those that wait counted in', () => {
  const waiting = project(visit('scheduled'), [command('accept')]);
  assert.equal(judgeStep(project(visit('scheduled'), []), 'accept'), 'open');
  assert.equal(judgeStep(waiting, 'accept'), 'already');
  assert.equal(judgeStep(waiting, 'start_travel'), 'open');
  assert.equal(judgeStep(project(visit('cancelled'), []), 'accept'), 'notOpen');
  const log = project(visit('on_site'), [command('log_work')]);
  assert.equal(judgeStep(log, 'log_work'), 'open', 'a log may follow a log');
  const refused = project(visit('scheduled'), [command('accept', { state: 'refused' })]);
  assert.equal(judgeStep(refused, 'accept'), 'notOpen', 'nothing is built on a refused step');
});

test('a visit ended by an obstacle shows why, before the server knows', () => {
  const step = command('report_obstacle', { body: { obstacle: 'part_needed', note: 'DN20 角阀' } });
  const job = project(visit('on_site'), [step]);
  assert.equal(job.visit.status, 'incomplete');
  assert.deepEqual(job.visit.obstacle, { kind: 'part_needed', note: 'DN20 角阀', at: step.at });
  assert.ok(isOver(job));
  assert.equal(endOf(job), step.at);
  assert.equal(nextStep(job.visit), null);
});

test('a refused step and what was built on it did not happen', () => {
  const refused = command('start_travel', { state: 'refused', problem: { status: 409, code: 'visit_step_not_open', title: '…' } });
  const job = project(visit('scheduled'), [command('accept'), refused, command('check_in')]);
  assert.equal(job.visit.status, 'accepted');
  assert.equal(job.refused, refused);
  assert.equal(job.pending.length, 3);
});

test('a step the server knows already, and steps of other visits, change nothing', () => {
  const job = project(visit('on_site'), [command('check_in'), command('complete', { visitId: 'v2' })]);
  assert.equal(job.visit.status, 'on_site');
  assert.equal(job.pending.length, 1);
});

test('a work log leaves the visit where it is', () => {
  const job = project(visit('on_site'), [command('log_work', { body: { workSummary: '拆下了旧阀' } })]);
  assert.equal(job.visit.status, 'on_site');
  assert.equal(job.visit.workSummary, '拆下了旧阀');
});

test('the day is ordered by what is running, urgent, promised for today, then by priority and age', () => {
  const jobs = [
    visit('accepted', { id: 'another day', windowStart: '2026-11-22T01:00:00Z' }, { priority: 'high' }),
    visit('scheduled', { id: 'low, no window' }, { priority: 'low', createdAt: '2026-11-20T00:00:00Z' }),
    visit('accepted', { id: 'afternoon', windowStart: '2026-11-21T06:00:00Z' }),
    visit('travelling', { id: 'travelling' }),
    visit('scheduled', { id: 'urgent' }, { priority: 'urgent' }),
    visit('accepted', { id: 'morning', windowStart: '2026-11-21T01:00:00Z' }, { priority: 'low' }),
    visit('on_site', { id: 'on site' }),
    visit('scheduled', { id: 'high, no window' }, { priority: 'high' }),
    visit('scheduled', { id: 'low, no window, newer' }, { priority: 'low', createdAt: '2026-11-21T00:00:00Z' }),
  ].map((one) => project(one, []));
  assert.deepEqual(jobs.sort((a, b) => compareJobs(a, b, '2026-11-21T16:00:00Z')).map((job) => job.visit.id), ['on site', 'travelling', 'urgent', 'morning', 'afternoon', 'high, no window', 'low, no window', 'low, no window, newer', 'another day']);
});

test('one step follows the other, and none the last', () => {
  const order: [VisitStatus, string | null][] = [['scheduled', 'accept'], ['accepted', 'start_travel'], ['travelling', 'check_in'], ['on_site', 'complete'], ['completed', null], ['declined', null], ['cancelled', null]];
  for (const [status, step] of order) assert.equal(nextStep(visit(status)), step, status);
  assert.equal(nextStep(visit('scheduled', { actions: [] })), null, 'somebody else’s visit');
});

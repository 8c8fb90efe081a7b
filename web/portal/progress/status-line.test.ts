import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressSteps, type Progress } from '../../../contract/portal.ts';
import { visitObstacles, visitStatuses } from '../../../rules/ticket/visit-lifecycle.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { chinese } from '../texts/chinese.ts';
import { statusLine, technicianTitle } from './status-line.ts';

type Seen = Pick<Progress, 'status' | 'waitingFor' | 'steps' | 'technician' | 'obstacle'>;

function seen(current: (typeof progressSteps)[number], part: Partial<Seen> = {}): Seen {
  const at = progressSteps.indexOf(current);
  return {
    status: 'open',
    waitingFor: null,
    steps: progressSteps.map((step, index) => ({ step, at: null, done: index < at, current: index === at })),
    technician: { name: '王建国', status: 'travelling', windowStart: null, windowEnd: null, workSummary: null, signedBy: null },
    obstacle: null,
    ...part,
  };
}

test('a technician is spoken of the way one does', () => {
  assert.equal(technicianTitle('王建国', 'zh-CN'), '王师傅');
  assert.equal(technicianTitle('欧阳修', 'zh-CN'), '欧阳师傅');
  assert.equal(technicianTitle('老陈师傅', 'zh-CN'), '老陈师傅');
  assert.equal(technicianTitle('John Miller', 'zh-CN'), 'John Miller ');
  assert.equal(technicianTitle('王建国', 'en'), '王建国');
});

test('the line names what is happening and who does it', () => {
  const line = statusLine(seen('travelling'), 'zh-CN');
  assert.equal(chinese[line.title].replace('{{name}}', line.name), '王师傅已出发');
  assert.equal(statusLine(seen('on_site'), 'zh-CN').title, 'status.on_site');
  assert.equal(statusLine(seen('received', { technician: null }), 'zh-CN').title, 'status.received');
});

test('a time is promised only where one was agreed', () => {
  const technician = { name: '王建国', status: 'accepted' as const, windowStart: null, windowEnd: null, workSummary: null, signedBy: null };
  assert.equal(statusLine(seen('accepted', { technician }), 'zh-CN').hint, 'status.acceptedOpenHint');
  assert.equal(statusLine(seen('accepted', { technician: { ...technician, windowStart: '2026-11-21T06:00:00Z', windowEnd: '2026-11-21T08:00:00Z' } }), 'zh-CN').hint, 'status.acceptedHint');
});

test('nobody is named who is not coming any more', () => {
  for (const status of ['incomplete', 'declined', 'cancelled'] as const) {
    const line = statusLine(seen('assigned', { technician: { name: '王建国', status, windowStart: null, windowEnd: null, workSummary: null, signedBy: null } }), 'zh-CN');
    assert.equal(line.title, 'status.assignedTeam');
  }
});

test('waiting says for what', () => {
  assert.equal(statusLine(seen('accepted', { status: 'waiting', waitingFor: 'part' }), 'zh-CN').title, 'status.waitingPart');
  assert.equal(statusLine(seen('accepted', { status: 'waiting', waitingFor: 'customer' }), 'zh-CN').hint, 'status.waitingCustomerHint');
  assert.equal(statusLine(seen('accepted', { status: 'waiting', waitingFor: 'other' }), 'zh-CN').title, 'status.waiting');
});

test('a visit that came to nothing says why, until the matter is settled', () => {
  const at = '2026-11-21T01:00:00Z';
  for (const kind of visitObstacles) {
    const line = statusLine(seen('received', { status: 'waiting', waitingFor: 'customer', technician: null, obstacle: { kind, at } }), 'zh-CN');
    assert.equal(line.title, `status.${kind}`);
    assert.ok(line.title in chinese && line.hint in chinese, kind);
  }
  assert.equal(statusLine(seen('closed', { status: 'closed', obstacle: { kind: 'no_access', at } }), 'zh-CN').title, 'status.closed');
});

test('every state there can be has its words, and a name where the words want one', () => {
  for (const status of ticketStatuses) {
    for (const step of progressSteps) {
      for (const visit of [...visitStatuses, null]) {
        const technician = visit === null ? null : { name: '王建国', status: visit, windowStart: null, windowEnd: null, workSummary: null, signedBy: null };
        const line = statusLine(seen(step, { status, technician }), 'zh-CN');
        assert.ok(line.title in chinese && line.hint in chinese, `${status} ${step} ${visit}`);
        if (chinese[line.title].includes('{{name}}')) assert.notEqual(line.name, '', `${status} ${step} ${visit}`);
      }
    }
  }
});

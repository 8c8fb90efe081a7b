import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { play, type PlayEvent, type Sample } from './play.ts';

// oxlint-disable unicorn/no-thenable -- “then” is what a time limit leads to
const refund: FlowDefinition = {
  nodes: [
    { id: 'start', kind: 'start', name: { zh: '开始' } },
    { id: 'check', kind: 'task', name: { zh: '核实' }, performers: [{ kind: 'team', id: 'service' }], limit: { span: { amount: 4, unit: 'hours' }, then: { do: 'notify', to: [{ kind: 'expression', expression: 'ticket_team_lead' }] } } },
    { id: 'much', kind: 'exclusive', name: { zh: '金额' } },
    { id: 'manager', kind: 'approval', name: { zh: '经理' }, mode: 'any', performers: [{ kind: 'expression', expression: 'department_managers' }] },
    { id: 'pay', kind: 'action', name: { zh: '打款' }, action: { do: 'http_call', method: 'POST', url: 'https://pay.example' } },
    { id: 'rest', kind: 'wait', name: { zh: '冷静期' }, for: { kind: 'timer', due: { after: { amount: 2, unit: 'days' } } } },
    { id: 'end', kind: 'end', name: { zh: '结束' }, status: { status: 'closed' } },
  ],
  edges: [
    { id: 'e1', from: 'start', to: 'check' }, { id: 'e2', from: 'check', to: 'much' },
    { id: 'e3', from: 'much', to: 'manager', condition: { '>': [{ var: 'fields.amount.amount' }, 1_000_000] } }, { id: 'e4', from: 'much', to: 'pay', isDefault: true },
    { id: 'e5', from: 'manager', to: 'pay', outcome: 'approved' }, { id: 'e6', from: 'manager', to: 'check', outcome: 'rejected' },
    { id: 'e7', from: 'pay', to: 'rest' }, { id: 'e8', from: 'rest', to: 'end' },
  ],
};
const sample = (amount: number): Sample => ({ fields: { amount: { amount, currency: 'CNY' } }, ticket: { status: 'open', tags: [] } });
const at = '2026-11-22T01:00:00.000Z';
const run = (amount: number, ...events: PlayEvent[]) => play(refund, sample(amount), at, events, (instant) => instant.slice(0, 10));
const standing = (given: ReturnType<typeof run>) => given.state.tokens.map(({ node }) => node);

test('a run stands where people have to act, and goes where the sample leads', () => {
  const begun = run(500_000);
  assert.deepEqual(standing(begun), ['check']);
  const first = begun.state.tokens[0]!.id;
  const small = run(500_000, { do: 'complete', activation: first });
  assert.deepEqual(standing(small), ['pay']);
  assert.ok(small.taken.has('e4') && !small.taken.has('e3') && small.visited.has('much'));
  const large = run(2_000_000, { do: 'complete', activation: first });
  assert.deepEqual(standing(large), ['manager']);
  assert.deepEqual(large.seats.get('department_managers'), { kind: 'expression', expression: 'department_managers' });
  const token = large.state.tokens[0]!;
  assert.deepEqual(standing(run(2_000_000, { do: 'complete', activation: first }, { do: 'vote', activation: token.id, seat: token.seats![0]!.id, vote: 'rejected' })), ['check'], 'a refusal leads back');
});

test('nothing is called, the clock goes as one turns it, and the end closes the ticket', () => {
  const first = run(1).state.tokens[0]!.id;
  const paying = run(1, { do: 'complete', activation: first });
  assert.equal(paying.calls.length, 1);
  const answer: PlayEvent = { do: 'answer', activation: paying.calls[0]!.activation, ok: true };
  const resting = run(1, { do: 'complete', activation: first }, answer);
  assert.deepEqual(standing(resting), ['rest']);
  assert.deepEqual(standing(run(1, { do: 'complete', activation: first }, answer, { do: 'advance', minutes: 2_879 })), ['rest'], 'a minute before it is due');
  const over = run(1, { do: 'complete', activation: first }, answer, { do: 'next_timer' });
  assert.equal(over.state.status, 'completed');
  assert.equal(over.ticket['status'], 'closed');
  assert.equal(over.now, '2026-11-24T01:00:00.000Z');
  const failed = run(1, { do: 'complete', activation: first }, { ...answer, ok: false });
  assert.equal(failed.state.tokens[0]?.hold?.code, 'action_failed', 'held visibly');
});

test('a time limit passes without interrupting, and what cannot happen is told', () => {
  const late = run(1, { do: 'advance', minutes: 241 });
  assert.deepEqual(standing(late), ['check']);
  assert.equal(late.state.tokens[0]?.overdue, true);
  assert.ok(late.log.some(({ code }) => code === 'overdue'));
  assert.deepEqual(run(1, { do: 'complete', activation: 'nothing' }, { do: 'next_timer' }).refused, { event: 0, reason: 'not_open' });
});

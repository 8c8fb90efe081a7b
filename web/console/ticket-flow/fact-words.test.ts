import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowFactWords, isFlowFact } from './fact-words.ts';

const say = ((key: string, parameters: object = {}) => [key, ...Object.values(parameters)].join(' ')) as never;
const wordsOf = (kind: string, data: Record<string, unknown>, language = 'zh-CN') => flowFactWords({ kind, data }, say, language);

test('a task names its step and whom it waits for; a decision who said what and why', () => {
  assert.deepEqual(wordsOf('task.opened', { step: { zh: '派工', en: 'Dispatch' }, staffIds: ['a'], teamIds: ['t'] }), { facts: ['派工'], staffIds: ['a'], teamIds: ['t'], said: [] });
  assert.deepEqual(wordsOf('approval.voted', { step: { zh: '经理审批', en: 'Manager' }, vote: 'rejected', comment: '照片不清' }, 'en'), { facts: ['Manager', 'flow.outcome.rejected'], staffIds: [], teamIds: [], said: ['照片不清'] });
  assert.deepEqual(wordsOf('task.completed', { step: { zh: '验收' }, outcome: 'rework', outcomeName: { zh: '需要返修' } }, 'en').facts, ['验收', '需要返修']);
});

test('a flow tells of its version, where it was moved, and why it stands still', () => {
  assert.deepEqual(wordsOf('flow.started', { flow: '新店开业', flowVersion: 2 }).facts, ['fact.version 2']);
  assert.deepEqual(wordsOf('flow.moved', { flow: '新店开业', before: { number: 1 }, after: { number: 2 } }).facts, ['fact.moved 1 2']);
  assert.deepEqual(wordsOf('flow.held', { step: { zh: '审批' }, reason: { zh: '找不到处理人', en: 'There is nobody to act' } }, 'en'), { facts: ['审批'], staffIds: [], teamIds: [], said: ['There is nobody to act'] });
});

test('what an older or foreign fact does not say is left out', () => {
  for (const kind of ['flow.started', 'flow.ended', 'task.opened', 'approval.decided', 'flow.parts_requested', 'flow.call_requested', 'task.cancelled']) assert.deepEqual(wordsOf(kind, {}), { facts: [], staffIds: [], teamIds: [], said: [] });
  assert.equal(isFlowFact('task.opened'), true);
  assert.equal(isFlowFact('ticket.changed'), false);
});

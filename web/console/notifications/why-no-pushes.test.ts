import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem } from '../../ui/api-problem.ts';
import { PushDenied, whyNoPushes } from './why-no-pushes.ts';

test('a browser that cannot reach its push service is told so, not that the server answered nonsense', () => {
  assert.deepEqual(whyNoPushes(new DOMException('Registration failed - push service not available', 'AbortError')), { text: 'own.pushUnreachable' });
  assert.deepEqual(whyNoPushes(new DOMException('Registration failed - push service error', 'AbortError')), { text: 'own.pushUnreachable' });
  assert.deepEqual(whyNoPushes(new DOMException('no', 'InvalidStateError')), { text: 'own.pushFailed' });
  assert.deepEqual(whyNoPushes(new TypeError('undefined')), { text: 'own.pushFailed' });
});

test('a person who said no reads where to say yes', () => {
  assert.deepEqual(whyNoPushes(new PushDenied()), { text: 'own.pushDenied' });
  assert.deepEqual(whyNoPushes(new DOMException('Registration failed - permission denied', 'AbortError')), { text: 'own.pushDenied' });
  assert.deepEqual(whyNoPushes(new DOMException('denied', 'NotAllowedError')), { text: 'own.pushDenied' });
});

test('what the server refused is said in its words', () => {
  assert.deepEqual(whyNoPushes(new ApiProblem({ status: 409, code: 'too_many', title: '推送设备太多' })), { sentence: '推送设备太多' });
});

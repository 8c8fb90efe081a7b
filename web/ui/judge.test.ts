import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusals } from '../../contract/refusals.ts';
import { judge } from './judge.ts';

test('without an answer everything waits', () => {
  assert.equal(judge({ status: 0, code: 'network_unreachable' }), 'unreachable');
  assert.equal(judge({ status: 0, code: 'request_timed_out' }), 'unreachable');
});

test('what passes by itself is tried again', () => {
  for (const code of ['rate_limited', 'idempotency_key_in_flight', 'csrf_token_missing', 'not_ready', 'internal_error'] as const) {
    assert.equal(judge({ status: refusals[code].status, code }), 'later', code);
  }
  assert.equal(judge({ status: 502, code: 'answer_unreadable' }), 'later');
});

test('an ended session asks for its owner and loses nothing', () => {
  assert.equal(judge({ status: 401, code: 'session_expired' }), 'signIn');
});

test('a no is a no', () => {
  for (const code of ['visit_step_not_open', 'visit_not_yours', 'signature_empty', 'file_too_large', 'file_type_refused', 'not_found', 'invalid_input', 'stale_version'] as const) {
    assert.equal(judge({ status: refusals[code].status, code }), 'refused', code);
  }
});

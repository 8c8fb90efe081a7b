import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type, type TSchema } from 'typebox';
import { Closed, Nullable } from '../../../contract/common.ts';
import { Refusal } from '../errors/refusal.ts';
import { ensureValid, validator } from './validation.ts';

function errorsOf(schema: TSchema, value: unknown): string[] {
  try {
    ensureValid(validator(schema, 'json'), value, 'en');
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return (error.errors ?? []).map(({ path, code, message }) => `${path} ${code}: ${typeof message === 'string' ? message : message?.en}`);
  }
  return [];
}

const Action = Type.Union([
  Closed({ kind: Type.Union([Type.Literal('tag'), Type.Literal('untag')]), tags: Type.Array(Type.String(), { minItems: 1 }) }),
  Closed({ kind: Type.Literal('call'), url: Type.String({ minLength: 8 }), method: Type.Union([Type.Literal('GET'), Type.Literal('POST')]) }),
  Closed({ kind: Type.Literal('assign'), to: Type.Union([Closed({ kind: Type.Literal('person'), id: Type.String({ format: 'uuid' }) }), Closed({ kind: Type.Literal('team'), key: Type.String() })]) }),
]);
const Body = Closed({ actions: Type.Array(Action), limit: Type.Optional(Nullable(Type.Integer({ minimum: 1 }))) });

test('of a union only the branch that was meant is answered, at each place for itself', () => {
  assert.deepEqual(errorsOf(Body, { actions: [{ kind: 'tag', tags: [] }] }), ['/actions/0/tags minItems: needs at least 1 entries']);
  assert.deepEqual(errorsOf(Body, { actions: [{ kind: 'tag', tags: ['x'] }, { kind: 'call', url: 'short', method: 'GET', more: 1 }] }), [
    '/actions/1/more additionalProperties: is not a known property', '/actions/1/url minLength: needs at least 8 characters',
  ]);
});

test('a union within a union is answered the same way', () => {
  assert.deepEqual(errorsOf(Body, { actions: [{ kind: 'assign', to: { kind: 'person', id: 'me' } }] }), ['/actions/0/to/id format: is not a valid id (UUID)']);
});

test('where no branch was meant, what tells them apart is', () => {
  assert.deepEqual(errorsOf(Body, { actions: [{ kind: 'shout' }] }), ['/actions/0/kind enum: must be one of: tag, untag, call, assign']);
  assert.deepEqual(errorsOf(Body, { actions: [{}] }), ['/actions/0/kind required: is required']);
  assert.deepEqual(errorsOf(Body, { actions: ['tag'] }), ['/actions/0 type: must be an object']);
});

test('what may be null is answered by what it may be beside it', () => {
  assert.deepEqual(errorsOf(Body, { actions: [], limit: 0 }), ['/limit minimum: must not be less than 1']);
  assert.deepEqual(errorsOf(Body, { actions: [], limit: null }), []);
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, keepFirstPassword, newSession } from './scene.ts';

const password = 'correct horse battery';

describe('the e-mail address and the phone number of a colleague', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
  });
  after(() => program?.close());

  const as = 'administrator';
  const patch = (id: string, body: unknown, who: 'administrator' | { token: string } = as): Promise<Answer> => program.call('PATCH', `/staff/${id}`, { as: who, body, headers: { 'if-match': '*' } });
  const signIn = async (email: string): Promise<number> => (await program.call('POST', '/session', { body: { email, password } })).status;
  const hire = async (email: string, more: object = {}): Promise<{ id: string }> => {
    const person = (await done(program.call('POST', '/staff', { as, body: { name: email.split('@')[0], job: 'agent', email, password, ...more } }))).body;
    // As after their first sign-in.
    await keepFirstPassword(program, person.id);
    return person;
  };

  test('a new address is the one to sign in by; the history keeps both masked', async () => {
    const person = await hire('maiden@first.example', { phone: '13900000101' });
    const changed = (await done(patch(person.id, { email: 'Married@First.example', phone: '139 0000 0102' }))).body;
    assert.deepEqual([changed.email, changed.phone], ['married@first.example', '139****0102']);
    assert.deepEqual([await signIn('maiden@first.example'), await signIn('married@first.example'), await signIn('13900000102'), await signIn('13900000101')], [401, 201, 201, 401]);
    const [fact] = (await done(program.call('GET', '/audit?kind=staff.changed', { as }))).body.items;
    assert.deepEqual([fact.data.before, fact.data.after], [{ email: 'm***@first.example', phone: '139****0101' }, { email: 'm***@first.example', phone: '139****0102' }]);
    assert.equal((await done(patch(person.id, { email: 'married@first.example' }))).body.version, changed.version, 'what is there already is no change');
  });

  test('one that somebody has is refused, and so is to leave no way in', async () => {
    await hire('first-come@first.example', { phone: '13900000103' });
    const person = await hire('second@first.example');
    for (const [body, path] of [[{ email: 'FIRST-come@first.example' }, '/email'], [{ phone: '13900000103' }, '/phone']] as const) {
      const refused = await patch(person.id, body);
      assertProblem(refused, 'name_taken');
      assert.equal(refused.body.errors[0].path, path);
    }
    assertProblem(await patch(person.id, { email: null }), 'sign_in_needed');
    assert.equal((await done(patch(person.id, { email: null, phone: '13900000104' }))).body.email, null);
    assert.equal(await signIn('13900000104'), 201);
  });

  test('nobody changes it of somebody who holds more than they do; an API key never; of oneself it is allowed', async () => {
    const role = (await done(program.call('POST', '/roles', { as, body: { name: '人事', grants: [{ permission: 'organization.read', scope: 'organization' }, { permission: 'organization.write', scope: 'organization' }] } }))).body;
    const clerk = await hire('clerk@first.example', { roleIds: [role.id] });
    const { token } = await newSession(program, clerk.id);
    assertProblem(await patch(program.organization.staff.administrator, { email: 'thief@first.example' }, { token }), 'grant_exceeds_own');
    const session = await newSession(program, program.organization.staff.administrator);
    const key = await program.call('POST', '/api-keys', { as: session, body: { name: '同步', permissions: ['organization.read', 'organization.write'] } });
    assert.equal(key.status, 201, key.text);
    assertProblem(await patch(clerk.id, { email: 'robot@first.example' }, { token: key.body.key }), 'forbidden');
    assert.equal((await done(patch(clerk.id, { email: 'clerk-two@first.example' }, { token }))).body.email, 'clerk-two@first.example');
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiKey, call, create, makeStartedDirectory, startProgram, until } from './program-process.ts';

test('kill -9 while replies are held: each leaves once when the program is back, and one that is taken back does not', { timeout: 120_000, skip: process.platform === 'win32' && 'no signals' }, async () => {
  const dataDirectory = await makeStartedDirectory();
  let program = await startProgram({ DATA_DIR: dataDirectory });
  const { answer } = await create(program, 'held', 0);
  const id = answer!.body.id as string;
  const hold = async (body: string, seconds: number) => {
    const held = await call(program, 'POST', `/tickets/${id}/held-replies`, { body: { body, visibility: 'public', seconds } });
    assert.equal(held.status, 201, JSON.stringify(held.body));
    return held.body.id as string;
  };
  await hold('one', 1);
  await hold('two', 2);
  const back = await hold('back', 60);
  program.kill('SIGKILL');
  await program.ended;
  program = await startProgram({ DATA_DIR: dataDirectory });
  const taken = await fetch(`${program.url}/api/v1/tickets/${id}/held-replies/${back}`, { method: 'DELETE', headers: { authorization: `Bearer ${apiKey}` } });
  assert.equal((await taken.json() as { comment: { body: string } }).comment.body, 'back');
  const comments = async () => ((await call(program, 'GET', `/tickets/${id}/timeline`)).body.items as { comment: { body: string } | null }[]).flatMap((entry) => entry.comment?.body ?? []);
  await until(async () => (await comments()).length >= 2);
  program.kill('SIGKILL');
  await program.ended;
  program = await startProgram({ DATA_DIR: dataDirectory });
  assert.deepEqual((await comments()).sort(), ['one', 'two']);
  assert.deepEqual((await call(program, 'GET', `/tickets/${id}/held-replies`)).body.items, []);
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});

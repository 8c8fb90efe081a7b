import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { isoMediaOf } from '../../server/platform/files/sample-files.ts';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { apiKey, call, create, makeStartedDirectory, openEmbedded, startProgram, until, type Creation, type ProgramProcess } from './program-process.ts';

const concurrent = 200;

/** Creates tickets all at once, and kills the program when so many have been answered. */
async function createUntilKilled(program: ProgramProcess, run: string, killAfter: number): Promise<Creation[]> {
  let answered = 0;
  const creations = await Promise.all(Array.from({ length: concurrent }, async (_, index) => {
    const creation = await create(program, run, index);
    if (creation.answer !== null && (answered += 1) === killAfter) program.kill('SIGKILL');
    return creation;
  }));
  const ending = await program.ended;
  assert.equal(ending.signal, 'SIGKILL');
  return creations;
}

test('kill -9 during concurrent creations: what was answered is there once and whole, and a repetition gets the same ticket', { skip: process.platform === 'win32' && 'no signals' }, async (context) => {
  const dataDirectory = await makeStartedDirectory();
  let program = await startProgram({ DATA_DIR: dataDirectory });
  let expected = 0;
  for (const [round, killAfter] of [1, 70, 150].entries()) {
    const run = `round-${round}`;
    const creations = await createUntilKilled(program, run, killAfter);
    const answered = creations.filter((creation) => creation.answer !== null);
    assert.ok(answered.length >= killAfter && answered.length < concurrent, `${answered.length} were answered`);
    for (const { answer } of answered) assert.equal(answer!.status, 201, JSON.stringify(answer!.body));

    program = await startProgram({ DATA_DIR: dataDirectory });
    const client = await openEmbedded(dataDirectory);
    try {
      await ensureWhole(client, { dataDirectory });
      const { rows } = await client.query<{ id: string; number: string; subject: string }>('SELECT id, number, subject FROM ticket WHERE subject LIKE $1', [`${run} %`]);
      context.diagnostic(`${answered.length} of ${concurrent} were answered, ${rows.length} are there`);
      assert.equal(new Set(rows.map((row) => row.subject)).size, rows.length, 'none is there twice');
      const { rows: keys } = await client.query<{ key: string }>('SELECT key FROM idempotency_key WHERE key LIKE $1', [`${run}-%`]);
      assert.deepEqual(keys.map((row) => row.key.replace(`${run}-`, `${run} `)).sort(), rows.map((row) => row.subject).sort(), 'each with its kept answer');
      for (const { subject, answer } of answered) {
        const row = rows.find((other) => other.subject === subject);
        assert.deepEqual(row && { id: row.id, number: row.number }, { id: answer!.body.id, number: answer!.body.number });
      }

      // The caller, who knows nothing of all this, repeats everything under the same keys.
      const repeated = await Promise.all(creations.map((_, index) => create(program, run, index)));
      for (const [index, { answer }] of repeated.entries()) {
        assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
        const { subject, answer: before } = creations[index]!;
        const present = rows.find((row) => row.subject === subject);
        if (before !== null) assert.deepEqual(answer!.body, before.body);
        if (present) assert.equal(answer!.body.id, present.id);
        assert.equal(answer!.headers['idempotency-replayed'], present ? 'true' : undefined);
      }
      expected += concurrent;
      const { rows: [after] } = await client.query<{ tickets: number; subjects: number }>('SELECT count(*)::int AS tickets, count(DISTINCT subject)::int AS subjects FROM ticket');
      assert.deepEqual(after, { tickets: expected, subjects: expected });
      await ensureWhole(client, { dataDirectory });
      await ensureReadersExact(client);
    } finally {
      await client.end();
    }
    const found = await call(program, 'GET', `/tickets?q=${encodeURIComponent(`${run} 17`)}`);
    assert.equal(found.status, 200);
    assert.ok(found.body.items.some((ticket: { subject: string }) => ticket.subject === `${run} 17`), 'and it is found by its words');
  }
  program = await goOnWithFilm(program, dataDirectory);
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});

/** Sends a film in one long piece, kills the program in the middle of it, and sends on from where the next one says that it is. */
async function goOnWithFilm(before: ProgramProcess, dataDirectory: string): Promise<ProgramProcess> {
  const film = Buffer.concat([isoMediaOf('isom'), Buffer.alloc(4_000_000, 7)]);
  const headers = { authorization: `Bearer ${apiKey}`, 'tus-resumable': '1.0.0' };
  const ask = (program: ProgramProcess, method: string, path: string, more: Record<string, string> = {}, body?: Uint8Array<ArrayBuffer>) => fetch(new URL(path, program.url), { method, headers: { ...headers, ...more }, ...(body ? { body } : {}) });
  const placeOf = async (program: ProgramProcess, path: string) => Number((await ask(program, 'HEAD', path)).headers.get('upload-offset'));
  const begun = await ask(before, 'POST', '/api/v1/uploads', { 'upload-length': String(film.length), 'upload-metadata': `filename ${btoa('film.mp4')},purpose ${btoa('photo')}` });
  assert.equal(begun.status, 201);
  const path = begun.headers.get('location')!;
  const sending = request(new URL(path, before.url), { method: 'PATCH', headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0', 'content-length': film.length } });
  sending.on('error', () => undefined);
  sending.write(film.subarray(0, 3_500_000));
  await until(async () => await placeOf(before, path) >= 3_000_000);
  before.kill('SIGKILL');
  await before.ended;
  const program = await startProgram({ DATA_DIR: dataDirectory });
  const kept = await placeOf(program, path);
  assert.ok(kept >= 3_000_000 && kept <= 3_500_000, `${kept} bytes are there`);
  const rest = await ask(program, 'PATCH', path, { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(kept) }, new Uint8Array(film.subarray(kept)));
  assert.equal(rest.status, 204, await rest.text());
  const { file } = await (await ask(program, 'GET', path)).json() as { file: { url: string; size: number } };
  assert.equal(Buffer.compare(Buffer.from(await (await ask(program, 'GET', file.url)).arrayBuffer()), film), 0);
  return program;
}

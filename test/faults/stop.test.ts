import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { apiKey, create, launch, makeDirectory, openEmbedded, startProgram, until, type Creation } from './program-process.ts';

const dataDirectory = makeDirectory();

describe('SIGTERM', { skip: process.platform === 'win32' && 'no signals' }, () => {
  test('during load: every request is answered or was never taken, the program ends with 0, and nothing has to be recovered', async (context) => {
    const program = await startProgram({ DATA_DIR: dataDirectory });
    const { hostname, port } = new URL(program.url);
    // As browsers do: a connection for later, on which nothing is asked yet; and one on which everything is told as it happens.
    const idle = connect(Number(port), hostname);
    await new Promise((resolve) => idle.on('connect', resolve));
    idle.on('error', () => undefined);
    const feed = new Promise<string>((resolve, reject) => {
      get(new URL('/api/v1/feed', program.url), { headers: { authorization: `Bearer ${apiKey}` } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
        response.on('error', reject);
      });
    });
    let answered = 0;
    const creations: Creation[] = [];
    // Each goes on asking until it is refused or finds nobody.
    await Promise.all(Array.from({ length: 64 }, async (_, line) => {
      for (let turn = 0; turn < 50; turn += 1) {
        const creation = await create(program, 'stopped', line * 1_000 + turn);
        creations.push(creation);
        if ((answered += 1) === 300) program.kill('SIGTERM');
        if (creation.answer?.status !== 201) break;
      }
    }));
    const ending = await program.ended;
    assert.deepEqual({ code: ending.code, signal: ending.signal, complaints: ending.complaints }, { code: 0, signal: null, complaints: '' });
    assert.match(await feed, /event: ready/, 'the feed was ended in order');
    for (const { answer } of creations) assert.ok(answer === null || [201, 503].includes(answer.status), JSON.stringify(answer));

    const again = await startProgram({ DATA_DIR: dataDirectory });
    const client = await openEmbedded(dataDirectory);
    const { rows } = await client.query<{ subject: string }>('SELECT subject FROM ticket ORDER BY subject');
    const made = creations.filter((creation) => creation.answer?.status === 201);
    const refused = creations.filter((creation) => creation.answer?.status === 503);
    context.diagnostic(`${made.length} were made, ${refused.length} refused, ${creations.length - made.length - refused.length} never taken`);
    assert.deepEqual(rows.map((row) => row.subject), made.map((creation) => creation.subject).sort(), 'what was made was answered');
    await ensureWhole(client, { dataDirectory });
    await ensureReadersExact(client);
    await client.end();
    assert.doesNotMatch(await readFile(join(dataDirectory, 'postgres.log'), 'utf8'), /automatic recovery/, 'the database was stopped in order');
    again.kill('SIGTERM');
    assert.equal((await again.ended).code, 0);
  });

  test('at any moment of a start ends it in order, and the next start succeeds', async () => {
    const lock = join(dataDirectory, 'lock');
    const postmaster = join(dataDirectory, 'postgres', 'postmaster.pid');
    const moments: ((output: string) => boolean)[] = [
      () => true,
      () => existsSync(lock) && statSync(lock).size > 0,
      () => existsSync(postmaster),
      (output) => output.includes('Server listening'),
    ];
    for (const moment of moments) {
      const starting = launch({ DATA_DIR: dataDirectory });
      await until(() => moment(starting.output()));
      starting.kill('SIGTERM');
      const { code, signal } = await starting.ended;
      // Before the program has a say of its own the signal simply ends it.
      assert.ok(code === 0 || signal === 'SIGTERM', `${code}`);
    }
    const program = await startProgram({ DATA_DIR: dataDirectory });
    program.kill('SIGINT');
    const { code, complaints } = await program.ended;
    assert.deepEqual([code, complaints], [0, '']);
  });
});

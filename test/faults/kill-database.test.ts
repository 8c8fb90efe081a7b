import assert from 'node:assert/strict';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startEmbeddedPostgres } from '../../server/platform/postgres/embedded.ts';
import { postgresProcessesOf, readPostmasterPid } from '../../server/platform/postgres/processes.ts';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { call, create, makeDirectory, makeStartedDirectory, openClient, openEmbedded, startProgram, until, type Creation, type ProgramProcess } from './program-process.ts';

const concurrent = 200;

/** Creates tickets all at once, and does something when so many have been answered. */
async function createAround(program: ProgramProcess, run: string, after: number, strike: () => void): Promise<Creation[]> {
  let answered = 0;
  return Promise.all(Array.from({ length: concurrent }, async (_, index) => {
    const creation = await create(program, run, index);
    if ((answered += 1) === after) strike();
    return creation;
  }));
}

const made = (creations: readonly Creation[]) => creations.filter((creation) => creation.answer?.status === 201);

/** Whatever was not made was refused in the proper form, or not answered at all. */
function ensureRefused(creations: readonly Creation[]): void {
  for (const { answer } of creations) {
    if (answer === null || answer.status === 201) continue;
    assert.ok([500, 503].includes(answer.status), `${answer.status}`);
    assert.equal(typeof answer.body.code, 'string');
  }
}

describe('a database that is killed', { skip: process.platform === 'win32' && 'no signals' }, () => {
  test('its own: the program ends and says so, and the next start has everything that was answered', async (context) => {
    const dataDirectory = await makeStartedDirectory();
    const program = await startProgram({ DATA_DIR: dataDirectory });
    const postmaster = await readPostmasterPid(join(dataDirectory, 'postgres'));
    const creations = await createAround(program, 'own', 60, () => process.kill(postmaster!, 'SIGKILL'));
    const { code, output, complaints } = await program.ended;
    assert.equal(code, 1);
    assert.match(output, /"level":"fatal".*"the database stopped by itself"/);
    assert.equal(complaints, '', 'nothing is left to the runtime to complain about');
    ensureRefused(creations);
    assert.deepEqual(await postgresProcessesOf(join(dataDirectory, 'postgres')), []);

    const again = await startProgram({ DATA_DIR: dataDirectory });
    const client = await openEmbedded(dataDirectory);
    await ensureWhole(client, { dataDirectory });
    const { rows } = await client.query<{ subject: string; id: string }>('SELECT subject, id FROM ticket');
    context.diagnostic(`${made(creations).length} of ${concurrent} were answered 201, ${rows.length} are there`);
    for (const { subject, answer } of made(creations)) assert.deepEqual(rows.filter((row) => row.subject === subject), [{ subject, id: answer!.body.id }]);
    await ensureReadersExact(client);
    await client.end();
    again.kill('SIGTERM');
    assert.equal((await again.ended).code, 0);
  });

  test('one that is given: the program says so on /readyz, and goes on by itself when it is back', async (context) => {
    const databaseDirectory = makeDirectory();
    const dataDirectory = makeDirectory();
    // Each start has its socket elsewhere; the program finds it in one place.
    const link = join(dataDirectory, 'database');
    const start = async () => {
      const postgres = await startEmbeddedPostgres({ dataDirectory: databaseDirectory, log: () => undefined });
      rmSync(link, { force: true });
      symlinkSync(postgres.connection.host, link);
      return postgres;
    };
    let postgres = await start();
    // A user past row-level security who is no superuser, as managed databases give them: the program acts under a role of its own.
    const administration = await openClient(postgres.administration);
    await administration.query(`ALTER ROLE ${postgres.connection.user} BYPASSRLS CREATEROLE`);
    await administration.end();
    const url = `postgresql://bihuan@localhost/bihuan?host=${encodeURIComponent(link)}&port=5432`;
    const program = await startProgram({ DATA_DIR: join(dataDirectory, 'program'), DATABASE_URL: url });
    const before = await createAround(program, 'before', 60, () => process.kill(postgres.processId, 'SIGKILL'));
    ensureRefused(before);
    await postgres.ended;
    await until(async () => (await call(program, 'GET', '/readyz')).status === 503);
    assert.equal((await call(program, 'GET', '/healthz')).status, 200, 'it lives');
    ensureRefused([await create(program, 'meanwhile', 0)]);
    await postgres.stop();

    postgres = await start();
    await until(async () => (await call(program, 'GET', '/readyz')).status === 200);
    const after = await createAround(program, 'after', 0, () => undefined);
    assert.equal(made(after).length, concurrent);
    const client = await openClient(postgres.connection);
    await ensureWhole(client, { dataDirectory: join(dataDirectory, 'program') });
    const { rows } = await client.query<{ subject: string; id: string }>('SELECT subject, id FROM ticket');
    context.diagnostic(`${made(before).length} of ${concurrent} were answered 201, ${rows.length - concurrent} are there`);
    for (const { subject, answer } of [...made(before), ...made(after)]) assert.deepEqual(rows.filter((row) => row.subject === subject), [{ subject, id: answer!.body.id }]);
    // Readers, timers and jobs of the same process are back at work, too.
    await ensureReadersExact(client);
    await client.end();
    program.kill('SIGTERM');
    const { code, complaints } = await program.ended;
    assert.equal(code, 0);
    assert.equal(complaints, '');
    await postgres.stop();
    assert.ok(!existsSync(join(dataDirectory, 'program', 'postgres')), 'with DATABASE_URL it makes no database of its own');
  });
});

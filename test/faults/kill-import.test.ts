import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { apiKey, call, makeStartedDirectory, openEmbedded, startProgram, type ProgramProcess } from './program-process.ts';

const rows = 1_500;

/** Tickets with what was said on them; every tenth cannot be taken. */
const history = Array.from({ length: rows }, (_, index) => JSON.stringify({
  externalId: `OLD-${index}`, subject: `历史工单 ${index}`, requester: { name: '住户', phone: `138${String(index % 400).padStart(8, '0')}` }, status: index % 3 === 0 ? 'closed' : 'open',
  createdAt: index % 10 === 0 ? '2199-01-01T00:00:00Z' : `2024-0${index % 9 + 1}-01T08:00:00Z`,
  comments: [{ at: `2024-10-01T08:00:00Z`, author: 'customer', body: `还没修好 ${index}` }],
})).join('\n');

async function submit(program: ProgramProcess): Promise<string> {
  const form = new FormData();
  form.set('kind', 'tickets');
  form.set('file', new Blob([history]), 'history.jsonl');
  const answer = await fetch(new URL('/api/v1/imports', program.url), { method: 'POST', body: form, headers: { authorization: `Bearer ${apiKey}` } });
  assert.equal(answer.status, 201, await answer.clone().text());
  return ((await answer.json()) as { id: string }).id;
}

const progressOf = async (program: ProgramProcess, id: string) => (await call(program, 'GET', `/api/v1/imports/${id}`)).body as { status: string; counts: { processed: number; created: number; failed: number } };

test('kill -9 during an import: started again it goes on where it was, every row once', { skip: process.platform === 'win32' && 'no signals', timeout: 400_000 }, async (context) => {
  const dataDirectory = await makeStartedDirectory();
  let program = await startProgram({ DATA_DIR: dataDirectory });
  const id = await submit(program);
  for (const share of [0.2, 0.6]) {
    let processed = 0;
    while (processed < rows * share) {
      ({ counts: { processed } } = await progressOf(program, id));
      await wait(20);
    }
    program.kill('SIGKILL');
    assert.equal((await program.ended).signal, 'SIGKILL');
    program = await startProgram({ DATA_DIR: dataDirectory });
    context.diagnostic(`killed after ${processed} of ${rows} rows`);
    if (share < 0.5) continue;
    // That a lease is waited for was seen at the first kill: now it has run out.
    const clock = await openEmbedded(dataDirectory);
    await clock.query("WITH lease AS (UPDATE import_job SET leased_until = now()) UPDATE timer SET due_at = now() WHERE kind = 'import.continue'");
    await clock.end();
  }
  let progress = await progressOf(program, id);
  while (progress.status !== 'completed') {
    assert.ok(['reading', 'running'].includes(progress.status), progress.status);
    await wait(100);
    progress = await progressOf(program, id);
  }
  assert.deepEqual([progress.counts.processed, progress.counts.created, progress.counts.failed], [rows, rows * 0.9, rows * 0.1]);
  const client = await openEmbedded(dataDirectory);
  try {
    const { rows: [found] } = await client.query('SELECT count(*)::int AS tickets, count(DISTINCT subject)::int AS subjects, (SELECT count(*)::int FROM message) AS messages, (SELECT count(*)::int FROM imported_record) AS remembered, (SELECT count(*)::int FROM import_issue) AS issues FROM ticket');
    assert.deepEqual(found, { tickets: rows * 0.9, subjects: rows * 0.9, messages: rows * 0.9, remembered: rows * 0.9, issues: rows * 0.1 });
    await ensureWhole(client, { dataDirectory });
    await ensureReadersExact(client);
  } finally {
    await client.end();
  }
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});

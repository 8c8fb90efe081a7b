import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BihuanProblem, createClient } from '../../sdk/index.ts';
import { openTestProgram } from '../support/program.ts';
import { done } from './scene.ts';

const root = join(import.meta.dirname, '../..');
const program = await openTestProgram();
let key: string;
let baseUrl: string;

before(async () => {
  key = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'sdk' } }))).body.key;
  baseUrl = await program.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => program.close());

test('the SDK is what the API is, and the guides’ example does what it says', { timeout: 30_000 }, async () => {
  const check = spawnSync(process.execPath, ['tools/write-sdk.ts', '--check'], { cwd: root, encoding: 'utf8' });
  assert.equal(check.status, 0, check.stderr);
  const [english, chinese] = ['docs/guides/api.md', 'docs/guides/api.zh-CN.md'].map((guide) => /```ts\n([^]*?)```/.exec(readFileSync(join(root, guide), 'utf8'))![1]!);
  assert.equal(chinese, english);
  const folder = mkdtempSync(join(tmpdir(), 'bihuan-sdk-'));
  try {
    // Beside the program it talks to, as anybody's would run.
    writeFileSync(join(folder, 'example.ts'), english!.replace('./sdk/index.ts', pathToFileURL(join(root, 'sdk/index.ts')).href));
    const run = spawn(process.execPath, [join(folder, 'example.ts')], { env: { ...process.env, BIHUAN_URL: baseUrl, BIHUAN_KEY: key } });
    let [said, wrong] = ['', ''];
    run.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    run.stderr.on('data', (chunk: Buffer) => (wrong += chunk.toString()));
    assert.equal((await once(run, 'close'))[0], 0, wrong);
    assert.match(said, /^\d{8}-\d+ high\n(\d{8}-\d+ .+\n)+somebody was faster\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is put off, or gets no answer, is asked once more under the same key; what may have had its effect and has no key is not', async () => {
  const keys: (string | null)[] = [];
  let faults = 0;
  const client = createClient({
    baseUrl, key,
    fetch: async (url, init) => {
      keys.push(new Headers(init?.headers).get('idempotency-key'));
      const answer = await fetch(url, init);
      faults -= 1;
      if (faults < 0) return answer;
      if (faults === 0) throw new TypeError('the line was cut');
      return new Response('{"code":"unavailable"}', { status: 503, headers: { 'retry-after': '0' } });
    },
  });
  faults = 2;
  const made = await client.post('/tickets', { body: { subject: '只开一张' } });
  assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
  assert.equal((await client.get('/tickets', { query: { q: made.number } })).items.filter(({ subject }) => subject === '只开一张').length, 1);
  faults = 1;
  await assert.rejects(client.patch('/tickets/{id}', { params: { id: made.id }, version: made.version, body: { priority: 'low' } }), (error) => error instanceof BihuanProblem && error.code === 'network');
  await assert.rejects(client.get('/tickets/{id}', { params: { id: '20200101-00001' } }), (error) => error instanceof BihuanProblem && error.status === 404 && error.code === 'not_found');
});

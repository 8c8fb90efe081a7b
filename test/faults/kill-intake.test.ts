import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureWhole } from './invariants.ts';
import { call, makeDirectory, openEmbedded, startProgram, until, type ProgramProcess } from './program-process.ts';

const messages = 1_000;
const atOnce = 32;

interface Channel { url: string; made: { token: string } }

/** Sends a message; true when the program said that it has it. */
async function send(channel: Channel, program: ProgramProcess, body: unknown): Promise<boolean> {
  const answer = await fetch(`${program.url}${new URL(channel.url).pathname}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${channel.made.token}` }, body: JSON.stringify(body) })
    .then(async (response) => ({ status: response.status, text: await response.text() }), () => null);
  // Killed on the way.
  if (answer === null) return false;
  assert.equal(answer.status, 200, answer.text);
  return true;
}

/** What the platform of each channel sends. */
function bodyOf(index: number): unknown {
  const what = `message ${index}`;
  if (index % 3 === 0) return { no: what, what };
  if (index % 3 === 2) return { eventId: what, value: '1', host: 'message', name: String(index), severity: '2', time: 1_790_000_000 + index };
  return { version: '4', alerts: [{ status: 'firing', fingerprint: what, startsAt: '2026-11-22T08:00:00Z', labels: { alertname: 'x' }, annotations: { summary: what } }] };
}

test('kill -9 in the middle of 1,000 messages over three channels: what was answered becomes a ticket, once, and what is sent again no second one', { skip: process.platform === 'win32' && 'no signals', timeout: 300_000 }, async (context) => {
  const dataDirectory = makeDirectory();
  let program = await startProgram({ DATA_DIR: dataDirectory });
  const channels: Channel[] = [];
  for (const kind of ['webhook', 'alertmanager', 'zabbix']) {
    const mapping = kind === 'webhook' ? [{ target: 'externalId', from: 'no' }, { target: 'subject', from: 'what' }] : [];
    const made = await call(program, 'POST', '/api/v1/channels', { body: { kind, name: kind, mapping } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    channels.push(made.body as Channel);
  }
  /** Sends all; the numbers of those that were answered. */
  const sendAll = async (killAfter: number | null): Promise<Set<number>> => {
    const answered = new Set<number>();
    let next = 0;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let at = next++; at < messages; at = next++) {
        if (!await send(channels[at % 3]!, program, bodyOf(at))) return;
        answered.add(at);
        if (answered.size === killAfter) program.kill('SIGKILL');
      }
    }));
    return answered;
  };
  const answered = await sendAll(400);
  assert.equal((await program.ended).signal, 'SIGKILL');
  program = await startProgram({ DATA_DIR: dataDirectory });
  const client = await openEmbedded(dataDirectory);
  try {
    const { rows: kept } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM inbox_message');
    context.diagnostic(`${answered.size} of ${messages} were answered before the end, ${kept[0]!.count} were kept`);
    assert.ok(kept[0]!.count >= answered.size);
    // The platforms know nothing of all this, and send everything once more.
    assert.equal((await sendAll(null)).size, messages);
    await until(async () => (await client.query<{ count: number }>("SELECT count(*)::int AS count FROM inbox_message WHERE state = 'waiting'")).rows[0]!.count === 0);
    const { rows: tickets } = await client.query<{ subject: string; count: number }>("SELECT subject, count(*)::int AS count FROM ticket WHERE subject LIKE 'message %' GROUP BY subject");
    assert.deepEqual(tickets.filter(({ count }) => count !== 1), []);
    assert.deepEqual(tickets.map(({ subject }) => Number(subject.slice(8))).sort((one, other) => one - other), Array.from({ length: messages }, (_, index) => index));
    await ensureWhole(client, { customersAreRequesters: false, dataDirectory });
  } finally {
    await client.end();
  }
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});

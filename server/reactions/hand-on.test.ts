import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobKind } from '../../contract/jobs.ts';
import type { FactKind } from '../../contract/facts.ts';
import { systemActor } from '../platform/context.ts';
import type { Fact } from '../platform/facts/fact.ts';
import type { Jobs } from '../platform/jobs/jobs.ts';
import { handOn } from './hand-on.ts';

const fact = (kind: FactKind, position: number, data: Record<string, unknown>): Fact => ({
  tenantId: 'tenant', position, transaction: '1', kind, ticketId: null, ticketPosition: null, subjectId: `subject ${position}`,
  actor: systemActor, data, occurredAt: new Date(0), recordedAt: new Date(0),
});

/** A queue that takes a job in when it is told to. */
function openQueue() {
  const waiting: { kind: JobKind; origin: string; data: Record<string, unknown>; settle: (error?: Error) => void }[] = [];
  const jobs: Jobs = {
    send: (kind, origin, data) => new Promise<void>((resolve, reject) => waiting.push({ kind, origin, data, settle: (error) => (error ? reject(error) : resolve()) })),
    work: async () => {},
    stop: async () => {},
  };
  return { jobs, waiting };
}

const turn = () => new Promise<void>((resolve) => {
  setImmediate(resolve);
});

test('the jobs of a batch are sent side by side, some at a time, each once', async () => {
  const { jobs, waiting } = openQueue();
  const reacting = handOn(jobs).react(undefined, Array.from({ length: 120 }, (_, index) => fact('file.uploaded', index, { mediaType: 'image/png' })));
  const turns: number[] = [];
  const origins: string[] = [];
  for (await turn(); waiting.length > 0; await turn()) {
    turns.push(waiting.length);
    for (const job of waiting.splice(0)) {
      origins.push(job.origin);
      job.settle();
    }
  }
  await reacting;
  assert.deepEqual(turns, [50, 50, 20]);
  assert.deepEqual(origins, Array.from({ length: 120 }, (_, index) => `tenant ${index}`));
});

test('one that cannot be sent fails the batch, which then comes again', async () => {
  const { jobs, waiting } = openQueue();
  const reacting = handOn(jobs).react(undefined, [1, 2, 3].map((position) => fact('file.uploaded', position, { mediaType: 'image/png' })));
  const refused = assert.rejects(reacting, /queue is away/);
  await turn();
  assert.equal(waiting.length, 3);
  waiting.forEach((job, index) => job.settle(index === 1 ? new Error('queue is away') : undefined));
  await refused;
});

test('what is no image needs no thumbnail; a code goes out in the language it was asked for in', async () => {
  const { jobs, waiting } = openQueue();
  const reacting = handOn(jobs).react(undefined, [
    fact('file.uploaded', 1, { mediaType: 'application/pdf' }), fact('phone_code.requested', 2, { sealed: 'sealed', language: 'en' }),
  ]);
  await turn();
  assert.deepEqual(waiting.map(({ kind, origin, data }) => ({ kind, origin, data })), [
    { kind: 'sms.send_phone_code', origin: 'tenant 2', data: { tenantId: 'tenant', sealed: 'sealed', language: 'en', requestedAt: '1970-01-01T00:00:00.000Z' } },
  ]);
  waiting[0]!.settle();
  await reacting;
});

test('a fact for which no job is known is not passed over', async () => {
  const { jobs, waiting } = openQueue();
  await assert.rejects(handOn(jobs).react(undefined, [fact('ticket.rated', 1, {})]), /no job is known for ticket\.rated/);
  assert.deepEqual(waiting, []);
});

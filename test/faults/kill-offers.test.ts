import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type pg from 'pg';
import type { Offer } from '../../contract/offer.ts';
import { openTestCluster } from '../support/postgres.ts';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { call, makeDirectory, openClient, startProgram, until, type ProgramProcess } from './program-process.ts';
import { hireTechnicians, there, type Hired } from './technicians.ts';

async function leaveEmpty(): Promise<void> {}

type Answer = Awaited<ReturnType<typeof call>>;
async function done(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

const people = 24;
let client: pg.Client | undefined;
let locker: pg.Client | undefined;
after(() => Promise.all([client?.end(), locker?.end()]));

test('kill -9 with open offers: limits run on, the next one is asked once, and of all who grab one has it', { timeout: 300_000, skip: process.platform === 'win32' && 'no signals' }, async (context) => {
  // On a database that outlives the program: time passes while nobody works.
  const database = await (await openTestCluster(leaveEmpty)).cloneDatabase();
  const environment = { DATABASE_URL: database.connectionString, SECRET_KEY: 'the key that all nodes of this test share', DATA_DIR: makeDirectory() };
  let program: ProgramProcess = await startProgram(environment);
  client = await openClient(database.connection);
  locker = await openClient(database.connection);
  const sql = client;
  const kill = async () => {
    program.kill('SIGKILL');
    assert.equal((await program.ended).signal, 'SIGKILL');
  };
  const { teamId, hired } = await hireTechnicians(sql, people);
  const ticket = async (subject: string): Promise<string> => (await done(call(program, 'POST', '/tickets', { body: { subject, team: teamId, location: { address: '世纪大道 1 号', ...there } } }))).body.id as string;
  const open = async (ticketId: string, mode: string): Promise<Offer> => (await done(call(program, 'POST', `/tickets/${ticketId}/offers`, { body: { mode } }))).body as Offer;
  const shown = async (ticketId: string): Promise<Offer> => ((await done(call(program, 'GET', `/tickets/${ticketId}/offers`))).body as { items: Offer[] }).items[0]!;
  const said = (offer: Offer) => offer.candidates.map(({ state }) => state);
  const told = async (ticketId: string) => (await sql.query<{ kind: string; count: number }>("SELECT kind, count(*)::int AS count FROM fact WHERE ticket_id = $1 AND (kind LIKE 'offer.%' OR kind IN ('ticket.assigned', 'visit.scheduled')) GROUP BY kind ORDER BY kind", [ticketId])).rows.map(({ kind, count }) => `${kind} ${count}`);
  const letTimePass = async (ticketIds: readonly string[]) => {
    await sql.query("UPDATE offer SET next_at = now() - interval '1 second' WHERE ticket_id = ANY($1::uuid[])", [ticketIds]);
    await sql.query("UPDATE timer SET due_at = now() - interval '1 second' WHERE kind = 'offer.due' AND subject_id = ANY($1::uuid[])", [ticketIds]);
  };
  /** Facts cannot be written until the answer is called: whoever works on an offer stands in the middle of it. */
  const holdFacts = async (): Promise<() => Promise<void>> => {
    await locker!.query('BEGIN');
    await locker!.query('LOCK TABLE fact IN SHARE MODE');
    return async () => void await locker!.query('ROLLBACK');
  };
  const somebodyWaits = () => until(async () => (await sql.query("SELECT 1 FROM pg_locks WHERE relation = 'fact'::regclass AND NOT granted")).rows.length > 0);

  const [turn, near, grab, later] = [await ticket('依次'), await ticket('就近'), await ticket('抢单'), await ticket('未到时限')];
  await open(turn, 'in_turn');
  const nearest = await open(near, 'nearest');
  const wide = await open(grab, 'grab');
  const [waiting] = [await open(later, 'in_turn')];
  assert.deepEqual([said(nearest), wide.candidates.length, said(waiting)], [['offered'], 3, ['offered']]);

  // Two limits run out while no program runs, one does not.
  await kill();
  await letTimePass([turn, near, grab]);
  program = await startProgram(environment);
  await until(async () => (await told(turn)).includes('offer.passed_on 1') && (await told(near)).includes('offer.passed_on 1') && (await told(grab)).includes('offer.widened 1'));
  const [turned, neared, widened] = [await shown(turn), await shown(near), await shown(grab)];
  assert.deepEqual([said(turned), said(neared)], [['passed', 'offered'], ['passed', 'offered']]);
  assert.deepEqual([new Set(neared.candidates.map(({ staff }) => staff.id)).size, widened.ring, widened.candidates.length, said(await shown(later))], [2, 1, 8, ['offered']]);
  assert.equal((await shown(later)).nextAt, waiting.nextAt, 'who still has time keeps it');

  // Killed while it is passed on: as if nobody had begun, and then once.
  const release = await holdFacts();
  await letTimePass([turn]);
  await somebodyWaits();
  await kill();
  await release();
  assert.deepEqual(await told(turn), ['offer.opened 1', 'offer.passed_on 1']);
  program = await startProgram(environment);
  await until(async () => (await told(turn)).includes('offer.passed_on 2'));
  assert.deepEqual([said(await shown(turn)), await told(turn)], [['passed', 'passed', 'offered'], ['offer.opened 1', 'offer.passed_on 2']]);

  // The grab goes to everybody; all of them grab at once, and the program goes with the first of them in the middle of it.
  await letTimePass([grab]);
  await until(async () => (await told(grab)).includes('offer.widened 2'));
  assert.equal((await shown(grab)).candidateCount, people);
  const take = ({ headers }: Hired) => call(program, 'POST', `/api/v1/offers/${wide.id}/actions/accept`, { headers }).catch(() => null);
  const held = await holdFacts();
  const lost = Promise.all(hired.map(take));
  await somebodyWaits();
  await kill();
  await held();
  assert.deepEqual([(await lost).filter((answer) => answer !== null && answer.status < 300), (await sql.query('SELECT assignee_id FROM ticket WHERE id = $1', [grab])).rows[0].assignee_id], [[], null]);

  // All once more, killed as soon as the first is told anything: whoever was told that it is theirs has it.
  program = await startProgram(environment);
  let answered = 0;
  const first = await Promise.all(hired.map(async (one) => {
    const answer = await take(one);
    if (answer !== null && (answered += 1) === 1) program.kill('SIGKILL');
    return answer;
  }));
  await program.ended;
  program = await startProgram(environment);
  const won = hired.filter((_, index) => first[index]?.status === 200);
  assert.ok(won.length <= 1, `${won.length} were told that it is theirs`);
  context.diagnostic(`${first.filter((answer) => answer !== null).length} were answered before the program went, ${won.length} had it`);

  const answers = await Promise.all(hired.map(take));
  const winners = hired.filter((_, index) => answers[index]?.status === 200);
  assert.equal(winners.length, 1);
  if (won.length > 0) assert.deepEqual(winners, won);
  assert.deepEqual(answers.filter((answer) => answer?.status !== 200).map((answer) => answer?.body.code), Array.from({ length: people - 1 }, () => 'offer_taken'));
  const { rows: [row] } = await sql.query("SELECT assignee_id, (SELECT count(*)::int FROM visit WHERE ticket_id = t.id AND status = 'accepted') AS visits FROM ticket t WHERE id = $1", [grab]);
  assert.deepEqual(row, { assignee_id: winners[0]!.id, visits: 1 });
  assert.deepEqual((await told(grab)).filter((line) => !line.startsWith('visit.')), ['offer.opened 1', 'offer.taken 1', 'offer.widened 2', 'ticket.assigned 1']);
  await ensureWhole(sql);
  await ensureReadersExact(sql);
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});

import type { Selectable } from 'kysely';
import { everyTenant, sharedStatement, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import type { TicketCompletionTable } from '../../platform/db/tables.ts';

export type CompletionRow = Selectable<TicketCompletionTable>;

/** As the source of what is read out of the words of whoever wrote; every other source is the id of a connector. */
export const ofWords = 'words';

let wake = (): void => {};

/** Wakes whoever completes tickets. */
export const announceCompletions = (): void => wake();

/** Says who is to be woken when a ticket is to be completed; called once by whoever does it. */
export function onCompletionAsked(callback: () => void): void {
  wake = callback;
}

/** A ticket to complete, and of what. */
export interface AskedCompletion {
  tenant_id: string;
  ticket_id: string;
  source: string;
  /** How many fillings led to one another before this one. */
  depth?: number;
}

const ask = statement<never>('ticket_completion.ask', `
  INSERT INTO ticket_completion (tenant_id, ticket_id, source, depth, due_at, created_at)
  SELECT tenant_id, ticket_id, source, coalesce(depth, 0), $2, $2 FROM json_to_recordset($1) AS given (tenant_id uuid, ticket_id uuid, source text, depth int) ORDER BY tenant_id, ticket_id, source
  ON CONFLICT (tenant_id, ticket_id, source) DO UPDATE SET state = 'waiting', due_at = CASE WHEN ticket_completion.state = 'waiting' THEN ticket_completion.due_at ELSE excluded.due_at END, attempts = 0, round = ticket_completion.round + 1,
    depth = CASE WHEN ticket_completion.state = 'waiting' THEN greatest(ticket_completion.depth, excluded.depth) ELSE excluded.depth END`);

/** Asks for tickets to be completed (请求补全), anew where they were before. */
export async function askCompletions(transaction: Transaction, asked: readonly AskedCompletion[], now: Date): Promise<void> {
  const each = new Map<string, AskedCompletion>();
  for (const one of asked) {
    const name = `${one.tenant_id} ${one.ticket_id} ${one.source}`;
    each.set(name, { ...one, depth: Math.max(one.depth ?? 0, each.get(name)?.depth ?? 0) });
  }
  if (each.size === 0) return;
  await transaction.query(ask, [JSON.stringify([...each.values()]), now]);
  transaction.afterCommit(() => wake());
}

export type DueCompletion = Pick<CompletionRow, 'tenant_id' | 'ticket_id' | 'source' | 'attempts' | 'round' | 'depth'>;

// Of whoever has not said anything by then it is known that they have died: longer than another system, or the language model, is waited for.
const leaseSeconds = 180;
const looked = 500;
/** As many tickets at a time are taken of one connector: a slow system keeps no other waiting. */
export const perConnector = 4;
const claim = statement<DueCompletion>('ticket_completion.claim', `
  UPDATE ticket_completion c SET attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT w.tenant_id, w.ticket_id, w.source FROM ticket_completion w JOIN (
      SELECT tenant_id, ticket_id, source, row_number() OVER (PARTITION BY tenant_id, source ORDER BY due_at) AS place
      FROM (SELECT * FROM ticket_completion WHERE state = 'waiting' AND due_at <= $1 AND source <> '${ofWords}' AND NOT (tenant_id::text || ' ' || source) = ANY($3::text[]) ORDER BY due_at LIMIT ${looked}) AS first) AS fair
    ON fair.tenant_id = w.tenant_id AND fair.ticket_id = w.ticket_id AND fair.source = w.source
    WHERE w.state = 'waiting' AND w.due_at <= $1 AND fair.place <= ${perConnector} ORDER BY w.due_at LIMIT $2 FOR UPDATE OF w SKIP LOCKED) AS due
  WHERE c.tenant_id = due.tenant_id AND c.ticket_id = due.ticket_id AND c.source = due.source RETURNING c.tenant_id, c.ticket_id, c.source, c.attempts, c.round, c.depth`);
interface Settled { ticket_id: string; source: string; round: number; state: string; failure: string | null; failure_detail: string | null; filled: Readonly<Record<string, unknown>> | null; at: Date }
// One that was asked for anew meanwhile is due again.
const settle = sharedStatement<Settled, never>('ticket_completion.settle', `
  UPDATE ticket_completion c SET state = CASE WHEN c.round = given.round THEN given.state ELSE c.state END, failure = CASE WHEN c.round = given.round THEN given.failure ELSE c.failure END,
    failure_detail = CASE WHEN c.round = given.round THEN given.failure_detail ELSE c.failure_detail END, settled_at = CASE WHEN c.round = given.round THEN given.at ELSE c.settled_at END,
    due_at = CASE WHEN c.round > given.round THEN given.at ELSE c.due_at END, filled = CASE WHEN given.filled IS NULL THEN c.filled ELSE c.filled || given.filled END
  FROM json_to_recordset($2) AS given (ticket_id uuid, source text, round integer, state text, failure text, failure_detail text, filled jsonb, at timestamptz)
  WHERE c.tenant_id = $1 AND c.ticket_id = given.ticket_id AND c.source = given.source AND c.round >= given.round AND c.ticket_id = ANY (ARRAY(SELECT ticket_id FROM json_to_recordset($2) AS listed (ticket_id uuid)))`);
const postpone = statement<never>('ticket_completion.postpone', `
  UPDATE ticket_completion SET due_at = $5, failure = $6, failure_detail = $7 WHERE tenant_id = $1 AND ticket_id = $2 AND source = $3 AND round = $4 AND state = 'waiting'`);
const drop = statement<never>('ticket_completion.drop', "DELETE FROM ticket_completion WHERE tenant_id = $1 AND ticket_id = $2 AND source = $3 AND round = $4 AND filled = '{}'");

// Of words everybody is in one line.
const claimWords = statement<DueCompletion>('ticket_completion.claim_words', `
  UPDATE ticket_completion c SET attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, ticket_id, source FROM ticket_completion WHERE state = 'waiting' AND due_at <= $1 AND source = '${ofWords}' ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE c.tenant_id = due.tenant_id AND c.ticket_id = due.ticket_id AND c.source = due.source RETURNING c.tenant_id, c.ticket_id, c.source, c.attempts, c.round, c.depth`);

/** Takes what is due, for a while (领取): of words, or of connectors, but for those named in `busy` (`<organization> <connector>`). */
export const claimCompletions = (database: Database, now: Date, limit: number, lane: 'words' | 'connectors', busy: readonly string[] = []): Promise<DueCompletion[]> =>
  database.transact(everyTenant, (transaction) => (lane === 'words' ? transaction.query(claimWords, [now, limit]) : transaction.query(claim, [now, limit, busy])));

/** Why nothing came of it, for people. */
export interface CompletionFailure {
  code: string;
  detail: string;
}

/** Writes down what came of it (补全结果). Where it was asked for anew meanwhile, it is done again at once. */
export async function settleCompletion(transaction: Transaction, due: DueCompletion, state: 'filled' | 'nothing' | 'failed', filled: Readonly<Record<string, unknown>> | null, failure: CompletionFailure | null, now: Date): Promise<void> {
  await transaction.queryTogether(settle, {
    ticket_id: due.ticket_id, source: due.source, round: due.round, state, failure: failure?.code ?? null, failure_detail: failure?.detail.slice(0, 500).toWellFormed() ?? null, filled, at: now,
  });
  transaction.afterCommit(() => wake());
}

/** Leaves it for later, with what stood in its way. */
export const postponeCompletion = (transaction: Transaction, due: DueCompletion, until: Date, failure: CompletionFailure): Promise<never[]> =>
  transaction.query(postpone, [due.tenant_id, due.ticket_id, due.source, due.round, until, failure.code, failure.detail.slice(0, 500).toWellFormed()]);

/** There was nothing to ask: it is forgotten, but for what it filled in before. */
export async function dropCompletion(transaction: Transaction, due: DueCompletion, now: Date): Promise<void> {
  await transaction.query(drop, [due.tenant_id, due.ticket_id, due.source, due.round]);
  await settleCompletion(transaction, due, 'filled', null, null, now);
}

const ofTicket = statement<Pick<CompletionRow, 'source' | 'state' | 'failure' | 'failure_detail' | 'filled' | 'settled_at' | 'attempts'> & { name: string | null }>('ticket_completion.of_ticket', `
  SELECT c.source, c.state, c.failure, c.failure_detail, c.filled, c.settled_at, c.attempts, k.name FROM ticket_completion c
  LEFT JOIN connector k ON k.tenant_id = c.tenant_id AND k.id::text = c.source WHERE c.tenant_id = $1 AND c.ticket_id = $2 ORDER BY c.created_at, c.source`);

/** What was asked for a ticket. */
export const completionsOf = (transaction: Transaction, ticketId: string) => transaction.query(ofTicket, [transaction.tenantId, ticketId]);

const filledBy = statement<{ filled: Record<string, unknown> }>('ticket_completion.filled', 'SELECT filled FROM ticket_completion WHERE tenant_id = $1 AND ticket_id = $2 AND source = $3');

/** What a source has filled in so far, by target. */
export const filledSoFar = async (transaction: Transaction, ticketId: string, source: string): Promise<Record<string, unknown>> => (await transaction.query(filledBy, [transaction.tenantId, ticketId, source]))[0]?.filled ?? {};

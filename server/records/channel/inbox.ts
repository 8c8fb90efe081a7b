import { storable } from '../../../rules/text/storable.ts';
import type { InboundMessage } from '../../channels/inbound.ts';
import { everyTenant, sharedStatement, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';

/** A message that came in, as it lies in the inbox (收件箱). */
export interface InboxRow {
  tenant_id: string;
  id: string;
  account_id: string;
  external_id: string;
  thread: string;
  content: InboxContent;
  call_id: string;
  occurred_at: Date;
  received_at: Date;
  attempts: number;
}

/** What an adapter made of it. */
export type InboxContent = Omit<InboundMessage, 'externalId' | 'thread' | 'occurredAt'>;

/** The part of a message that is kept as its content, without what no database holds; the bytes it came as keep that. */
export const contentOf = ({ externalId: _id, thread: _thread, occurredAt: _at, ...content }: InboundMessage): InboxContent => storable(content);

let wake = (): void => {};

/** Wakes whoever takes in, for messages that wait anew. */
export const announceMessages = (): void => wake();

/** Says who is to be woken when something has come in; called once by the composition root. */
export function onMessageKept(callback: () => void): void {
  wake = callback;
}

let beingKept = 0;
const many = 8;

/** Whether many callers wait for what they brought to be kept: they go before what was kept already (接收优先). */
export const manyAreWaiting = (): boolean => beingKept >= many;

/** Counts a caller for as long as it waits. */
export async function whileKeeping<Result>(work: Promise<Result>): Promise<Result> {
  beingKept += 1;
  try {
    return await work;
  } finally {
    beingKept -= 1;
  }
}

interface GivenMessage {
  id: string;
  account_id: string;
  external_id: string;
  thread: string;
  content: InboxContent;
  call_id: string;
  place_in_call: number;
  /** As text of a bytea. */
  raw: string | null;
  occurred_at: Date;
  received_at: Date;
}

const given = 'json_to_recordset($2) AS given (place integer, id uuid, account_id uuid, external_id text, thread text, content jsonb, call_id uuid, place_in_call smallint, raw bytea, occurred_at timestamptz, received_at timestamptz)';
const inserting = (from: string): string => `
  INSERT INTO inbox_message (tenant_id, id, account_id, external_id, thread, content, call_id, place, raw, occurred_at, received_at, due_at)
  SELECT $1, id, account_id, external_id, thread, content, call_id, place_in_call, raw, occurred_at, received_at, received_at FROM ${from}
  ORDER BY place ON CONFLICT (tenant_id, account_id, external_id) DO NOTHING`;
const insert = sharedStatement<GivenMessage, never>('inbox_message.insert', inserting(given));
// Tells which were kept, and which were known.
const insertSeveral = sharedStatement<GivenMessage, { id: string }>('inbox_message.insert_several', `
  WITH given AS MATERIALIZED (SELECT * FROM ${given}), kept AS (${inserting('given')} RETURNING id) SELECT given.place, kept.id FROM kept JOIN given ON given.id = kept.id`);

// What is large goes by itself, as bytes.
const mostTogether = 2_200_000;
const putCall = statement<never>('inbox_message.put_call', 'UPDATE inbox_message SET call_id = $3 WHERE tenant_id = $1 AND id = ANY($2)');
const putRaw = statement<never>('inbox_message.put_raw', 'UPDATE inbox_message SET raw = $3 WHERE tenant_id = $1 AND id = $2');

/**
 * Keeps what a call brought (收件落库), once, however often it comes: inserts only, so that calls that arrive together share one commit. Its bytes stand with the
 * first message that was not known.
 */
export async function keepMessages(transaction: Transaction, accountId: string, messages: readonly InboundMessage[], raw: Buffer, now: Date): Promise<void> {
  const together = raw.length <= mostTogether;
  const ids = messages.map(() => newId(now.getTime())).sort();
  const [first] = ids;
  const rows = messages.map((message, index) => givenOf(message, { id: ids[index]!, account_id: accountId, call_id: first!, place_in_call: index, raw: index === 0 && together ? `\\x${raw.toString('hex')}` : null, received_at: now }));
  let holder = first;
  if (rows.length === 1) await transaction.queryTogether(insert, rows[0]!);
  else {
    const kept = (await Promise.all(rows.map((row) => transaction.queryTogether(insertSeveral, row)))).flat().map(({ id }) => id).sort();
    holder = kept[0];
    if (holder !== undefined && holder !== first) await transaction.query(putCall, [transaction.tenantId, kept, holder]);
  }
  if (holder !== undefined && (!together || holder !== first)) await transaction.query(putRaw, [transaction.tenantId, holder, raw]);
  transaction.afterCommit(() => wake());
}

/** Keeps more of a call whose bytes are kept with another message, each at its place (补读落库). */
export async function keepMore(transaction: Transaction, accountId: string, callId: string, messages: readonly { message: InboundMessage; place: number }[], now: Date): Promise<void> {
  const ids = messages.map(() => newId(now.getTime())).sort();
  await Promise.all(messages.map(({ message, place }, index) => transaction.queryTogether(insert, givenOf(message, { id: ids[index]!, account_id: accountId, call_id: callId, place_in_call: place, raw: null, received_at: now }))));
  transaction.afterCommit(() => wake());
}

const givenOf = (message: InboundMessage, row: Pick<GivenMessage, 'id' | 'account_id' | 'call_id' | 'place_in_call' | 'raw' | 'received_at'>): GivenMessage => ({
  ...row, external_id: storable(message.externalId), thread: storable(message.thread), content: contentOf(message), occurred_at: message.occurredAt,
});

export interface DueMessage {
  tenant_id: string;
  id: string;
  account_id: string;
  thread: string;
  /** Somebody wrote it. */
  has_sender: boolean;
  /** Somebody was added, and may have to be welcomed within seconds. */
  has_joined: boolean;
  /** Whoever wrote it is known by the name it came under, on this account. */
  is_known: boolean;
  /** Of what kind the account is. */
  kind: string;
  due_at: Date;
}

const findDue = statement<DueMessage>('inbox_message.find_due', `
  SELECT m.tenant_id, m.id, m.account_id, m.thread, m.content ? 'sender' AS has_sender, m.content ? 'joined' AS has_joined, m.due_at, a.kind,
    EXISTS (SELECT FROM channel_identity i WHERE i.tenant_id = m.tenant_id AND i.account_id = m.account_id AND i.kind = m.content #>> '{sender,ids,0,kind}' AND i.value = m.content #>> '{sender,ids,0,value}') AS is_known
  FROM (SELECT * FROM inbox_message WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2) m JOIN channel_account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id ORDER BY m.due_at, m.id`);
// One after another of a thread, also where two nodes are at it: what came before and waits goes first.
const take = sharedStatement<{ id: string; now: Date }, InboxRow & { place: number }>('inbox_message.take', `
  SELECT given.place, m.* FROM json_to_recordset($2) AS given (place integer, id uuid, now timestamptz) CROSS JOIN LATERAL (
    SELECT m.tenant_id, m.id, m.account_id, m.external_id, m.thread, m.content, m.call_id, m.occurred_at, m.received_at, m.attempts FROM inbox_message m
    WHERE m.tenant_id = $1 AND m.id = given.id AND m.state = 'waiting' AND m.due_at <= given.now
      AND NOT EXISTS (SELECT 1 FROM inbox_message e WHERE e.tenant_id = $1 AND e.account_id = m.account_id AND e.thread = m.thread AND e.state = 'waiting' AND e.id < m.id)
    FOR NO KEY UPDATE SKIP LOCKED) m`);
// Behind one that is left for later: not looked at again before that one is.
const holdBack = statement<never>('inbox_message.hold_back', `
  UPDATE inbox_message m SET due_at = first.due_at FROM (
    SELECT due_at FROM inbox_message WHERE tenant_id = $1 AND account_id = $3 AND thread = $4 AND state = 'waiting' AND id < $2 ORDER BY id LIMIT 1) first
  WHERE m.tenant_id = $1 AND m.id = $2 AND m.state = 'waiting' AND m.due_at < first.due_at`);
const lockThread = statement<never>('inbox_message.lock_thread', 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))');
const tryThread = sharedStatement<{ name: string }, { got: boolean }>('inbox_message.try_thread', `
  SELECT given.place, pg_try_advisory_xact_lock(hashtextextended(given.name, 0)) AS got FROM json_to_recordset($2) AS given (place integer, name text) WHERE $1::uuid IS NOT NULL`);
const settle = sharedStatement<{ id: string; state: string; outcome: string; ticket_id: string | null; at: Date }, never>('inbox_message.settle', `
  UPDATE inbox_message SET state = given.state, outcome = given.outcome, ticket_id = given.ticket_id, settled_at = given.at, failure = NULL, failure_detail = NULL
  FROM json_to_recordset($2) AS given (id uuid, state text, outcome text, ticket_id uuid, at timestamptz)
  WHERE inbox_message.tenant_id = $1 AND inbox_message.id = given.id AND inbox_message.id = ANY (ARRAY(SELECT id FROM json_to_recordset($2) AS listed (id uuid)))`);
const postpone = statement<{ attempts: number }>('inbox_message.postpone', `
  UPDATE inbox_message SET attempts = attempts + 1, failure = $3, failure_detail = $4, due_at = $5::timestamptz + least(600, 2 ^ least(attempts + 1, 10)) * interval '1 second'
  WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' RETURNING attempts`);
// The longer it has waited, the longer it waits; that is no attempt that failed.
const keepWaiting = statement<{ received_at: Date }>('inbox_message.keep_waiting', `
  UPDATE inbox_message SET failure = $3, failure_detail = $4, due_at = $5::timestamptz + least(600, greatest(2, extract(epoch FROM $5::timestamptz - received_at))) * interval '1 second'
  WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' RETURNING received_at`);
const quarantine = statement<never>('inbox_message.quarantine', `
  UPDATE inbox_message SET state = 'quarantined', failure = $3, failure_detail = $4, settled_at = $5 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'`);

const wakeThread = statement<never>('inbox_message.wake_thread', "UPDATE inbox_message SET due_at = least(due_at, $4) WHERE tenant_id = $1 AND account_id = $2 AND thread = $3 AND state = 'waiting'");

/** What a thread waited for has come: its messages are due (唤醒会话). */
export const wakeMessages = (transaction: Transaction, accountId: string, thread: string, now: Date): Promise<never[]> => transaction.query(wakeThread, [transaction.tenantId, accountId, thread, now]);

/** What is due, oldest first. */
export const dueMessages = (database: Database, now: Date, limit: number): Promise<DueMessage[]> =>
  database.transact(everyTenant, (transaction) => transaction.query(findDue, [now, limit]));

/**
 * A message for the transaction that takes it in; undefined when another node is at its thread, or one before it is not done. In a commit shared with others
 * nobody is waited for: whoever is at the thread has it.
 */
export async function takeMessage(transaction: Transaction, { id, account_id: accountId, thread }: DueMessage, now: Date): Promise<InboxRow | undefined> {
  const name = `inbox ${accountId} ${thread}`;
  // Sent together: the row is looked for when the thread is had.
  const [[lock], [found]] = await Promise.all([transaction.shared ? transaction.queryTogether(tryThread, { name }) : transaction.query(lockThread, [name]).then(() => [{ got: true }]), transaction.queryTogether(take, { id, now })]);
  if (!lock?.got || !transaction.claim(name)) return undefined;
  if (!found) {
    await transaction.query(holdBack, [transaction.tenantId, id, accountId, thread]);
    return undefined;
  }
  const { place: _place, ...row } = found;
  return row;
}

/** What became of a message: `done` by leading to something, `passed_over` because there was nothing to be done. */
export async function settleMessage(transaction: Transaction, id: string, outcome: string, ticketId: string | null, now: Date): Promise<void> {
  await transaction.queryTogether(settle, { id, state: ticketId === null ? 'passed_over' : 'done', outcome, ticket_id: ticketId, at: now });
}

/** So many attempts fail before a message is put aside. */
const mostAttempts = 8;

/**
 * Leaves a message for later; one whose failure is lasting, or that has failed too often, is put aside with all that is needed to take it up
 * again (隔离). One that waits for something (`patienceSeconds`, from when it came) has not failed before that time is over.
 *
 * @returns whether it was put aside
 */
export function failMessage(database: Database, tenantId: string, id: string, failure: { code: string; detail: string; lasting: boolean; patienceSeconds?: number }, now: Date): Promise<boolean> {
  return database.transact(tenantId, async (transaction) => {
    const values = [tenantId, id, failure.code, failure.detail.slice(0, 1_000).toWellFormed(), now];
    const aside = failure.patienceSeconds === undefined ? await failed(transaction, values) : await waitedEnough(transaction, values, failure.patienceSeconds, now);
    if (failure.lasting || aside) await transaction.query(quarantine, values);
    return failure.lasting || aside;
  });
}

async function failed(transaction: Transaction, values: readonly unknown[]): Promise<boolean> {
  const [row] = await transaction.query(postpone, values);
  return row === undefined || row.attempts >= mostAttempts;
}

async function waitedEnough(transaction: Transaction, values: readonly unknown[], patienceSeconds: number, now: Date): Promise<boolean> {
  const [row] = await transaction.query(keepWaiting, values);
  return row === undefined || now.getTime() - row.received_at.getTime() >= patienceSeconds * 1_000;
}

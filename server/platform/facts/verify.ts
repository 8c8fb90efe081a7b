import type { FactKind } from '../../../contract/facts.ts';
import { statement, type Database, type Transaction } from '../db/database.ts';
import { nextLink, type ChainEnd, type FactActor } from './fact.ts';
import { isOfAnotherKey, isUnkeyed, type HistoryKey } from './history-key.ts';

/**
 * Why a chain does not hold (断链原因): the fact is not what was written; none stands there; it does not follow the one
 * before; the last ones are gone; there are more than were written; it belongs to no ticket; it is without a seal, though
 * it is of a time when all were sealed; it was sealed with another SECRET_KEY.
 */
export type ChainFault = 'altered' | 'missing' | 'not_linked' | 'cut_off' | 'added' | 'orphan' | 'unsealed' | 'other_key';

/** The first place in a ticket's history that does not hold. */
export interface BrokenLink {
  ticketId: string;
  /** Null when there is no such ticket. */
  number: string | null;
  position: number;
  kind: string | null;
  fault: ChainFault;
}

/** What a ticket says of its own history: how long it is, and the hash of its newest fact. */
export interface TicketChain {
  id: string;
  number: string;
  history_length: number;
  history_hash: Buffer | null;
}

interface LinkRow {
  position: number;
  ticket_id: string;
  ticket_position: number;
  kind: FactKind;
  subject_id: string | null;
  actor_kind: FactActor['kind'];
  actor_id: string | null;
  actor_name: string | null;
  data: Record<string, unknown>;
  occurred_at: Date;
  recorded_at: Date;
  previous_hash: Buffer | null;
  hash: Buffer | null;
}

const linkColumns = 'position, ticket_id, ticket_position, kind, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, previous_hash, hash';
const isolate = statement<never>('', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
const findChains = statement<TicketChain>('history.chains', 'SELECT id, number, history_length, history_hash FROM ticket WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3');
const findChain = statement<TicketChain>('history.chain', 'SELECT id, number, history_length, history_hash FROM ticket WHERE tenant_id = $1 AND id = $2 FOR SHARE');
const findLinks = statement<LinkRow>('history.links', `
  SELECT ${linkColumns} FROM fact
  WHERE tenant_id = $1 AND ticket_id IS NOT NULL AND ticket_position IS NOT NULL AND (ticket_id, ticket_position) > ($2, $3) AND ticket_id <= $4
  ORDER BY ticket_id, ticket_position LIMIT $5`);
// A fact without a place in its chain would slip through a walk along the places.
const placelessFacts = `
  SELECT f.ticket_id, f.kind, t.number, t.history_length FROM fact f LEFT JOIN ticket t ON t.tenant_id = f.tenant_id AND t.id = f.ticket_id
  WHERE f.tenant_id = $1 AND f.ticket_id IS NOT NULL AND f.ticket_position IS NULL`;
interface PlacelessRow {
  ticket_id: string;
  kind: string;
  number: string | null;
  history_length: number | null;
}
const findUnsealedUntil = statement<{ unsealed_until: number }>('history.unsealed_until', 'SELECT unsealed_until FROM organization WHERE tenant_id = $1');
const findPlaceless = statement<PlacelessRow>('history.placeless', `${placelessFacts} ORDER BY f.position`);
const findPlacelessOf = statement<PlacelessRow>('history.placeless_of', `${placelessFacts} AND f.ticket_id = $2 LIMIT 1`);

const ticketsAtOnce = 200;
const factsAtOnce = 500;
const first = '00000000-0000-0000-0000-000000000000';
const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** How much was looked at. */
export interface Looked {
  tickets: number;
  facts: number;
  /** Facts of before there was a key (无密钥记录): whoever has the database could have written them anew, unless they were sealed since. */
  unkeyed: number;
}

/** What a chain is judged by: the key, and up to which position facts may be without its seal. */
export interface Judging {
  key: HistoryKey;
  unsealedUntil: number;
}

/** @throws when the database was opened without the key of the fact log */
export async function judgingOf(transaction: Transaction, tenantId: string): Promise<Judging> {
  if (!transaction.historyKey) throw new Error('the history cannot be verified without SECRET_KEY');
  const [organization] = await transaction.query(findUnsealedUntil, [tenantId]);
  return { key: transaction.historyKey, unsealedUntil: organization?.unsealed_until ?? 0 };
}

/**
 * Reckons the chains of all tickets of an organization anew (历史校验) and tells of each that does not hold, by its first
 * broken link. In batches, each as it stands at one moment, so that it takes the same memory for any organization and can
 * go on while people work.
 */
export async function verifyHistories(database: Database, tenantId: string, onBroken: (broken: BrokenLink) => void, onProgress: (looked: Looked) => void = () => {}): Promise<Looked> {
  const looked: Looked = { tickets: 0, facts: 0, unkeyed: 0 };
  const judging = await database.transact(tenantId, (transaction) => judgingOf(transaction, tenantId));
  const placeless = await database.transact(tenantId, (transaction) => transaction.query(findPlaceless, [tenantId]));
  for (const row of placeless) onBroken({ ticketId: row.ticket_id, number: row.number, position: (row.history_length ?? 0) + 1, kind: row.kind, fault: row.number === null ? 'orphan' : 'added' });
  const told = new Set(placeless.map((row) => row.ticket_id));
  for (let after = first; after !== last;) {
    after = await database.transact(tenantId, async (transaction) => {
      await transaction.query(isolate, []);
      const tickets = await transaction.query(findChains, [tenantId, after, ticketsAtOnce]);
      // Behind the last ticket there may still be facts of tickets that are gone.
      const upTo = tickets.length < ticketsAtOnce ? last : tickets.at(-1)!.id;
      looked.tickets += tickets.length;
      const walked = await walk(transaction, judging, tenantId, after, upTo, tickets, (broken) => !told.has(broken.ticketId) && onBroken(broken));
      looked.facts += walked.facts;
      looked.unkeyed += walked.unkeyed;
      return upTo;
    });
    onProgress(looked);
  }
  return looked;
}

/** Reckons one ticket's chain anew; null when there is no such ticket. It cannot change meanwhile. */
export async function verifyHistory(transaction: Transaction, tenantId: string, ticketId: string): Promise<{ chain: TicketChain; broken: BrokenLink | null; unkeyed: number } | null> {
  const [chain] = await transaction.query(findChain, [tenantId, ticketId]);
  if (!chain) return null;
  let broken: BrokenLink | null = null;
  const { unkeyed } = await walk(transaction, await judgingOf(transaction, tenantId), tenantId, before(ticketId), ticketId, [chain], (found) => {
    if (found.ticketId === ticketId) broken ??= found;
  });
  const [placeless] = broken === null ? await transaction.query(findPlacelessOf, [tenantId, ticketId]) : [];
  if (placeless) broken = { ticketId, number: chain.number, position: chain.history_length + 1, kind: placeless.kind, fault: 'added' };
  return { chain, broken, unkeyed };
}

/** Walks along all facts of tickets whose ids lie in a range, beside the tickets themselves; returns how many facts, and how many without a key. */
async function walk(transaction: Transaction, judging: Judging, tenantId: string, after: string, upTo: string, tickets: readonly TicketChain[], onBroken: (broken: BrokenLink) => void): Promise<{ facts: number; unkeyed: number }> {
  const waiting = [...tickets];
  let walker: Walker | null = null;
  let place: [string, number] = [after, Number.MAX_SAFE_INTEGER];
  let facts = 0;
  let unkeyed = 0;
  const finish = () => {
    const broken = walker?.finish();
    if (broken) onBroken(broken);
    walker = null;
  };
  for (;;) {
    const links = await transaction.query(findLinks, [tenantId, place[0], Math.min(place[1], 2_147_483_647), upTo, factsAtOnce]);
    for (const link of links) {
      facts += 1;
      if (link.hash !== null && isUnkeyed(link.hash)) unkeyed += 1;
      if (walker?.ticketId !== link.ticket_id) {
        finish();
        // Tickets that come before it have no facts at all.
        while (waiting[0] && waiting[0].id < link.ticket_id) {
          walker = openWalker(judging, tenantId, waiting.shift()!);
          finish();
        }
        if (waiting[0]?.id === link.ticket_id) walker = openWalker(judging, tenantId, waiting.shift()!);
        else walker = orphan(link);
      }
      const broken = walker!.take(link);
      if (broken) onBroken(broken);
    }
    const end = links.at(-1);
    if (links.length < factsAtOnce || !end) break;
    place = [end.ticket_id, end.ticket_position];
  }
  finish();
  for (const ticket of waiting) {
    walker = openWalker(judging, tenantId, ticket);
    finish();
  }
  return { facts, unkeyed };
}

/** Follows one chain; tells of its first broken link, once. */
interface Walker {
  ticketId: string;
  take(link: LinkRow): BrokenLink | null;
  finish(): BrokenLink | null;
}

function openWalker({ key, unsealedUntil }: Judging, tenantId: string, ticket: TicketChain): Walker {
  let end: ChainEnd = { length: 0, hash: null };
  let broken = false;
  const breakAt = (position: number, kind: string | null, fault: ChainFault): BrokenLink => {
    broken = true;
    return { ticketId: ticket.id, number: ticket.number, position, kind, fault };
  };
  return {
    ticketId: ticket.id,
    take(link) {
      if (broken) return null;
      const expected = end.length + 1;
      if (expected > ticket.history_length) return breakAt(expected, link.kind, 'added');
      if (link.ticket_position !== expected) return breakAt(expected, null, 'missing');
      if (!same(link.previous_hash, end.hash)) return breakAt(expected, link.kind, 'not_linked');
      if (link.hash !== null && isOfAnotherKey(key, link.hash)) return breakAt(expected, link.kind, 'other_key');
      const unkeyed = link.hash !== null && isUnkeyed(link.hash);
      if (unkeyed && (link.position > unsealedUntil || (end.hash !== null && !isUnkeyed(end.hash)))) return breakAt(expected, link.kind, 'unsealed');
      const next = nextLink(unkeyed ? undefined : key, tenantId, ticket.id, end, {
        kind: link.kind, actor: { kind: link.actor_kind, id: link.actor_id, name: link.actor_name }, data: link.data,
        occurredAt: link.occurred_at, recordedAt: link.recorded_at, subjectId: link.subject_id ?? undefined,
      });
      if (!same(link.hash, next.hash)) return breakAt(expected, link.kind, 'altered');
      end = next;
      return null;
    },
    finish() {
      if (broken) return null;
      if (end.length < ticket.history_length) return breakAt(end.length + 1, null, 'cut_off');
      // The whole chain was written anew, but the ticket remembers another end.
      return same(end.hash, ticket.history_hash) ? null : breakAt(end.length, null, 'altered');
    },
  };
}

function orphan(link: LinkRow): Walker {
  let told = false;
  return {
    ticketId: link.ticket_id,
    take() {
      if (told) return null;
      told = true;
      return { ticketId: link.ticket_id, number: null, position: link.ticket_position, kind: link.kind, fault: 'orphan' };
    },
    finish: () => null,
  };
}

const same = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b));

/** The id that comes just before another, in the order of the database. */
function before(id: string): string {
  const number = BigInt(`0x${id.replaceAll('-', '')}`) - 1n;
  const hex = (number < 0n ? 0n : number).toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

import type { Static } from 'typebox';
import type { OpenVisit } from '../../../contract/chat.ts';
import { statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { idBytes, idFromBytes, type Secrets } from '../../platform/secrets.ts';

/** Who writes on a website (网站访客). */
export interface VisitorRow {
  id: string;
  account_id: string;
  user_key: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  language: string;
  origin: string | null;
  page: { url: string; title?: string; referrer?: string } | null;
  /** As text, being larger than a number may be. */
  last_seq: string;
  staff_seen_seq: string;
  online_until: Date | null;
  /** Only tokens of this round are good. */
  token_round: number;
  created_at: Date;
}

const columns = 'id, account_id, user_key, name, email, phone, language, origin, page, last_seq::text, staff_seen_seq::text, online_until, token_round, created_at';
const find = statement<VisitorRow>('chat_visitor.find', `SELECT ${columns} FROM chat_visitor WHERE tenant_id = $1 AND id = $2`);
const lock = statement<VisitorRow>('chat_visitor.lock', `SELECT ${columns} FROM chat_visitor WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const findUser = statement<VisitorRow>('chat_visitor.find_user', `SELECT ${columns} FROM chat_visitor WHERE tenant_id = $1 AND account_id = $2 AND user_key = $3 FOR NO KEY UPDATE`);
const insert = statement<VisitorRow>('chat_visitor.insert', `
  INSERT INTO chat_visitor (tenant_id, id, account_id, user_key, name, email, phone, language, origin, page, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING ${columns}`);
const update = statement<VisitorRow>('chat_visitor.update', `
  UPDATE chat_visitor SET token_round = token_round + CASE WHEN user_key IS NULL AND $3::text IS NOT NULL THEN 1 ELSE 0 END, user_key = coalesce(user_key, $3), name = coalesce($4, name), email = coalesce($5, email), phone = coalesce($6, phone), language = coalesce($7, language), origin = CASE WHEN $8 THEN $9 ELSE origin END, page = coalesce($10, page)
  WHERE tenant_id = $1 AND id = $2 RETURNING ${columns}`);
const endRound = statement<never>('chat_visitor.end_round', 'UPDATE chat_visitor SET token_round = token_round + 1 WHERE tenant_id = $1 AND id = $2');
const keepOnline = statement<never>('chat_visitor.keep_online', 'UPDATE chat_visitor SET online_until = greatest(online_until, $3) WHERE tenant_id = $1 AND id = $2');
const goOffline = statement<never>('chat_visitor.go_offline', 'UPDATE chat_visitor SET online_until = $3 WHERE tenant_id = $1 AND id = $2');
const noteSeen = statement<never>('chat_visitor.note_seen', 'UPDATE chat_visitor SET staff_seen_seq = last_seq WHERE tenant_id = $1 AND id = $2 AND staff_seen_seq < last_seq');
const findTicket = statement<{ ticket_id: string | null }>('chat_visitor.ticket', 'SELECT ticket_id FROM conversation WHERE tenant_id = $1 AND account_id = $2 AND thread = $3');

const lastsHours = { browser: 90 * 24, user: 12 };

/**
 * The token of a visit (访客令牌): bound to organization, channel, visitor and the round their tokens are in, and signed. It lasts for 90 days; of whom the own site
 * vouches for 12 hours, as they come again with its signature.
 */
export function signVisit(secrets: Secrets, tenantId: string, visitor: Pick<VisitorRow, 'id' | 'account_id' | 'user_key' | 'token_round'>, now: Date): { token: string; expiresAt: Date } {
  const expiresAt = new Date(now.getTime() + lastsHours[visitor.user_key === null ? 'browser' : 'user'] * 3_600_000);
  const round = Buffer.alloc(4);
  round.writeUInt32BE(visitor.token_round);
  return { token: secrets.sign('visit', Buffer.concat([idBytes(tenantId), idBytes(visitor.account_id), idBytes(visitor.id), round]), expiresAt), expiresAt };
}

/** Whose visit a token is of; null when it is forged or has ended. Whether its round is still theirs, the row says. */
export function readVisit(secrets: Secrets, token: string, now: Date): { tenantId: string; accountId: string; visitorId: string; round: number } | null {
  const bytes = secrets.verify('visit', token, now);
  return bytes?.length === 52 ? { tenantId: idFromBytes(bytes.subarray(0, 16)), accountId: idFromBytes(bytes.subarray(16, 32)), visitorId: idFromBytes(bytes.subarray(32, 48)), round: bytes.readUInt32BE(48) } : null;
}

export const findVisitor = async (transaction: Transaction, id: string): Promise<VisitorRow | undefined> => (await transaction.query(find, [transaction.tenantId, id]))[0];
export const lockVisitor = async (transaction: Transaction, id: string): Promise<VisitorRow | undefined> => (await transaction.query(lock, [transaction.tenantId, id]))[0];
export const findUserVisitor = async (transaction: Transaction, accountId: string, userKey: string): Promise<VisitorRow | undefined> => (await transaction.query(findUser, [transaction.tenantId, accountId, userKey]))[0];

type Said = Pick<Static<typeof OpenVisit>, 'name' | 'email' | 'phone' | 'language' | 'page'>;

export const insertVisitor = async (transaction: Transaction, visitor: Said & { id: string; accountId: string; userKey: string | null; origin: string | null }, now: Date): Promise<VisitorRow> => (await transaction.query(insert, [
  transaction.tenantId, visitor.id, visitor.accountId, visitor.userKey, visitor.name ?? null, visitor.email ?? null, visitor.phone ?? null, visitor.language ?? 'zh-CN', visitor.origin, visitor.page ? JSON.stringify(visitor.page) : null, now,
]))[0]!;

/** Writes down what a visitor said anew; what they leave out stays. A browser that becomes a user's begins a new round of tokens. `origin` is only changed where it is given. */
export const updateVisitor = async (transaction: Transaction, id: string, { userKey, name, email, phone, language, origin, page }: Said & { userKey?: string | null; origin?: string | null }): Promise<VisitorRow> =>
  (await transaction.query(update, [transaction.tenantId, id, userKey ?? null, name ?? null, email ?? null, phone ?? null, language ?? null, origin !== undefined, origin ?? null, page ? JSON.stringify(page) : null]))[0]!;

/** For how long somebody is there without being heard of, in milliseconds. */
export const silenceMilliseconds = 45_000;

// Somebody who is heard of all the time is written down now and then.
const soonMilliseconds = 20_000;
const runsOut = ({ online_until: until }: Pick<VisitorRow, 'online_until'>, now: Date): boolean => until === null || until.getTime() < now.getTime() + soonMilliseconds;

/** Somebody is there (访客在线). */
export const keepVisitorOnline = async (transaction: Transaction, visitor: Pick<VisitorRow, 'id' | 'online_until'>, now: Date): Promise<void> => {
  if (runsOut(visitor, now)) await transaction.query(keepOnline, [transaction.tenantId, visitor.id, new Date(now.getTime() + silenceMilliseconds)]);
};
/** The same by itself, where nothing else is written: a crash may undo it, and the next sign of them says it again. */
export const noteVisitorOnline = async (database: Database, tenantId: string, visitor: Pick<VisitorRow, 'id' | 'online_until'>, now: Date): Promise<void> => {
  if (runsOut(visitor, now)) await database.transact(tenantId, (transaction) => keepVisitorOnline(transaction, visitor, now), { lasting: false });
};
/** The tokens that a visitor has been given open nothing any longer (访客令牌作废). */
export const endVisitorTokens = (transaction: Transaction, id: string): Promise<never[]> => transaction.query(endRound, [transaction.tenantId, id]);
export const takeVisitorOffline = (transaction: Transaction, id: string, now: Date): Promise<never[]> => transaction.query(goOffline, [transaction.tenantId, id, now]);
/** Somebody of the staff has the chat before their eyes. */
export const noteSeenByStaff = (transaction: Transaction, id: string): Promise<never[]> => transaction.query(noteSeen, [transaction.tenantId, id]);

/** The ticket a visitor's chat is about at present; null as long as there is none. */
export const ticketOfVisitor = async (transaction: Transaction, { account_id: accountId, id }: Pick<VisitorRow, 'account_id' | 'id'>): Promise<string | null> => (await transaction.query(findTicket, [transaction.tenantId, accountId, id]))[0]?.ticket_id ?? null;

// Whoever loads their page anew has not left.
const graceMilliseconds = 15_000;

/** Whether somebody is there, or was a moment ago. */
export const isThere = ({ online_until: until }: Pick<VisitorRow, 'online_until'>, now: Date): boolean => until !== null && until.getTime() + graceMilliseconds > now.getTime();

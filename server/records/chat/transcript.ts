import type { ChatFile, ChatMessage } from '../../../contract/chat.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { FileRow } from '../file/row.ts';
import { lockVisitor } from './visitors.ts';

interface TranscriptRow {
  seq: string;
  id: string;
  direction: 'in' | 'out';
  key: string;
  body: string;
  files: ChatFile[];
  author: string | null;
  created_at: Date;
}

const columns = 'seq::text, id, direction, key, body, files, author, created_at';
const findKey = statement<TranscriptRow>('chat_message.find', `SELECT ${columns} FROM chat_message WHERE tenant_id = $1 AND visitor_id = $2 AND direction = $3 AND key = $4`);
const number = statement<{ seq: string }>('chat_message.number', 'UPDATE chat_visitor SET last_seq = last_seq + 1 WHERE tenant_id = $1 AND id = $2 RETURNING last_seq::text AS seq');
const insert = statement<TranscriptRow>('chat_message.insert', `
  INSERT INTO chat_message (tenant_id, visitor_id, seq, id, direction, key, body, files, author, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${columns}`);
const listAfter = statement<TranscriptRow>('chat_message.after', `SELECT ${columns} FROM chat_message WHERE tenant_id = $1 AND visitor_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`);
const listNewest = statement<TranscriptRow>('chat_message.newest', `SELECT ${columns} FROM chat_message WHERE tenant_id = $1 AND visitor_id = $2 ORDER BY seq DESC LIMIT $3`);
const deliver = statement<{ id: string }>('chat_message.deliver', `
  UPDATE chat_message SET delivered_at = $4 WHERE tenant_id = $1 AND visitor_id = $2 AND direction = 'out' AND delivered_at IS NULL AND seq = ANY($3::bigint[]) RETURNING id`);
const read = statement<{ id: string }>('chat_message.read', `
  UPDATE chat_message SET read_at = $4, delivered_at = coalesce(delivered_at, $4) WHERE tenant_id = $1 AND visitor_id = $2 AND direction = 'out' AND read_at IS NULL AND seq <= $3 RETURNING id`);
const findPace = statement<{ created_at: Date }>('chat_message.pace', `
  SELECT created_at FROM chat_message WHERE tenant_id = $1 AND visitor_id = $2 AND direction = 'in' ORDER BY seq DESC OFFSET $3 LIMIT 1`);
const findFile = statement<{ found: boolean }>('chat_message.has_file', `
  SELECT true AS found FROM chat_message WHERE tenant_id = $1 AND visitor_id = $2 AND files @> $3::jsonb LIMIT 1`);

const view = (row: TranscriptRow): ChatMessage => ({ seq: Number(row.seq), key: row.key, direction: row.direction, body: row.body, files: row.files, author: row.author, at: row.created_at.toISOString() });

export const chatFileOf = (file: FileRow): ChatFile => ({ id: file.id, name: file.name, mediaType: file.media_type, size: Number(file.size), width: file.width, height: file.height });

/** A message that a visitor, or somebody who answers, calls by a key (按键查消息). */
export const findChatMessage = async (transaction: Transaction, visitorId: string, direction: 'in' | 'out', key: string): Promise<{ id: string; message: ChatMessage } | undefined> => {
  const [row] = await transaction.query(findKey, [transaction.tenantId, visitorId, direction, key]);
  return row && { id: row.id, message: view(row) };
};

/** Adds a message to what passed with a visitor, who has to be locked: so each has its place, and none comes in before another (写入聊天记录). */
export async function addChatMessage(transaction: Transaction, visitorId: string, message: { direction: 'in' | 'out'; key: string; body: string; files: readonly ChatFile[]; author: string | null }, now: Date): Promise<{ id: string; message: ChatMessage }> {
  const [place] = await transaction.query(number, [transaction.tenantId, visitorId]);
  const [row] = await transaction.query(insert, [transaction.tenantId, visitorId, place!.seq, newId(now.getTime()), message.direction, message.key, message.body, JSON.stringify(message.files), message.author, now]);
  return { id: row!.id, message: view(row!) };
}

/**
 * Lays an answer where the visitor's page fetches it, once for each key (回复入聊天记录).
 *
 * @returns what it is called, for receipts; null where there is no such visitor
 */
export async function layAnswer(transaction: Transaction, visitorId: string, answer: { key: string; text: string; author: string | null; files: readonly ChatFile[] }, now: Date): Promise<string | null> {
  if (!await lockVisitor(transaction, visitorId)) return null;
  const known = await findChatMessage(transaction, visitorId, 'out', answer.key);
  return (known ?? await addChatMessage(transaction, visitorId, { direction: 'out', key: answer.key, body: answer.text, files: answer.files, author: answer.author }, now)).id;
}

/** What passed with a visitor behind a place, oldest first; without one the newest. */
export async function listChatMessages(transaction: Transaction, visitorId: string, after: number | null, most: number): Promise<{ messages: ChatMessage[]; more: boolean }> {
  const rows = after === null
    ? (await transaction.query(listNewest, [transaction.tenantId, visitorId, most])).reverse()
    : await transaction.query(listAfter, [transaction.tenantId, visitorId, after, most + 1]);
  return { messages: rows.slice(0, most).map(view), more: rows.length > most };
}

/** The page has fetched answers: what they are called that it had not before (送达). */
export const noteFetched = async (transaction: Transaction, visitorId: string, messages: readonly ChatMessage[], now: Date): Promise<string[]> => {
  const places = messages.filter(({ direction }) => direction === 'out').map(({ seq }) => seq);
  return places.length === 0 ? [] : (await transaction.query(deliver, [transaction.tenantId, visitorId, places, now])).map(({ id }) => id);
};

/** The visitor has had answers before their eyes up to a place: what they are called that they had not before (已读). */
export const noteRead = async (transaction: Transaction, visitorId: string, upTo: number, now: Date): Promise<string[]> => (await transaction.query(read, [transaction.tenantId, visitorId, upTo, now])).map(({ id }) => id);

/** When a visitor wrote the message so many places before their next one; null when they wrote fewer. */
export const whenWritten = async (transaction: Transaction, visitorId: string, before: number): Promise<Date | null> => (await transaction.query(findPace, [transaction.tenantId, visitorId, before - 1]))[0]?.created_at ?? null;

/** Whether a file belongs to what passed with a visitor. */
export const hasChatFile = async (transaction: Transaction, visitorId: string, fileId: string): Promise<boolean> => (await transaction.query(findFile, [transaction.tenantId, visitorId, JSON.stringify([{ id: fileId }])])).length > 0;

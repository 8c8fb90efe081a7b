import type { InboundKind } from '../../../contract/channel.ts';
import type { FieldMapping } from '../../../rules/intake/mapping.ts';
import type { OpenInboundAccount } from '../../channels/inbound.ts';
import { sharedStatement, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { idBytes, idFromBytes, type Secrets } from '../../platform/secrets.ts';

export interface ChannelRow {
  id: string;
  kind: InboundKind;
  name: string;
  active: boolean;
  settings: Record<string, string>;
  sealed: Buffer | null;
  mapping: FieldMapping[];
  version: number;
  archived_at: Date | null;
  created_at: Date;
  last_received_at: Date | null;
  last_refused_at: Date | null;
  last_refusal: string | null;
}

const columns = 'id, kind, name, active, coalesce(settings, \'{}\') AS settings, sealed, coalesce(mapping, \'[]\') AS mapping, version, archived_at, created_at, last_received_at, last_refused_at, last_refusal';
const find = statement<ChannelRow>('channel_account.find', `SELECT ${columns} FROM channel_account WHERE tenant_id = $1 AND id = ANY($2::uuid[])`);
const findTogether = sharedStatement<{ id: string }, ChannelRow & { place: number }>('channel_account.find_together', `
  SELECT given.place, a.* FROM json_to_recordset($2) AS given (place integer, id uuid) CROSS JOIN LATERAL (SELECT ${columns} FROM channel_account WHERE tenant_id = $1 AND channel_account.id = given.id OFFSET 0) a`);
const lock = statement<ChannelRow>('channel_account.lock', `SELECT ${columns} FROM channel_account WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
export const purpose = 'channel account';

/** The address of an account's calls names it in a way that nobody can make up (回调地址). */
export const signHook = (secrets: Secrets, tenantId: string, accountId: string): string => secrets.sign('hook', Buffer.concat([idBytes(tenantId), idBytes(accountId)]), null);

export function readHook(secrets: Secrets, token: string, now: Date): { tenantId: string; accountId: string } | null {
  const bytes = secrets.verify('hook', token, now);
  return bytes?.length === 32 ? { tenantId: idFromBytes(bytes.subarray(0, 16)), accountId: idFromBytes(bytes.subarray(16)) } : null;
}

export const findChannels = (transaction: Transaction, ids: readonly string[]): Promise<ChannelRow[]> => transaction.query(find, [transaction.tenantId, ids]);
/** As `findChannels`, of one, by one statement for all who share the commit. */
export async function findChannel(transaction: Transaction, id: string): Promise<ChannelRow | undefined> {
  const [found] = await transaction.queryTogether(findTogether, { id });
  if (!found) return undefined;
  const { place: _place, ...row } = found;
  return row;
}
export const lockChannel = async (transaction: Transaction, id: string): Promise<ChannelRow | undefined> => (await transaction.query(lock, [transaction.tenantId, id]))[0];

/** The secrets of an account; null when they were sealed under another key. */
export function secretsOf(secrets: Secrets, row: Pick<ChannelRow, 'sealed'>): Record<string, string> | null {
  if (!row.sealed) return {};
  const opened = secrets.open(purpose, row.sealed);
  return opened ? JSON.parse(opened.toString()) as Record<string, string> : null;
}

/** An account with its secrets opened; null when they were sealed under another key. */
export function openChannel(secrets: Secrets, row: ChannelRow): OpenInboundAccount | null {
  const opened = secretsOf(secrets, row);
  return opened && { id: row.id, identity: `${row.id} ${row.version}`, mode: row.settings['mode'] ?? '', values: { ...row.settings, ...opened, ...(row.kind === 'email' ? { replyKey: secrets.sign('mail', idBytes(row.id), null) } : {}) }, mapping: row.mapping };
}

export interface PresentChannel {
  row: ChannelRow;
  account: OpenInboundAccount | null;
}

const mostKept = 2_000;

/**
 * Looks accounts up for calls (查找渠道账号): from the database at every call, so that one that is switched off is off on every node at once,
 * with one look for those that are asked for together; opened once for each version.
 */
export function openChannelLookUp(database: Database, secrets: Secrets): (tenantId: string, accountId: string) => Promise<PresentChannel | null> {
  const asked = new Map<string, { accountId: string; resolve: (row: PresentChannel | null) => void; reject: (error: unknown) => void }[]>();
  const opened = new Map<string, { version: number; account: OpenInboundAccount | null }>();
  const present = (tenantId: string, row: ChannelRow | undefined): PresentChannel | null => {
    if (!row) return null;
    const key = `${tenantId} ${row.id}`;
    const known = opened.get(key);
    if (known?.version === row.version) return { row, account: known.account };
    const account = openChannel(secrets, row);
    if (opened.size >= mostKept) opened.delete(opened.keys().next().value!);
    opened.set(key, { version: row.version, account });
    return { row, account };
  };
  const look = async (tenantId: string): Promise<void> => {
    // What comes while one look is under way goes with the next one: the more come, the more share a look.
    for (let all = asked.get(tenantId)!; all.length > 0; all = asked.get(tenantId)!) {
      asked.set(tenantId, []);
      try {
        const rows = await database.look(tenantId, find, [tenantId, [...new Set(all.map((one) => one.accountId))]]);
        for (const one of all) one.resolve(present(tenantId, rows.find((row) => row.id === one.accountId)));
      } catch (error) {
        for (const one of all) one.reject(error);
      }
    }
    asked.delete(tenantId);
  };
  return (tenantId, accountId) => new Promise((resolve, reject) => {
    const together = asked.get(tenantId);
    if (together) {
      together.push({ accountId, resolve, reject });
      return;
    }
    asked.set(tenantId, [{ accountId, resolve, reject }]);
    setImmediate(() => void look(tenantId));
  });
}

// At most once in so many seconds for each account: health is no log.
const noteReceived = statement<never>('channel_account.note_received', `
  UPDATE channel_account SET last_received_at = $3 WHERE tenant_id = $1 AND id = $2 AND (last_received_at IS NULL OR last_received_at < $3::timestamptz - interval '10 seconds' OR last_refused_at >= last_received_at)`);
// Anybody may knock: of a channel that works the first call that was not taken is only remembered, at the moment of the last good one, and the next is told.
const noteRefused = statement<never>('channel_account.note_refused', `
  UPDATE channel_account SET last_refusal = $4, last_refused_at = CASE WHEN $5::boolean AND last_received_at IS NOT NULL AND (last_refused_at IS NULL OR last_refused_at < last_received_at) THEN last_received_at ELSE greatest($3::timestamptz, last_received_at + interval '1 millisecond') END
  WHERE tenant_id = $1 AND id = $2 AND (last_refused_at IS NULL OR last_refused_at < $3::timestamptz - interval '1 second' OR split_part(last_refusal, ':', 1) <> split_part($4::text, ':', 1))`);

const noteMended = statement<never>('channel_account.note_mended', 'UPDATE channel_account SET last_refused_at = NULL, last_refusal = NULL WHERE tenant_id = $1 AND id = $2 AND last_refused_at IS NOT NULL');

/** Notes that a message came, or why a call was not taken, for whoever looks after the channel (渠道健康). */
export const noteChannel = {
  received: (database: Database, tenantId: string, accountId: string, now: Date): Promise<unknown> => database.transact(tenantId, (transaction) => transaction.query(noteReceived, [tenantId, accountId, now]), { lasting: false }),
  /** It can be reached again. */
  mended: (database: Database, tenantId: string, accountId: string): Promise<unknown> => database.transact(tenantId, (transaction) => transaction.query(noteMended, [tenantId, accountId]), { lasting: false }),
  refused: (database: Database, tenantId: string, accountId: string, now: Date, why: string): Promise<unknown> => database.transact(tenantId, (transaction) => transaction.query(noteRefused, [tenantId, accountId, now, why.slice(0, 300), false]), { lasting: false }),
  /** A call from outside was not taken: one alone says nothing of a channel that works. */
  knocked: (database: Database, tenantId: string, accountId: string, now: Date, why: string): Promise<unknown> => database.transact(tenantId, (transaction) => transaction.query(noteRefused, [tenantId, accountId, now, why.slice(0, 300), true]), { lasting: false }),
};

/** Whether an account was refused, or refused a call, after it last worked. */
export const refusedLast = ({ last_received_at: received, last_refused_at: refused }: Pick<ChannelRow, 'last_received_at' | 'last_refused_at'>): boolean => refused !== null && (received === null || refused > received);

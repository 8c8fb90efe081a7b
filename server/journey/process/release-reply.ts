import { sql } from 'kysely';
import { actorOf, type Caller, type Context, type Services } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import type { TimerHandler } from '../../platform/timers/timers.ts';
import { loadActive } from '../../records/access/subjects.ts';
import { lockHeldReply, type HeldReplyRow } from '../../records/desk/held-reply.ts';
import { writeComment } from './add-comment.ts';

const settle = statement<never>('held_reply.settle', 'UPDATE held_reply SET state = $3, message_id = $4, refusal = $5, settled_at = $6 WHERE tenant_id = $1 AND id = $2');

const lock = (transaction: Transaction, id: string) => transaction.query(lockHeldReply, [transaction.tenantId, id]);

/**
 * A comment's time has come and nobody took it back: it is written as its author would write it now (延迟发送到点), once,
 * as the row says so in the same transaction. What its author may write no longer is kept for them, and they are told.
 */
export const releaseReply: TimerHandler = Object.assign(async (...[transaction, timer, now]: Parameters<TimerHandler>) => {
  const [row] = await lock(transaction, timer.subjectId);
  if (row?.state !== 'held') return;
  const author = (await loadActive(transaction, [row.staff_id], now)).get(row.staff_id);
  await transaction.run(sql`SAVEPOINT release`);
  try {
    if (!author) throw new Refusal('forbidden');
    const organization = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', timer.tenantId));
    const context = contextOf(transaction, now, row, author, organization!.configuration_version);
    const { row: message } = await writeComment(context, row.ticket_id, row.body);
    await transaction.query(settle, [timer.tenantId, row.id, 'sent', message.id, null, now]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await transaction.run(sql`ROLLBACK TO SAVEPOINT release`);
    await transaction.query(settle, [timer.tenantId, row.id, 'failed', null, JSON.stringify({ code: error.code, parameters: error.parameters }), now]);
    await recordFact(transaction, {
      kind: 'held_reply.failed', actor: { kind: 'system', id: null, name: null }, occurredAt: now, recordedAt: now, subjectId: row.id,
      data: { staffId: row.staff_id, ticketId: row.ticket_id, code: error.code },
    });
  }
}, { lock });

/** What the author's own request would bring, but for the services of a request, of which writing a comment needs none. */
function contextOf(transaction: Transaction, now: Date, row: HeldReplyRow, { name, subject }: { name: string; subject: Extract<Caller, { kind: 'staff' }>['subject'] }, configurationVersion: number): Context {
  const caller: Caller = {
    kind: 'staff', via: row.via === 'api_key' ? 'api_key' : 'session', name, credentialId: row.id, expiresAt: null,
    subject: row.only_permissions ? { ...subject, onlyPermissions: new Set(row.only_permissions) } : subject,
  };
  const context: Omit<Context, 'services'> = {
    tenantId: transaction.tenantId, transaction, now, caller, actor: actorOf(caller), language: 'zh-CN', requestId: row.id, remoteAddress: '', csrfToken: null, userAgent: '', configurationVersion,
  };
  return Object.defineProperty(context, 'services', {
    get: (): Services => {
      throw new Error('a timer has no services of a request');
    },
  }) as Context;
}

/** Forgets what was sent a week ago and more; until then who comes too late to take it back is told so. */
export const forgetSentReplies = statement<never>('chore.held_replies', "DELETE FROM held_reply WHERE state = 'sent' AND settled_at < $1");

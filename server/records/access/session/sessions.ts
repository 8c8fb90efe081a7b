import { Closed, Id } from '../../../../contract/common.ts';
import { CurrentSession, SessionPage } from '../../../../contract/session.ts';
import { staffOf } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { newestPlace } from '../../../platform/facts/readers.ts';
import { changeSessionCookie } from '../../../platform/http/server.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { viewMe } from './me.ts';

/** Who is signed in (当前会话); `staff` is null for nobody, so that a page can ask without an error. */
export const showSession = useCase({
  summary: 'Show the current session',
  whilePasswordDue: true,
  answer: CurrentSession,
  async run(context) {
    if (context.caller.kind !== 'staff') return { csrfToken: null, staff: null, feedPlace: null };
    // Before anything else is looked at: what comes meanwhile is heard twice rather than never.
    const feedPlace = await newestPlace(context.services.database);
    return { csrfToken: context.csrfToken, feedPlace, staff: await viewMe(context.transaction, context.caller.subject.staffId, context.language, context.caller.subject) };
  },
});

/** Signs out (退出登录). */
export const signOut = useCase({
  summary: 'Sign out',
  whilePasswordDue: true,
  answer: null,
  async run(context) {
    if (context.caller.kind !== 'staff') return;
    if (context.caller.via === 'session') {
      await context.transaction.run(build.updateTable('session').set({ revoked_at: context.now })
        .where('tenant_id', '=', context.tenantId).where('staff_id', '=', context.caller.subject.staffId).where('id', '=', context.caller.credentialId).where('revoked_at', 'is', null));
      await recordFact(context.transaction, { kind: 'session.ended', actor: context.actor, data: {}, occurredAt: context.now, recordedAt: context.now, subjectId: context.caller.credentialId });
    }
    changeSessionCookie(context, { token: null, expiresAt: null });
  },
});

/** The caller's own sessions on all devices (登录设备), newest first. */
export const listSessions = useCase({
  summary: 'List one’s own sessions',
  answer: SessionPage,
  async run(context) {
    const { staffId } = staffOf(context);
    const rows = await context.transaction.run(build.selectFrom('session').select(['id', 'created_at', 'last_seen_at', 'expires_at', 'user_agent', 'address'])
      .where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffId).where('revoked_at', 'is', null).where('expires_at', '>', context.now)
      .orderBy('id', 'desc').limit(100));
    const current = context.caller.kind === 'staff' ? context.caller.credentialId : '';
    return {
      items: rows.map((row) => ({
        id: row.id, current: row.id === current, createdAt: row.created_at.toISOString(), lastSeenAt: row.last_seen_at.toISOString(),
        expiresAt: row.expires_at.toISOString(), userAgent: row.user_agent, address: row.address,
      })),
      nextCursor: null,
    };
  },
});

/** Ends one of the caller's own sessions at once (撤销登录). */
export const revokeSession = useCase({
  summary: 'Revoke a session',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const revoked = await context.transaction.run(build.updateTable('session').set({ revoked_at: context.now })
      .where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('id', '=', params.id).where('revoked_at', 'is', null).returning('id'));
    if (revoked.length === 0) throw new Refusal('not_found');
    await recordFact(context.transaction, { kind: 'session.revoked', actor: context.actor, data: {}, occurredAt: context.now, recordedAt: context.now, subjectId: params.id });
  },
});

import { randomBytes } from 'node:crypto';
import { CalendarFeed, CalendarFeedMade } from '../../../contract/calendar-feed.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { hashToken, idBytes, idFromBytes } from '../../platform/secrets.ts';

const find = ({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, staffId: string) =>
  transaction.first(build.selectFrom('calendar_feed').select(['created_at', 'last_read_at', 'token_hash']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));

/** Whether the caller's visits can be read by a calendar (日历订阅状态). */
export const showCalendarFeed = useCase({
  summary: 'Show whether a calendar can read one’s visits',
  answer: CalendarFeed,
  async run(context) {
    const row = await find(context, staffOf(context).staffId);
    return { active: row !== undefined, createdAt: row?.created_at.toISOString() ?? null, lastReadAt: row?.last_read_at?.toISOString() ?? null };
  },
});

/** Makes the secret address under which a calendar reads the caller's visits (生成日历订阅地址); the one before opens nothing any more. */
export const createCalendarFeed = useCase({
  summary: 'Make a secret address for a calendar to read one’s visits',
  answer: CalendarFeedMade,
  secret: true,
  status: 201,
  async run(context) {
    const { transaction, tenantId, now, actor, services } = context;
    const { staffId } = staffOf(context);
    const token = `${idBytes(tenantId).toString('base64url')}_${randomBytes(32).toString('base64url')}`;
    const values = { token_hash: hashToken(token), created_at: now, last_read_at: null };
    await transaction.run(build.insertInto('calendar_feed').values({ tenant_id: tenantId, staff_id: staffId, ...values }).onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id']).doUpdateSet(values)));
    await recordFact(transaction, { kind: 'calendar_feed.created', actor, data: {}, occurredAt: now, recordedAt: now, subjectId: staffId });
    return { url: `${services.publicUrl}/api/v1/calendar-feeds/${token}.ics` };
  },
});

/** Takes the address back (停用日历订阅). */
export const revokeCalendarFeed = useCase({
  summary: 'Take back the secret address for calendars',
  answer: null,
  async run(context) {
    const { transaction, tenantId, now, actor } = context;
    const { staffId } = staffOf(context);
    if (!await find(context, staffId)) return;
    await transaction.run(build.deleteFrom('calendar_feed').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
    await recordFact(transaction, { kind: 'calendar_feed.revoked', actor, data: {}, occurredAt: now, recordedAt: now, subjectId: staffId });
  },
});

/** The organization that an address names; null for what is no address. */
export function organizationOfFeed(token: string): string | null {
  const named = /^([A-Za-z0-9_-]{22})_[A-Za-z0-9_-]{43}$/.exec(token)?.[1];
  const bytes = named === undefined ? null : Buffer.from(named, 'base64url');
  return bytes?.length === 16 ? idFromBytes(bytes) : null;
}

const findOwner = statement<{ id: string; name: string; language: string; last_read_at: Date | null }>('calendar_feed.owner', `
  SELECT s.id, s.name, o.language, f.last_read_at FROM calendar_feed f JOIN staff s ON s.tenant_id = f.tenant_id AND s.id = f.staff_id AND s.active JOIN organization o ON o.tenant_id = f.tenant_id WHERE f.tenant_id = $1 AND f.token_hash = $2`);

/** Whose address it is, among those who still work here, and in which language their organization writes. */
export async function ownerOfFeed({ transaction, tenantId, now }: Pick<Context, 'transaction' | 'tenantId' | 'now'>, token: string): Promise<{ id: string; name: string; language: string } | undefined> {
  const [owner] = await transaction.query(findOwner, [tenantId, hashToken(token)]);
  // Calendars ask often; about when is enough.
  if (owner && (owner.last_read_at === null || now.getTime() - owner.last_read_at.getTime() > 900_000)) {
    await transaction.run(build.updateTable('calendar_feed').set({ last_read_at: now }).where('tenant_id', '=', tenantId).where('staff_id', '=', owner.id));
  }
  return owner;
}

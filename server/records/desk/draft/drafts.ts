import { limits } from '../../../../contract/common.ts';
import { DeleteDraft, Draft, DraftPage, ListDrafts, SaveDraft, deskLimits } from '../../../../contract/desk.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { decodeCursor } from '../../../platform/http/cursor.ts';
import { canonicalJson } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';

interface DraftRow { place: string; content: Record<string, unknown>; version: number; updated_at: Date }

const lockPerson = statement<never>('draft.lock_person', "SELECT pg_advisory_xact_lock(hashtextextended('drafts ' || $1 || $2, 0))");
const countDrafts = statement<{ count: number }>('draft.count', 'SELECT count(*)::int AS count FROM draft WHERE tenant_id = $1 AND staff_id = $2');

const viewDraft = (row: DraftRow): Draft => ({ place: row.place, content: row.content, version: row.version, updatedAt: row.updated_at.toISOString() });
const own = (context: Context) => build.selectFrom('draft').select(['place', 'content', 'version', 'updated_at']).where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId);

/**
 * Keeps what somebody has begun to write (保存草稿), over the version they saw. When another device wrote meanwhile, nothing
 * is overwritten: the answer holds both.
 */
export const saveDraft = useCase({
  summary: 'Save a draft',
  body: SaveDraft,
  answer: Draft,
  async run(context, { body }) {
    const { transaction, tenantId: tenant_id, now } = context;
    const staff_id = staffOf(context).staffId;
    const content = JSON.stringify(body.content);
    if (Buffer.byteLength(content) > deskLimits.draftBytes) throw new Refusal('body_too_large', { limit: '64 KB' });
    // One after another, so that two devices do not both find nothing there.
    await transaction.query(lockPerson, [tenant_id, staff_id]);
    const present: DraftRow | undefined = await transaction.first(own(context).where('place', '=', body.place));
    // The same again, as a device that heard no answer sends it.
    if (present && canonicalJson(present.content) === canonicalJson(body.content)) return viewDraft(present);
    if ((present?.version ?? 0) !== (body.version ?? 0)) {
      if (!present) return insert();
      throw new Refusal('draft_conflict', {}, { details: { stored: viewDraft(present), given: body.content } });
    }
    if (!present) return insert();
    const next = { ...present, content: body.content, version: present.version + 1, updated_at: now };
    await transaction.run(build.updateTable('draft').set({ content, version: next.version, updated_at: now }).where('tenant_id', '=', tenant_id).where('staff_id', '=', staff_id).where('place', '=', body.place));
    return viewDraft(next);

    async function insert(): Promise<Draft> {
      const [counted] = await transaction.query(countDrafts, [tenant_id, staff_id]);
      if (counted!.count >= deskLimits.drafts) throw new Refusal('limit_reached', { limit: deskLimits.drafts });
      // A draft that was deleted elsewhere goes on where its writer stands, so that their next version fits.
      const row = { place: body.place, version: (body.version ?? 0) + 1, updated_at: now };
      await transaction.run(build.insertInto('draft').values({ tenant_id, staff_id, ...row, content }));
      return viewDraft({ ...row, content: body.content });
    }
  },
});

/** One’s own drafts (草稿列表), the newest first, or the one at a place. */
export const listDrafts = useCase({
  summary: 'List one’s own drafts',
  query: ListDrafts,
  answer: DraftPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const after = query.cursor === undefined ? null : readPlace(query.cursor);
    let select = own(context);
    if (query.place !== undefined) select = select.where('place', '=', query.place);
    if (after) select = select.where((either) => either.or([either('updated_at', '<', after.at), either.and([either('updated_at', '=', after.at), either('place', '>', after.place)])]));
    const rows: DraftRow[] = await context.transaction.run(select.orderBy('updated_at', 'desc').orderBy('place').limit(limit + 1));
    const last = rows.slice(0, limit).at(-1);
    return { items: rows.slice(0, limit).map(viewDraft), nextCursor: rows.length > limit && last ? Buffer.from(JSON.stringify(['draft', last.updated_at.toISOString(), last.place])).toString('base64url') : null };
  },
});

/** Throws the draft at a place away (删除草稿), or its text was sent. No error when there is none. */
export const deleteDraft = useCase({
  summary: 'Delete a draft',
  query: DeleteDraft,
  answer: null,
  async run(context, { query }) {
    await context.transaction.run(build.deleteFrom('draft').where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('place', '=', query.place));
  },
});

function readPlace(cursor: string): { at: Date; place: string } {
  try {
    const parts: unknown = JSON.parse(decodeCursor(cursor));
    if (Array.isArray(parts) && parts[0] === 'draft' && typeof parts[1] === 'string' && typeof parts[2] === 'string' && /^[\w:-]{1,120}$/.test(parts[2])) {
      const at = new Date(parts[1]);
      if (!Number.isNaN(at.getTime()) && at.toISOString() === parts[1] && at.getUTCFullYear() > 0) return { at, place: parts[2] };
    }
  } catch {
    // Not even JSON.
  }
  throw new Refusal('invalid_cursor');
}

/** Forgets drafts nobody has touched since. */
export const forgetDrafts = statement<never>('chore.drafts', 'DELETE FROM draft WHERE updated_at < $1');

import type { Selectable } from 'kysely';
import { Closed, Id, limits, type Reference } from '../../../../contract/common.ts';
import { Absence, AbsencePage, ChangeAbsence, ListAbsences, PlanAbsence, deskLimits } from '../../../../contract/desk.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import type { AbsenceTable } from '../../../platform/db/tables.ts';
import { isId, newId } from '../../../platform/db/uuid.ts';
import { Refusal, invalidInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { differencesOf } from '../../organization/changes.ts';
import { namesOfStaff } from '../../staff/names.ts';
import { ensureVersion } from '../../ticket/find.ts';

type AbsenceRow = Selectable<AbsenceTable>;
const params = Closed({ id: Id });
const lockPerson = statement<{ id: string; name: string; active: boolean }>('absence.lock_person', 'SELECT id, name, active FROM staff WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE');
const findOverlap = statement<{ id: string }>('absence.overlap', `
  SELECT id FROM absence WHERE tenant_id = $1 AND staff_id = $2 AND id <> $3 AND cancelled_at IS NULL AND starts_at < $5 AND ends_at > $4 LIMIT 1`);
const countComing = statement<{ count: number }>('absence.count', 'SELECT count(*)::int AS count FROM absence WHERE tenant_id = $1 AND staff_id = $2 AND cancelled_at IS NULL AND ends_at > $3');

async function viewAbsences(context: Context, rows: readonly AbsenceRow[]): Promise<Absence[]> {
  const names = await namesOfStaff(context, rows.flatMap((row) => [row.staff_id, row.cover_id]));
  const person = (id: string): Reference => ({ id, name: names.get(id) ?? '' });
  const subject = staffOf(context);
  return rows.map((row) => ({
    id: row.id, staff: person(row.staff_id), from: row.starts_at.toISOString(), to: row.ends_at.toISOString(), cover: row.cover_id === null ? null : person(row.cover_id),
    // Why somebody is away is for those it concerns.
    note: concerns(subject.staffId, row) || holds(subject, 'organization.write') ? row.note : null,
    state: row.cancelled_at ? 'cancelled' : row.ends_at <= context.now ? 'over' : row.starts_at <= context.now ? 'current' : 'planned', version: row.version,
  }));
}

const concerns = (staffId: string, row: AbsenceRow) => row.staff_id === staffId || row.cover_id === staffId;

/** Who is away when (请假列表), the latest first. Whoever sees the organization sees all; everybody their own and those they cover. */
export const listAbsences = useCase({
  summary: 'List absences',
  query: ListAbsences,
  answer: AbsencePage,
  async run(context, { query }) {
    const subject = staffOf(context);
    const limit = query.limit ?? limits.defaultPage;
    const person = (named: string, path: string) => {
      if (named === 'me') return subject.staffId;
      if (!isId(named)) throw invalidInput(path, 'format', { zh: '不是有效的编号', en: 'is not an id' });
      return named;
    };
    let select = build.selectFrom('absence').selectAll().where('tenant_id', '=', context.tenantId);
    if (!holds(subject, 'organization.read')) select = select.where((either) => either.or([either('staff_id', '=', subject.staffId), either('cover_id', '=', subject.staffId)]));
    if (query.staff !== undefined) select = select.where('staff_id', '=', person(query.staff, '/staff'));
    if (query.cover !== undefined) select = select.where('cover_id', '=', person(query.cover, '/cover'));
    if (query.state !== undefined) select = select.where('cancelled_at', 'is', null).where('ends_at', '>', context.now);
    if (query.state === 'current') select = select.where('starts_at', '<=', context.now);
    if (query.cursor !== undefined) select = select.where('id', '<', readCursor(query.cursor, 'absence')[1]);
    const rows = await context.transaction.run(select.orderBy('id', 'desc').limit(limit + 1));
    return { items: await viewAbsences(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('absence', ['', rows[limit - 1]!.id]) : null };
  },
});

/** One absence (请假详情). */
export const showAbsence = useCase({
  summary: 'Show an absence',
  params,
  answer: Absence,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('absence').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row || !(concerns(staffOf(context).staffId, row) || holds(staffOf(context), 'organization.read'))) throw new Refusal('not_found');
    return (await viewAbsences(context, [row]))[0]!;
  },
});

/**
 * Says when somebody is away and who covers (登记请假代理). From then on until it is over, the cover may act on their tickets as
 * on their own. One's own absence is everybody's to plan, a colleague's takes `organization.write`; nobody makes themselves
 * a colleague's cover.
 */
export const planAbsence = useCase({
  summary: 'Plan an absence',
  body: PlanAbsence,
  answer: Absence,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId, now } = context;
    const staffId = (body.staffId ?? staffOf(context).staffId).toLowerCase();
    ensureMayPlan(context, staffId, body.coverId ?? null);
    const person = await lock(context, staffId);
    const cover = await findCover(context, staffId, body.coverId ?? null);
    const row: AbsenceRow = {
      tenant_id: tenantId, id: newId(now.getTime()), staff_id: staffId, cover_id: cover?.id ?? null, starts_at: new Date(body.from), ends_at: new Date(body.to), note: body.note?.trim() || null,
      cancelled_at: null, version: 1, created_at: now,
    };
    const [coming] = await transaction.query(countComing, [tenantId, staffId, now]);
    if (coming!.count >= deskLimits.absences) throw new Refusal('limit_reached', { limit: deskLimits.absences });
    await ensureTime(context, row);
    await transaction.run(build.insertInto('absence').values(row));
    await tell(context, 'absence.planned', row, { staff: { id: staffId, name: person.name }, cover, from: row.starts_at, to: row.ends_at });
    return (await viewAbsences(context, [row]))[0]!;
  },
});

/** Changes an absence (修改请假代理), from the version the caller saw. What is over stays as it was. */
export const changeAbsence = useCase({
  summary: 'Change an absence',
  params,
  body: ChangeAbsence,
  answer: Absence,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await lockAbsence(context, params.id);
    ensureVersion(row, ifMatch);
    if (row.cancelled_at || row.ends_at <= context.now) throw invalidInput('/to', 'over', { zh: '已经结束的请假不能修改', en: 'what is over cannot be changed' });
    const coverId = body.coverId === undefined ? row.cover_id : body.coverId;
    ensureMayPlan(context, row.staff_id, coverId === row.cover_id ? null : coverId);
    const cover = coverId === row.cover_id ? coverId && { id: coverId, name: (await namesOfStaff(context, [coverId])).get(coverId) ?? '' } : await findCover(context, row.staff_id, coverId);
    const next: AbsenceRow = {
      ...row, cover_id: coverId, starts_at: body.from === undefined ? row.starts_at : new Date(body.from), ends_at: body.to === undefined ? row.ends_at : new Date(body.to),
      note: body.note === undefined ? row.note : body.note?.trim() || null,
    };
    const said = (of: AbsenceRow) => ({ coverId: of.cover_id, from: of.starts_at.toISOString(), to: of.ends_at.toISOString(), note: of.note });
    const difference = differencesOf(said(row), said(next));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return (await viewAbsences(context, [row]))[0]!;
    await ensureTime(context, next);
    next.version += 1;
    const { cover_id, starts_at, ends_at, note, version } = next;
    await context.transaction.run(build.updateTable('absence').set({ cover_id, starts_at, ends_at, note, version }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    const { note: _before, ...before } = difference.before;
    const { note: _after, ...after } = difference.after;
    await tell(context, 'absence.changed', next, { cover: cover || null, coverBefore: row.cover_id, before, after });
    return (await viewAbsences(context, [next]))[0]!;
  },
});

/** Calls an absence off, or ends it before its time (取消请假代理). */
export const cancelAbsence = useCase({
  summary: 'Cancel an absence, or end it now',
  params,
  answer: null,
  async run(context, { params }) {
    const row = await lockAbsence(context, params.id);
    ensureMayPlan(context, row.staff_id, null);
    if (row.cancelled_at || row.ends_at <= context.now) return;
    await context.transaction.run(build.updateTable('absence').set({ cancelled_at: context.now, version: row.version + 1 }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    await tell(context, 'absence.cancelled', row, { from: row.starts_at, to: row.ends_at });
  },
});

function ensureMayPlan(context: Context, staffId: string, coverId: string | null): void {
  const subject = staffOf(context);
  if (staffId === subject.staffId) return;
  if (!holds(subject, 'organization.write') || coverId?.toLowerCase() === subject.staffId) throw new Refusal('forbidden');
}

/** One absence of a person after another, so that two that overlap do not both find room. */
async function lock(context: Context, staffId: string): Promise<{ id: string; name: string }> {
  const [person] = await context.transaction.query(lockPerson, [context.tenantId, staffId]);
  if (!person) throw refuseInput('/staffId', 'unknown_reference', { field: 'staffId' });
  if (!person.active) throw refuseInput('/staffId', 'reference_inactive', { field: 'staffId' });
  return person;
}

async function lockAbsence(context: Context, id: string): Promise<AbsenceRow> {
  const find = () => context.transaction.first(build.selectFrom('absence').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id));
  const row = await find();
  if (!row || !(concerns(staffOf(context).staffId, row) || holds(staffOf(context), 'organization.read'))) throw new Refusal('not_found');
  await context.transaction.query(lockPerson, [context.tenantId, row.staff_id]);
  return (await find())!;
}

async function findCover(context: Context, staffId: string, coverId: string | null): Promise<Reference | null> {
  if (coverId === null) return null;
  if (coverId.toLowerCase() === staffId) throw invalidInput('/coverId', 'self', { zh: '不能由本人代理', en: 'cannot be the absent person' });
  const cover = await context.transaction.first(build.selectFrom('staff').select(['id', 'name', 'active']).where('tenant_id', '=', context.tenantId).where('id', '=', coverId));
  if (!cover) throw refuseInput('/coverId', 'unknown_reference', { field: 'coverId' });
  if (!cover.active) throw refuseInput('/coverId', 'reference_inactive', { field: 'coverId' });
  return { id: cover.id, name: cover.name };
}

async function ensureTime(context: Context, row: AbsenceRow): Promise<void> {
  const [from, to] = [row.starts_at.getTime(), row.ends_at.getTime()];
  if (from >= to) throw invalidInput('/to', 'order', { zh: '结束时间应晚于开始时间', en: 'must be later than from' });
  if (to <= context.now.getTime()) throw invalidInput('/to', 'past', { zh: '结束时间已经过去', en: 'lies in the past' });
  if (to - from > deskLimits.absenceDays * 86_400_000) throw invalidInput('/to', 'maximum', { zh: `一次最多 ${deskLimits.absenceDays} 天`, en: `must not be longer than ${deskLimits.absenceDays} days` });
  const [other] = await context.transaction.query(findOverlap, [context.tenantId, row.staff_id, row.id, row.starts_at, row.ends_at]);
  if (other) throw new Refusal('absence_overlaps');
}

/** Why somebody is away stays out of the log. */
async function tell(context: Context, kind: 'absence.planned' | 'absence.changed' | 'absence.cancelled', row: AbsenceRow, data: Record<string, unknown>): Promise<void> {
  await recordFact(context.transaction, {
    kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    data: JSON.parse(JSON.stringify({ staffId: row.staff_id, coverId: row.cover_id, ...data })) as Record<string, unknown>,
  });
}

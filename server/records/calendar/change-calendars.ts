import { Calendar, CreateCalendar, PublishDefinition, UpdateCalendar, type CalendarDefinition } from '../../../contract/calendar.ts';
import { Closed, Id } from '../../../contract/common.ts';
import type { FactKind } from '../../../contract/facts.ts';
import { Type } from 'typebox';
import type { Context } from '../../platform/context.ts';
import { build, isDatabaseError } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';
import { raiseCalendarsVersion } from './active-calendars.ts';
import { findCalendar, problemsOfCalendar, viewCalendar, type CalendarRow } from './view-calendars.ts';

const params = Closed({ id: Id });
const mostCalendars = 200;

/** Begins a calendar (新建日历): as a draft that nobody goes by before it is published. */
export const createCalendar = useCase({
  summary: 'Create a business calendar',
  body: CreateCalendar,
  answer: Calendar,
  status: 201,
  async run(context, { body }) {
    ensureStorable(body.definition, context.language, '/definition');
    const [present] = await context.transaction.run(build.selectFrom('business_calendar').select((get) => get.fn.countAll<number>().as('count')).where('tenant_id', '=', context.tenantId));
    if (Number(present?.count ?? 0) >= mostCalendars) throw new Refusal('limit_reached', { limit: mostCalendars });
    const row: CalendarRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), key: body.key, name: body.name.trim(), name_en: body.nameEn?.trim() || null, is_default: false, archived: false,
      draft: body.definition, definition: null, published_version: null, version: 1, created_by: context.actor.id, created_at: context.now, updated_at: context.now,
    };
    await context.transaction.run(build.insertInto('business_calendar').values({ ...row, draft: JSON.stringify(row.draft), definition: null })).catch((error: unknown) => {
      throw isDatabaseError(error, '23505') ? refuseInput('/key', 'name_taken', { field: { zh: '标识', en: 'The key' } }) : error;
    });
    await tell(context, 'business_calendar.created', row, {});
    return viewCalendar(context, row);
  },
});

/** Changes a calendar (修改日历), from the version the caller saw: its draft, its name, whether it is in use. */
export const updateCalendar = useCase({
  summary: 'Change or archive a business calendar',
  params,
  body: UpdateCalendar,
  answer: Calendar,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const row = await findCalendar(context, id, { change: true });
    ensureVersion(row, ifMatch);
    if (body.draft) ensureStorable(body.draft, context.language, '/draft');
    if (body.default && (row.definition === null || (body.archived ?? row.archived))) throw new Refusal('calendar_not_published');
    if (body.archived && !row.archived) await ensureUnused(context, row);
    const next = {
      name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, archived: body.archived ?? row.archived,
      is_default: body.default ?? row.is_default, draft: body.draft === undefined ? row.draft : body.draft,
    };
    if (next.draft !== null && row.definition !== null && canonicalJson(next.draft) === canonicalJson(row.definition)) next.draft = null;
    const said = ({ name, name_en: nameEn, archived, is_default: isDefault, draft }: typeof next) => ({ name, nameEn, archived, isDefault, draft });
    const difference = differencesOf(said(row), said(next));
    if (!difference) return viewCalendar(context, row);
    if (next.is_default && !row.is_default) await context.transaction.run(build.updateTable('business_calendar').set({ is_default: false }).where('tenant_id', '=', context.tenantId).where('is_default', '=', true));
    const changed: CalendarRow = { ...row, ...next, version: row.version + 1, updated_at: context.now };
    await write(context, changed);
    await tell(context, difference.after.archived === true ? 'business_calendar.archived' : 'business_calendar.changed', changed, difference);
    return viewCalendar(context, changed);
  },
});

/** Publishes the draft of a calendar (发布日历): clocks that run are reckoned by it from now on. */
export const publishCalendar = useCase({
  summary: 'Publish the draft of a business calendar',
  params,
  body: PublishDefinition,
  answer: Calendar,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const row = await findCalendar(context, id, { change: true });
    ensureVersion(row, ifMatch);
    if (row.draft === null) throw new Refusal('calendar_unchanged');
    return publish(context, row, row.draft, { note: body.note, draft: null });
  },
});

/** Publishes an earlier version of a calendar anew (回滚日历). A draft stays. */
export const restoreCalendar = useCase({
  summary: 'Roll a business calendar back to an earlier version',
  params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }),
  body: PublishDefinition,
  answer: Calendar,
  async run(context, { params: { id, number }, body }) {
    const row = await findCalendar(context, id, { change: true });
    const earlier = await context.transaction.first(build.selectFrom('business_calendar_version').select('definition').where('tenant_id', '=', context.tenantId).where('calendar_id', '=', id).where('number', '=', Number(number)));
    if (!earlier) throw new Refusal('not_found');
    const definition = earlier.definition as unknown as CalendarDefinition;
    if (canonicalJson(definition) === canonicalJson(row.definition)) throw new Refusal('calendar_unchanged');
    return publish(context, row, definition, { note: body.note, draft: row.draft, restored: Number(number) });
  },
});

async function publish(context: Context, row: CalendarRow, definition: CalendarDefinition, { note, draft, restored }: { note: string | undefined; draft: CalendarDefinition | null; restored?: number }): Promise<Calendar> {
  const problems = problemsOfCalendar(definition, context.language);
  if (problems.length > 0) throw new Refusal('calendar_has_problems', {}, { errors: problems.slice(0, 20).map(({ path, code, message }) => ({ path: `/definition${path === '/' ? '' : path}`, code, message: { zh: message, en: message } })) });
  const number = (row.published_version ?? 0) + 1;
  await context.transaction.run(build.insertInto('business_calendar_version').values({
    tenant_id: context.tenantId, calendar_id: row.id, number, definition: JSON.stringify(definition), note: note?.trim() || null, restored: restored ?? null,
    published_by: context.actor.id, published_by_name: context.actor.name, published_at: context.now,
  }));
  const published: CalendarRow = { ...row, definition, draft, published_version: number, version: row.version + 1, updated_at: context.now };
  await write(context, published);
  await tell(context, 'business_calendar.published', published, { number, definition, ...(note?.trim() ? { note: note.trim() } : {}), ...(restored === undefined ? {} : { restored }) });
  return viewCalendar(context, published);
}

/** What policies in use reckon by, and what counts where none is named, stays. */
async function ensureUnused(context: Context, row: CalendarRow): Promise<void> {
  if (row.is_default) throw new Refusal('calendar_in_use', { by: { zh: '默认日历', en: 'the default calendar' } });
  const policies = await context.transaction.run(build.selectFrom('sla_policy').select(['name', 'definition', 'draft']).where('tenant_id', '=', context.tenantId).where('archived', '=', false));
  const user = policies.find((policy) => JSON.stringify([policy.definition, policy.draft]).includes(row.id));
  if (user) throw new Refusal('calendar_in_use', { by: user.name });
}

async function write(context: Context, row: CalendarRow): Promise<void> {
  const { tenant_id: _tenant, id: _id, key: _key, created_at: _createdAt, created_by: _createdBy, ...values } = row;
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await context.transaction.run(build.updateTable('business_calendar').set({ ...values, draft: text(row.draft), definition: text(row.definition) }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
  // Nothing here may read the calendars that hold after this: what is not committed must not be kept in memory.
  await raiseCalendarsVersion(context.transaction);
}

async function tell(context: Context, kind: FactKind, row: CalendarRow, data: object): Promise<void> {
  await recordFact(context.transaction, { kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id, data: { name: row.name, ...data } });
}

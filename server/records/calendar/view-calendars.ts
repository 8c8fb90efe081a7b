import type { Selectable } from 'kysely';
import type { Calendar, CalendarDefinition, DefinitionProblem } from '../../../contract/calendar.ts';
import { checkCalendar, describeCalendarProblem } from '../../../rules/calendar/check-calendar.ts';
import { describeWeek } from '../../../rules/calendar/describe-calendar.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { BusinessCalendarTable } from '../../platform/db/tables.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { businessCalendar, holidaySources } from './holiday-sources.ts';

/** A calendar as it lies in the database. */
export type CalendarRow = Omit<Selectable<BusinessCalendarTable>, 'draft' | 'definition'> & { draft: CalendarDefinition | null; definition: CalendarDefinition | null };

/** What is wrong with a definition, in the reader's language (日历检查). */
export function problemsOfCalendar(definition: CalendarDefinition, language: Context['language']): DefinitionProblem[] {
  const reader = language === 'en' ? 'en' : 'zh';
  const unknown = definition.sources.flatMap((key, index) => (holidaySources.has(key) ? [] : [{
    path: `/sources/${index}`, code: 'unknown_source', message: reader === 'zh' ? `没有这个节假日来源：${key}` : `is no known list of holidays: ${key}`,
  }]));
  const found = checkCalendar(businessCalendar(definition)).map((problem) => ({ path: problem.path || '/', code: problem.code, message: describeCalendarProblem(problem, reader) }));
  return [...unknown, ...found].slice(0, 50);
}

/** A calendar as those who keep it, and those who choose it, see it (日历视图). */
export function viewCalendar(context: Context, row: CalendarRow): Calendar {
  const shown = row.draft ?? row.definition;
  const problems = shown ? problemsOfCalendar(shown, context.language) : [];
  const year = context.now.getUTCFullYear();
  return {
    id: row.id, key: row.key, name: row.name, nameEn: row.name_en, default: row.is_default, archived: row.archived,
    definition: row.definition, draft: row.draft, publishedVersion: row.published_version, problems,
    week: shown && problems.length === 0 ? describeWeek(businessCalendar(shown), context.language === 'en' ? 'en' : 'zh') : '',
    unpublishedYears: shown ? [year, year + 1].filter((one) => shown.sources.some((key) => isUnpublished(key, one))) : [],
    updatedAt: row.updated_at.toISOString(), version: row.version,
  };
}

function isUnpublished(key: string, year: number): boolean {
  const source = holidaySources.get(key)?.source;
  return source !== undefined && (year < (source.knownFrom ?? -Infinity) || year > (source.knownUntil ?? Infinity));
}

/** One calendar; locked when it is about to be changed. */
export async function findCalendar(context: Pick<Context, 'transaction' | 'tenantId'>, id: string, { change = false } = {}): Promise<CalendarRow> {
  const select = build.selectFrom('business_calendar').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id);
  const row = await context.transaction.first(change ? select.forNoKeyUpdate() : select);
  if (!row) throw new Refusal('not_found');
  return row as unknown as CalendarRow;
}

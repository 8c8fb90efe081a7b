import type { CalendarDefinition } from '../../../contract/calendar.ts';
import type { BusinessCalendar } from '../../../rules/calendar/calendar.ts';
import { prepareCalendar } from '../../../rules/calendar/prepare.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { businessCalendar } from './holiday-sources.ts';

/** A calendar that holds (生效日历). */
export interface ActiveCalendar {
  id: string;
  key: string;
  name: string;
  nameEn: string | null;
  /** Of what was published. */
  version: number;
  isDefault: boolean;
  archived: boolean;
  /** Ready for the arithmetic of rules/calendar. */
  calendar: BusinessCalendar;
}

/** All published calendars of an organization. */
export interface ActiveCalendars {
  version: number;
  /** By id, archived ones too: what was promised by one goes on. */
  byId: ReadonlyMap<string, ActiveCalendar>;
  byKey: ReadonlyMap<string, ActiveCalendar>;
  /** What counts where none is named. */
  default: ActiveCalendar | null;
  /** As rules/sla takes them. */
  calendars: Readonly<Record<string, BusinessCalendar>>;
}

const none: ActiveCalendars = { version: 0, byId: new Map(), byKey: new Map(), default: null, calendars: {} };

const findState = statement<{ version: number }>('business_calendar_state.find', 'SELECT version FROM business_calendar_state WHERE tenant_id = $1');
const raise = statement<never>('business_calendar_state.raise', 'INSERT INTO business_calendar_state (tenant_id, version) VALUES ($1, 1) ON CONFLICT (tenant_id) DO UPDATE SET version = business_calendar_state.version + 1');

const kept = new Map<string, ActiveCalendars>();
const mostKept = 500;

/** Makes every process read the calendars anew; in the transaction that changes them. */
export async function raiseCalendarsVersion(transaction: Transaction): Promise<void> {
  await transaction.query(raise, [transaction.tenantId]);
}

/**
 * The calendars of an organization, prepared (生效日历缓存): one look-up by key, and the calendars themselves only when they have
 * changed since.
 *
 * @param known the version of its `business_calendar_state`, when it was looked up already; null: it has none
 */
export async function activeCalendars(transaction: Transaction, tenantId: string = transaction.tenantId, known?: number | null): Promise<ActiveCalendars> {
  const version = known === undefined ? (await transaction.query(findState, [tenantId]))[0]?.version ?? null : known;
  if (version === null) return none;
  const present = kept.get(tenantId);
  if (present && present.version >= version) return present;
  const loaded = await load(transaction, tenantId, version);
  kept.delete(tenantId);
  kept.set(tenantId, loaded);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return loaded;
}

/**
 * One calendar by its id or key; the organization's default for null (按标识取日历). Undefined: there is none such, or it was never
 * published.
 */
export async function calendarOf(transaction: Transaction, idOrKey: string | null, tenantId: string = transaction.tenantId): Promise<ActiveCalendar | undefined> {
  const { byId, byKey, default: standard } = await activeCalendars(transaction, tenantId);
  return idOrKey === null ? standard ?? undefined : byId.get(idOrKey) ?? byKey.get(idOrKey);
}

async function load(transaction: Transaction, tenantId: string, version: number): Promise<ActiveCalendars> {
  const rows = await transaction.run(build.selectFrom('business_calendar').select(['id', 'key', 'name', 'name_en', 'published_version', 'is_default', 'archived', 'definition'])
    .where('tenant_id', '=', tenantId).where('definition', 'is not', null).orderBy('key'));
  const all = rows.map((row): ActiveCalendar => {
    const calendar = businessCalendar(row.definition as unknown as CalendarDefinition);
    prepareCalendar(calendar);
    return { id: row.id, key: row.key, name: row.name, nameEn: row.name_en, version: row.published_version!, isDefault: row.is_default, archived: row.archived, calendar };
  });
  return {
    version, byId: new Map(all.map((one) => [one.id, one])), byKey: new Map(all.map((one) => [one.key, one])),
    default: all.find((one) => one.isDefault && !one.archived) ?? null, calendars: Object.fromEntries(all.map((one) => [one.id, one.calendar])),
  };
}

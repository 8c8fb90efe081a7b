import { sql, type Selectable } from 'kysely';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { CreateSite, ListSites, RevealReason, RevealedValue, Site, SitePage, UpdateSite, customerLimits } from '../../../contract/customer.ts';
import { masked } from '../../../rules/privacy/masks.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { SiteTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, missingInput } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { toStoredPhone } from '../customer/phone.ts';
import { masksOf, type Masks } from '../customer/personal-data/masks.ts';
import { countReveal, mayRevealOfAccount } from '../customer/personal-data/reveal.ts';
import { tellOfReveal } from '../customer/personal-data/reveal-customer.ts';
import { codesOf, renewCode, viewCode, type CodeState } from '../scan/codes.ts';
import { ensureVersion } from '../ticket/find.ts';

type SiteRow = Selectable<SiteTable>;
type SitePatch = Partial<Pick<SiteRow, 'name' | 'address' | 'lat' | 'lng' | 'contact_name' | 'contact_phone' | 'access_notes' | 'access_hours'>>;
const sort = 'sites:createdAt';
const params = Closed({ id: Id, siteId: Id });

/** The places of an account (地点列表), newest first. */
export const listSites = useCase({
  summary: 'List the sites of an account',
  params: Closed({ id: Id }),
  query: ListSites,
  answer: SitePage,
  async run(context, { params: { id }, query }) {
    const account = await findAccountOf(context, id);
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('site').selectAll().where('tenant_id', '=', context.tenantId).where('account_id', '=', id).where('archived_at', query.archived === true ? 'is not' : 'is', null);
    if (query.cursor !== undefined) {
      const [at, last] = readCursor(query.cursor, sort);
      select = select.where(sql<boolean>`(created_at, id) < (${at}::timestamptz, ${last}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1));
    const masks = await masksOf(context);
    const last = rows[limit - 1];
    const codes = await codesOf(context.transaction, 'site', rows.map((row) => row.id));
    return { items: rows.slice(0, limit).map((row) => viewSite(context, row, account, masks, codes(row.id))), nextCursor: rows.length > limit && last ? writeCursor(sort, [last.created_at.toISOString(), last.id]) : null };
  },
});

/** Adds a place to an account (新建地点). */
export const createSite = useCase({
  summary: 'Create a site of an account',
  params: Closed({ id: Id }),
  body: CreateSite,
  answer: Site,
  status: 201,
  async run(context, { params: { id }, body }) {
    const { transaction, tenantId, now, actor } = context;
    // Whoever adds to an account waits for the others, so that its limit holds.
    const account = await transaction.first(build.selectFrom('account').select(['id', 'name', 'archived_at']).where('tenant_id', '=', tenantId).where('id', '=', id).forNoKeyUpdate());
    if (!account || account.archived_at) throw new Refusal('not_found');
    const present = await transaction.run(build.selectFrom('site').select('id').where('tenant_id', '=', tenantId).where('account_id', '=', id).where('archived_at', 'is', null).limit(customerLimits.sites));
    if (present.length >= customerLimits.sites) throw new Refusal('too_many_sites', { limit: customerLimits.sites });
    const [row] = await transaction.run(build.insertInto('site').values({ tenant_id: tenantId, id: newId(now.getTime()), account_id: id, ...stored(toPatch(context, body, null)), name: body.name.trim(), created_at: now }).returningAll());
    await recordFact(transaction, { kind: 'site.created', actor, data: { name: row!.name, siteId: row!.id, account: { id: account.id, name: account.name } }, occurredAt: now, recordedAt: now, subjectId: id });
    return viewSite(context, row!, account, await masksOf(context), await codeOf(context, row!.id));
  },
});

/** Changes a place (修改地点), from the version the caller saw, or takes it out of use. */
export const updateSite = useCase({
  summary: 'Change a site',
  params,
  body: UpdateSite,
  answer: Site,
  versioned: true,
  async run(context, { params: { id, siteId }, body: { archived, renewCode: renews, ...body }, ifMatch }) {
    const { transaction, tenantId, now, actor } = context;
    const account = await findAccountOf(context, id);
    const row = await transaction.first(build.selectFrom('site').selectAll().where('tenant_id', '=', tenantId).where('account_id', '=', id).where('id', '=', siteId).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const patch = toPatch(context, body, row);
    const changed = (Object.keys(patch) as (keyof SitePatch)[]).filter((column) => patch[column] !== row[column]);
    const archives = archived !== undefined && archived !== (row.archived_at !== null);
    const masks = await masksOf(context);
    if (changed.length === 0 && !archives && !renews) return viewSite(context, row, account, masks, await codeOf(context, siteId));
    const next: SiteRow = { ...row, ...patch, archived_at: archives ? (archived ? now : null) : row.archived_at, version: row.version + 1 };
    await transaction.run(build.updateTable('site').set({ ...stored(patch), archived_at: next.archived_at, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', siteId));
    const round = renews ? await renewCode(transaction, 'site', siteId, now) : null;
    const coded = (at: number | null) => (at === null ? {} : { scanCode: at });
    const say = (from: SiteRow) => ({ ...Object.fromEntries(changed.map((column) => [camel(column), column === 'contact_phone' && from.contact_phone !== null ? masked('phone', from.contact_phone) : from[column]])), ...(archives ? { archived: from.archived_at !== null } : {}) });
    await recordFact(transaction, { kind: 'site.changed', actor, data: { name: next.name, siteId, account, before: { ...say(row), ...coded(round) }, after: { ...say(next), ...coded(round === null ? null : round + 1) } }, occurredAt: now, recordedAt: now, subjectId: id });
    return viewSite(context, next, account, masks, await codeOf(context, siteId));
  },
});

/** Shows the number to call at a place unmasked (查看地点联系电话); recorded with the reason. */
export const revealSite = useCase({
  summary: 'Reveal the contact phone of a site',
  params,
  body: RevealReason,
  answer: RevealedValue,
  secret: true,
  async run(context, { params: { id, siteId }, body }) {
    const row = await context.transaction.first(build.selectFrom('site').selectAll().where('tenant_id', '=', context.tenantId).where('account_id', '=', id).where('id', '=', siteId));
    if (!row?.contact_phone) throw new Refusal('not_found');
    if (!await mayRevealOfAccount(context, id)) throw new Refusal('forbidden');
    await countReveal(context);
    await tellOfReveal(context, { id, name: row.name }, { what: 'site', siteId, reason: body.reason });
    return { value: row.contact_phone };
  },
});

async function findAccountOf({ transaction, tenantId }: Context, id: string): Promise<{ id: string; name: string }> {
  const account = await transaction.first(build.selectFrom('account').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!account) throw new Refusal('not_found');
  return account;
}

function toPatch(context: Context, body: Partial<CreateSite>, present: SiteRow | null): SitePatch {
  const patch: SitePatch = {};
  const text = (value: string | null): string | null => value?.trim() || null;
  if (body.name !== undefined) patch.name = body.name.trim();
  if (body.address !== undefined) patch.address = text(body.address);
  if (body.contactName !== undefined) patch.contact_name = text(body.contactName);
  if (body.contactPhone !== undefined) patch.contact_phone = body.contactPhone === null ? null : toStoredPhone(context, body.contactPhone, '/contactPhone');
  if (body.accessNotes !== undefined) patch.access_notes = text(body.accessNotes);
  if (body.accessHours !== undefined) {
    body.accessHours?.forEach((window, index) => {
      if (window.endsMinute <= window.startsMinute) throw invalidInput(`/accessHours/${index}/endsMinute`, 'order', { zh: '结束时间应晚于开始时间', en: 'must be after the start' });
    });
    // What is there already is no change.
    patch.access_hours = canonicalJson(body.accessHours) === canonicalJson(present?.access_hours ?? null) ? present?.access_hours ?? null : body.accessHours;
  }
  if (body.lat !== undefined || body.lng !== undefined) {
    const [lat, lng] = [body.lat === undefined ? present?.lat ?? null : body.lat, body.lng === undefined ? present?.lng ?? null : body.lng];
    if ((lat === null) !== (lng === null)) throw missingInput(lat === null ? '/lat' : '/lng');
    Object.assign(patch, { lat, lng });
  }
  return patch;
}

/** Documents go in as text. */
const stored = <Patch extends SitePatch>(patch: Patch) => ('access_hours' in patch ? { ...patch, access_hours: patch.access_hours === null ? null : JSON.stringify(patch.access_hours) } : patch);

const codeOf = async (context: Context, id: string): Promise<CodeState> => (await codesOf(context.transaction, 'site', [id]))(id);

function viewSite({ services, tenantId }: Context, row: SiteRow, { id, name }: { id: string; name: string }, masks: Masks, code: CodeState): Site {
  return {
    id: row.id, account: { id, name }, name: row.name, address: row.address, location: row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng },
    contactName: row.contact_name, contactPhone: masks.show('phone', row.contact_phone), accessHours: row.access_hours as Site['accessHours'], accessNotes: row.access_notes, ...viewCode(services, tenantId, 'site', row.id, code),
    archivedAt: row.archived_at?.toISOString() ?? null, createdAt: row.created_at.toISOString(), version: row.version,
  };
}

const camel = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

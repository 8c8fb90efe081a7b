import { Organization, UpdateOrganization } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { silenceDays } from '../ticket/settle.ts';
import { usualTrackDays } from '../visit/positions.ts';
import { differencesOf } from './changes.ts';
import { keepLogo, logoAddress, makeLogo } from './logo.ts';
import { raiseConfigurationVersion } from './configuration.ts';

/** The organization the caller belongs to (企业设置). */
export const showOrganization = useCase({
  summary: 'Show the organization and its settings',
  answer: Organization,
  run: (context) => viewOrganization(context),
});

/** Changes the organization's name, time zone, language or settings (修改企业设置), from the version the caller saw. */
export const updateOrganization = useCase({
  summary: 'Change the organization and its settings',
  body: UpdateOrganization,
  answer: Organization,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const { id: _id, slug: _slug, version, logo, ...before } = await viewOrganization(context);
    ensureVersion({ version }, ifMatch);
    const after = {
      name: body.name?.trim() ?? before.name, timeZone: body.timeZone === undefined ? before.timeZone : knownTimeZone(body.timeZone), language: body.language ?? before.language,
      settings: { ...before.settings, ...body.settings },
    };
    const difference = differencesOf(before, after);
    const image = body.logo === undefined ? undefined : body.logo === null ? null : await makeLogo(body.logo);
    const otherLogo = image !== undefined && (image === null ? logo !== null : logo !== `data:image/png;base64,${image.toString('base64')}`);
    // Saving what is there already is no change and leaves no trace.
    if (!difference && !otherLogo) return viewOrganization(context);
    if (otherLogo) await keepLogo(context, image);
    await transaction.run(build.updateTable('organization').set({
      name: after.name, time_zone: after.timeZone, language: after.language, settings: JSON.stringify(after.settings) as never, version: version + 1,
    }).where('tenant_id', '=', tenantId));
    await recordFact(transaction, { kind: 'organization.changed', actor: context.actor, data: { name: after.name, ...difference, ...(otherLogo ? { logo: image === null ? 'removed' : 'changed' } : {}) }, occurredAt: context.now, recordedAt: context.now, subjectId: tenantId });
    return viewOrganization(context);
  },
});

async function viewOrganization(context: Context): Promise<Organization> {
  const { transaction, tenantId } = context;
  const row = await transaction.first(build.selectFrom('organization').select(['slug', 'name', 'time_zone', 'language', 'settings', 'version']).where('tenant_id', '=', tenantId));
  const settings = row!.settings as unknown as Partial<Organization['settings']>;
  return {
    id: tenantId, slug: row!.slug, name: row!.name, timeZone: row!.time_zone, language: row!.language === 'en' ? 'en' : 'zh-CN',
    settings: { supportPhone: settings.supportPhone ?? null, acceptanceDays: settings.acceptanceDays ?? silenceDays, photoWatermark: settings.photoWatermark ?? true, trackDays: settings.trackDays ?? usualTrackDays, brandColour: settings.brandColour ?? null }, logo: await logoAddress(context), version: row!.version,
  };
}

/** A name of the IANA time zone database, written as it is there; offsets such as +08:00 name no zone. */
function knownTimeZone(name: string): string {
  try {
    if (/^[A-Za-z]/.test(name)) return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    // Not one.
  }
  throw invalidInput('/timeZone', 'format', { zh: '不是有效的时区（例如 Asia/Shanghai）', en: 'is not a time zone (such as Asia/Shanghai)' });
}

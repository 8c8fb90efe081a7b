import { randomBytes, randomInt } from 'node:crypto';
import { CreateChannel, CreatedChannel, InboundChannel, UpdateChannel, channelLimits, inboundForms, inboundKinds, isMappingTarget, type InboundKind } from '../../../contract/channel.ts';
import { Closed, Id } from '../../../contract/common.ts';
import type { AccountField } from '../../../contract/notice.ts';
import { checkMapping, type FieldMapping } from '../../../rules/intake/mapping.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { ensureVersion } from '../ticket/find.ts';
import { findChannels, lockChannel, purpose, secretsOf, type ChannelRow } from './accounts.ts';
import { fillAccountForm } from './account-form.ts';
import { viewChannel } from './view-channel.ts';

/** Sets a channel up (新建接入渠道). A secret that is not given is made up, and shown in this answer only. */
export const createChannel = useCase({
  summary: 'Set up a channel by which requests come in',
  body: CreateChannel,
  answer: CreatedChannel,
  status: 201,
  // It holds what was made up.
  secret: true,
  async run(context, { body }) {
    const { tenantId, transaction, now } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const present = await transaction.run(build.selectFrom('channel_account').select('id').where('tenant_id', '=', tenantId).where('archived_at', 'is', null).limit(channelLimits.accounts));
    if (present.length >= channelLimits.accounts) throw new Refusal('limit_reached', { limit: channelLimits.accounts });
    const { mode, form } = formOf(body.kind, body.mode);
    const made = Object.fromEntries(form.flatMap((field) => (field.made !== undefined && !body.settings?.[field.name] ? [[field.name, makeUp(field.made)]] : [])));
    const { values, secrets } = fillAccountForm(form, {}, { ...body.settings, ...made });
    const mapping = checkedMapping(context, body.mapping ?? []);
    const row: ChannelRow = {
      id: newId(now.getTime()), kind: body.kind, name: body.name.trim(), active: body.active ?? true, settings: { mode, ...values }, sealed: context.services.secrets.seal(purpose, JSON.stringify(secrets)), mapping,
      version: 1, archived_at: null, created_at: now, last_received_at: null, last_refused_at: null, last_refusal: null,
    };
    await transaction.run(build.insertInto('channel_account').values({ tenant_id: tenantId, ...row, settings: JSON.stringify(row.settings), mapping: JSON.stringify(mapping), address: null }));
    await recordFact(transaction, { kind: 'channel.created', subjectId: row.id, actor: context.actor, occurredAt: now, recordedAt: now, data: { name: row.name, kind: row.kind, mode, ...values } });
    return { ...await viewChannel(context, row), made };
  },
});

/** Changes a channel, switches it on and off (修改接入渠道). Facts tell which settings changed, and of secrets that they did. */
export const updateChannel = useCase({
  summary: 'Change a channel by which requests come in',
  params: Closed({ id: Id }),
  body: UpdateChannel,
  answer: InboundChannel,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    const row = await lockChannel(transaction, id);
    if (!row || row.archived_at || !isInbound(row.kind)) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const { mode, form } = formOf(row.kind, body.mode ?? row.settings['mode']);
    const known = { ...row.settings, ...secretsOf(context.services.secrets, row) };
    const { values, secrets } = fillAccountForm(form, mode === row.settings['mode'] ? keptFor(form, known, body.settings) : {}, body.settings ?? (mode === row.settings['mode'] ? undefined : {}));
    const changed: ChannelRow = {
      ...row, name: body.name?.trim() ?? row.name, active: body.active ?? row.active, settings: { mode, ...values }, sealed: context.services.secrets.seal(purpose, JSON.stringify(secrets)),
      mapping: body.mapping ? checkedMapping(context, body.mapping) : row.mapping, version: row.version + 1, ...(body.archived ? { archived_at: now, active: false } : {}),
    };
    await transaction.run(build.updateTable('channel_account').set({ name: changed.name, active: changed.active, settings: JSON.stringify(changed.settings), sealed: changed.sealed, mapping: JSON.stringify(changed.mapping), version: changed.version, archived_at: changed.archived_at })
      .where('tenant_id', '=', tenantId).where('id', '=', id));
    const secretsChanged = form.filter((field) => field.secret && secrets[field.name] !== known[field.name]).map((field) => field.name);
    await recordFact(transaction, {
      kind: 'channel.changed', subjectId: id, actor: context.actor, occurredAt: now, recordedAt: now,
      data: { name: changed.name, before: { name: row.name, active: row.active, ...row.settings, mapping: row.mapping.length }, after: { name: changed.name, active: changed.active, ...changed.settings, mapping: changed.mapping.length }, ...(secretsChanged.length > 0 ? { secretsChanged } : {}), ...(body.archived ? { archived: true } : {}) },
    });
    return viewChannel(context, changed);
  },
});

/** One channel (查看接入渠道). */
export const showChannel = useCase({
  summary: 'Show a channel by which requests come in',
  params: Closed({ id: Id }),
  answer: InboundChannel,
  async run(context, { params: { id } }) {
    const [row] = await findChannels(context.transaction, [id]);
    if (!row || row.archived_at || !isInbound(row.kind)) throw new Refusal('not_found');
    return viewChannel(context, row);
  },
});

// Where browsers become telephones, each person's own password goes, and none of these.
const isAddress = (name: string): boolean => !name.startsWith('softphone') && /^(?:host|url|server)$|(?:Url|Host)$/.test(name);
const placeOf = (address: string | undefined): string => (address === undefined || address === '' ? '' : URL.canParse(address) ? new URL(address).host : address.toLowerCase());

/** What one place may know is not another's to have: with another address, the secrets that would go there are to be given anew. */
function keptFor(form: readonly AccountField[], known: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const kept: Record<string, string> = { ...known };
  if (given === undefined) return kept;
  const ofSending = (name: string): boolean => name.startsWith('smtp');
  const moved = form.filter(({ name }) => isAddress(name) && placeOf(given[name]) !== placeOf(known[name]));
  // Secrets that were made up here are what others call us with: they go nowhere.
  for (const { name, secret, made } of form) if (secret && made === undefined && moved.some((address) => ofSending(address.name) === ofSending(name))) delete kept[name];
  return kept;
}

export const isInbound = (kind: string): kind is InboundKind => (inboundKinds as readonly string[]).includes(kind);

function formOf(kind: InboundKind, named: string | undefined) {
  const modes = inboundForms[kind];
  const mode = named ?? Object.keys(modes)[0]!;
  if (!Object.hasOwn(modes, mode)) throw invalidInput('/mode', 'unknown', { zh: '没有这种接入方式', en: 'is not a way to use this channel' });
  return { mode, form: modes[mode]! };
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function makeUp(kind: NonNullable<AccountField['made']>): string {
  if (kind === 'signing') return `whsec_${randomBytes(32).toString('base64')}`;
  return kind === 'token' ? randomBytes(24).toString('base64url') : Array.from({ length: kind }, () => alphanumeric[randomInt(alphanumeric.length)]).join('');
}

/** What is wrong with a line of a mapping, in words. */
export const mappingWords: Record<ReturnType<typeof checkMapping>[number]['code'], { zh: string; en: string }> = {
  unknown_target: { zh: '没有这个目标字段', en: 'names nothing that can be filled' }, no_source: { zh: '没有来源', en: 'has no source' }, several_sources: { zh: '只能有一个来源', en: 'takes one source only' },
  bad_path: { zh: '路径不对', en: 'has a path that cannot be followed' }, too_long: { zh: '太长了', en: 'is too long' }, bad_table: { zh: '对照表太长了', en: 'has too long a table' }, unknown_cleansing: { zh: '没有这种清洗方式', en: 'names an unknown way to cleanse' },
};

function checkedMapping(context: Context, mapping: FieldMapping[]): FieldMapping[] {
  ensureStorable(mapping, context.language, '/mapping');
  const [problem] = checkMapping(mapping, isMappingTarget);
  if (problem) throw invalidInput(`/mapping/${problem.line}`, problem.code, mappingWords[problem.code]);
  return mapping;
}

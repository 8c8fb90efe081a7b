import { NoticePreview, NoticeTemplate, NoticeTemplateSummaries, PreviewNoticeTemplate, TemplateKey, UpdateNoticeTemplate, type NoticeChannel, type TemplateKind } from '../../../contract/notice.ts';
import type { Language } from '../../../contract/refusals.ts';
import { noticeSenders } from '../../channels/notice-senders.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { accountsOf } from './accounts.ts';
import { fillWords, sampleValues, standardWords, unknownNoticeVariables, type NoticeWords } from './words.ts';

type Key = { kind: TemplateKind; channel: NoticeChannel; language: Language };

const findPublished = statement<{ kind: TemplateKind; published: NoticeWords }>('notice.published', `
  SELECT kind, published FROM notice_template WHERE tenant_id = $1 AND channel = $2 AND language = $3 AND kind = ANY($4::text[]) AND published IS NOT NULL`);

/** What a notice says on a channel (取通知模板): the organization's words where it published some, else the program's. */
export async function wordsFor(transaction: Transaction, { kind, channel, language }: Key): Promise<NoticeWords> {
  const [row] = await transaction.query(findPublished, [transaction.tenantId, channel, language, [kind]]);
  return row?.published ?? standardWords(kind, channel, language);
}

const rowOf = (context: Context, key: Key) => context.transaction.first(build.selectFrom('notice_template').select(['draft', 'published', 'published_at', 'version'])
  .where('tenant_id', '=', context.tenantId).where('kind', '=', key.kind).where('channel', '=', key.channel).where('language', '=', key.language).forUpdate());

async function viewOf(context: Context, key: Key): Promise<NoticeTemplate> {
  const row = await context.transaction.first(build.selectFrom('notice_template').select(['draft', 'published', 'published_at', 'version'])
    .where('tenant_id', '=', context.tenantId).where('kind', '=', key.kind).where('channel', '=', key.channel).where('language', '=', key.language));
  return { ...key, standard: standardWords(key.kind, key.channel, key.language), draft: row?.draft ?? null, published: row?.published ?? null, publishedAt: row?.published_at?.toISOString() ?? null, version: row?.version ?? 0 };
}

/** Which templates were changed (已改的模板); all others say what the program says. */
export const listNoticeTemplates = useCase({
  summary: 'List the templates of notices that were changed',
  answer: NoticeTemplateSummaries,
  async run(context) {
    const rows = await context.transaction.run(build.selectFrom('notice_template').select(['kind', 'channel', 'language', 'draft', 'published']).where('tenant_id', '=', context.tenantId).orderBy('kind').orderBy('channel').orderBy('language'));
    return { items: rows.map((row) => ({ kind: row.kind as TemplateKind, channel: row.channel as NoticeChannel, language: row.language as Language, published: row.published !== null, draft: row.draft !== null })) };
  },
});

export const showNoticeTemplate = useCase({ summary: 'Show a template of notices', params: TemplateKey, answer: NoticeTemplate, run: (context, { params }) => viewOf(context, params) });

/** Writes the draft of a template, or throws it away (改草稿). */
export const updateNoticeTemplate = useCase({
  summary: 'Change the draft of a template of notices',
  params: TemplateKey,
  body: UpdateNoticeTemplate,
  answer: NoticeTemplate,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await rowOf(context, params);
    ensureVersion({ version: row?.version ?? 0 }, ifMatch);
    if (body.draft) ensureKnown(body.draft, '/draft');
    const draft = body.draft === null ? null : JSON.stringify(body.draft);
    await write(context, params, { draft }, row?.version ?? 0);
    return viewOf(context, params);
  },
});

/** What the draft says is what is said from now on (发布模板). Without a draft the program's words are taken back into use. */
export const publishNoticeTemplate = useCase({
  summary: 'Publish the draft of a template of notices, or go back to the standard words when there is none',
  params: TemplateKey,
  answer: NoticeTemplate,
  async run(context, { params }) {
    const row = await rowOf(context, params);
    if (!row || (row.draft === null && row.published === null)) throw new Refusal('nothing_to_publish');
    await write(context, params, { draft: null, published: row.draft === null ? null : JSON.stringify(row.draft), published_at: row.draft === null ? null : context.now }, row.version);
    await recordFact(context.transaction, {
      kind: 'notice_template.changed', actor: context.actor, occurredAt: context.now, recordedAt: context.now,
      data: { name: `${params.kind} · ${params.channel} · ${params.language}`, before: { words: row.published ?? null }, after: { words: row.draft ?? null } },
    });
    return viewOf(context, params);
  },
});

/** How a template reads with a sample, and what would go to the channel (预览模板). */
export const previewNoticeTemplate = useCase({
  summary: 'Show a template of notices with a sample',
  params: TemplateKey,
  body: PreviewNoticeTemplate,
  answer: NoticePreview,
  async run(context, { params, body }) {
    const { publicUrl } = context.services;
    const [organization, accounts] = await Promise.all([
      context.transaction.first(build.selectFrom('organization').select('name').where('tenant_id', '=', context.tenantId)),
      accountsOf(context.transaction),
    ]);
    const link = `${publicUrl}/tickets/20261122-00042`;
    const words = fillWords(body, sampleValues(params.kind, params.language, organization?.name ?? '', link));
    const settings = accounts.get(params.channel)?.settings ?? { mode: '', values: {} };
    const payload = noticeSenders[params.channel].preview(settings, { reference: 'sample', address: 'sample@example.com', ...words, link, linkText: params.language === 'en' ? 'Open' : '查看', urgent: false, brief: { title: words.title, number: '20261122-00042' } });
    return { ...words, payload, unknown: unknownNoticeVariables(`${body.title} ${body.body}`) };
  },
});

function ensureKnown(words: NoticeWords, path: string): void {
  for (const part of ['title', 'body'] as const) {
    const [unknown] = unknownNoticeVariables(words[part]);
    if (unknown !== undefined) throw invalidInput(`${path}/${part}`, 'unknown_variable', { zh: `没有变量“${unknown}”`, en: `knows no variable “${unknown}”` });
  }
}

async function write({ tenantId, transaction, now }: Context, key: Key, changes: { draft: string | null; published?: string | null; published_at?: Date | null }, version: number): Promise<void> {
  await transaction.run(build.insertInto('notice_template').values({ tenant_id: tenantId, ...key, ...changes, version: 1, updated_at: now })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'channel', 'language']).doUpdateSet({ ...changes, version: version + 1, updated_at: now })));
}

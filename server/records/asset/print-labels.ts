import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { PrintLabels, labelSizes } from '../../../contract/asset.ts';
import { Closed, Id, OneOf } from '../../../contract/common.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { ensureStorable, ensureValid, validator } from '../../platform/http/validation.ts';
import { configurationOf } from '../organization/configuration.ts';
import { labelSheet, labelSvg, type Label } from './labels.ts';
import type { CodeKind } from '../access/links.ts';
import { codesOf, viewCode } from '../scan/codes.ts';

/** The label of one asset (设备标签) as a drawing of its true size. */
export const showLabel = stream({
  summary: 'The printable label of an asset with its QR code',
  params: Closed({ id: Id }),
  query: Closed({ size: Type.Optional(OneOf(labelSizes, { description: '40x30 when absent' })) }),
  produces: 'image/svg+xml',
  async run(context, request, reply) {
    const { id } = request.params as { id: string };
    const { size = '40x30' } = request.query as { size?: (typeof labelSizes)[number] };
    const [label] = await labelsOf(context, [id]);
    if (!label) throw new Refusal('not_found');
    return sendDrawing(reply, 'image/svg+xml; charset=utf-8').send(labelSvg(label, size));
  },
});

/** The labels of several assets (批量打印标签) as a page to be printed, in the order they were named. */
export const printLabels = sheetOf('A printable sheet of labels with QR codes', labelsOf, 'assetId', { zh: '设备标签', en: 'Asset labels' });

/** The labels of several places (打印地点标签), to hang up where somebody may report what is wrong there. */
export const printSiteLabels = sheetOf('A printable sheet of labels with the QR codes of places', siteLabelsOf, 'siteId', { zh: '地点标签', en: 'Labels of places' });

function sheetOf(summary: string, find: (context: StreamContext, ids: readonly string[]) => Promise<(Label | undefined)[]>, field: string, title: { zh: string; en: string }) {
  return stream({
    summary, body: PrintLabels, produces: 'text/html',
    async run(context, request, reply) {
      const body: unknown = request.body ?? {};
      ensureStorable(body, context.language);
      ensureValid(validator(PrintLabels, 'json'), body, context.language);
      const { ids, size = 'a4', skip = 0 } = body as PrintLabels;
      const labels = await find(context, ids);
      const unknown = labels.findIndex((label) => label === undefined);
      if (unknown >= 0) throw refuseInput(`/ids/${unknown}`, 'unknown_reference', { field });
      return sendDrawing(reply, 'text/html; charset=utf-8').send(labelSheet(labels as Label[], size, context.language === 'en' ? title.en : title.zh, skip));
    },
  });
}

/** Nothing in it runs or is fetched, whatever it is called. */
function sendDrawing(reply: FastifyReply, type: string): FastifyReply {
  return reply.type(type).header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'").header('x-frame-options', 'SAMEORIGIN');
}

/** What the codes of these open. */
async function urlsOf(context: Context, kind: CodeKind, ids: readonly string[]): Promise<(id: string) => string> {
  const codes = await codesOf(context.transaction, kind, ids);
  return (id) => viewCode(context.services, context.tenantId, kind, id, codes(id)).scanUrl;
}

function labelsOf(context: StreamContext, ids: readonly string[]): Promise<(Label | undefined)[]> {
  return context.transact(async (inner: Context) => {
    const { organization } = await configurationOf(inner);
    const rows = await inner.transaction.run(build.selectFrom('asset')
      .leftJoin('site', (join) => join.onRef('site.tenant_id', '=', 'asset.tenant_id').onRef('site.id', '=', 'asset.site_id'))
      .select(['asset.id', 'asset.code', 'asset.name', 'asset.address', 'site.name as site_name']).where('asset.tenant_id', '=', inner.tenantId).where('asset.id', 'in', ids).where('asset.archived_at', 'is', null));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const urlOf = await urlsOf(inner, 'asset', ids);
    return ids.map((id) => {
      const row = byId.get(id);
      return row && { url: urlOf(id), code: row.code, name: row.name, place: row.address ?? row.site_name, organization: organization.name };
    });
  });
}

function siteLabelsOf(context: StreamContext, ids: readonly string[]): Promise<(Label | undefined)[]> {
  return context.transact(async (inner: Context) => {
    const { organization } = await configurationOf(inner);
    const rows = await inner.transaction.run(build.selectFrom('site')
      .innerJoin('account', (join) => join.onRef('account.tenant_id', '=', 'site.tenant_id').onRef('account.id', '=', 'site.account_id'))
      .select(['site.id', 'site.name', 'site.address', 'account.name as account_name']).where('site.tenant_id', '=', inner.tenantId).where('site.id', 'in', ids).where('site.archived_at', 'is', null));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const urlOf = await urlsOf(inner, 'site', ids);
    return ids.map((id) => {
      const row = byId.get(id);
      return row && { url: urlOf(id), code: row.name, name: row.account_name, place: row.address, organization: organization.name };
    });
  });
}

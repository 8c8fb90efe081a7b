import { FieldAssets, FindFieldAsset, fieldLimits, type FieldAsset } from '../../../contract/field.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import { withoutNumbers } from '../../../rules/routing/offers.ts';
import type { TicketStatus } from '../../../rules/ticket/lifecycle.ts';
import type { VisitObstacle } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { readCodeToken } from '../../records/access/links.ts';
import type { AssetRow } from '../../records/asset/view-asset.ts';
import { codesOf } from '../../records/scan/codes.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';

/**
 * The asset somebody stands before (扫码查设备), by what its QR code holds or by its own code: for those who may see assets. With what was done to
 * it before, whoever did it, and nothing of the customers: whoever repairs it needs to know, also where its tickets were never theirs.
 */
export const findFieldAsset = useCase({
  summary: 'Find an asset by its scanned or typed code, with what was done to it before',
  query: FindFieldAsset,
  answer: FieldAssets,
  async run(context, { query }) {
    const asset = await assetBy(context, query.code.trim());
    if (!asset || asset.archived_at !== null) return { items: [] };
    return { items: [{
      id: asset.id, code: asset.code, name: asset.name, model: asset.model, serialNumber: asset.serial_number, address: asset.address, criticality: asset.criticality,
      warrantyUntil: asset.warranty_until, installedOn: asset.installed_on, attributes: asset.attributes as FieldAsset['attributes'], history: await historyOf(context, asset.id),
    }] };
  },
});

async function assetBy(context: Context, code: string): Promise<AssetRow | undefined> {
  const { tenantId, transaction, services, now } = context;
  const find = (column: 'id' | 'code', value: string) => transaction.first(build.selectFrom('asset').selectAll().where('tenant_id', '=', tenantId).where(column, '=', value));
  const scan = readCodeToken(services.secrets, /\/q\/([^/?#\s]+)/.exec(code)?.[1] ?? code, now);
  if (!scan) return find('code', code);
  // A label that was renewed opens nothing, here as elsewhere.
  if (scan.tenantId !== tenantId || scan.kind !== 'asset' || (await codesOf(transaction, 'asset', [scan.id]))(scan.id).round !== scan.round) return undefined;
  return find('id', scan.id);
}

async function historyOf({ tenantId, transaction, language }: Context, assetId: string): Promise<FieldAsset['history']> {
  const tickets = await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('asset_id', '=', assetId).where('merged_into', 'is', null).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(fieldLimits.history));
  if (tickets.length === 0) return [];
  const visits = await transaction.run(build.selectFrom('visit').innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'visit.tenant_id').onRef('staff.id', '=', 'visit.technician_id'))
    .select(['visit.ticket_id', 'staff.name', 'visit.completed_at', 'visit.obstacle_at', 'visit.checked_in_at', 'visit.work_summary', 'visit.obstacle', 'visit.ended_reason', 'visit.id'])
    .where('visit.tenant_id', '=', tenantId).where('visit.ticket_id', 'in', tickets.map(({ id }) => id)).where('visit.status', 'in', ['completed', 'incomplete', 'on_site']).orderBy('visit.id', 'desc'));
  // These tickets were never theirs: words are told without what looks like a number of somebody.
  const said = (words: string) => withoutNumbers(wordsFor(words, language));
  const saidIf = (words: string | null) => (words === null ? null : said(words));
  return tickets.map((ticket) => ({
    ticketId: ticket.id, number: ticket.number, subject: said(ticket.subject), status: statusOf(ticket as TicketRow) as TicketStatus, createdAt: ticket.created_at.toISOString(), resolution: saidIf(ticket.resolution),
    visits: visits.filter((visit) => visit.ticket_id === ticket.id).map((visit) => ({
      technician: visit.name, at: (visit.completed_at ?? visit.obstacle_at ?? visit.checked_in_at)?.toISOString() ?? null, workSummary: saidIf(visit.work_summary),
      obstacle: visit.obstacle as VisitObstacle | null, note: visit.obstacle === null ? null : saidIf(visit.ended_reason),
    })),
  }));
}

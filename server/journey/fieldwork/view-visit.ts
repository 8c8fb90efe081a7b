import type { Visit } from '../../../contract/visit.ts';
import { openVisitActions, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { maskPhone } from '../../platform/masking.ts';
import { filesOfTicket } from '../../records/file/queries.ts';
import { viewFile } from '../../records/file/view.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { priorityName, statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { viewVisitSummary, type VisitRow } from '../../records/visit/queries.ts';

const underWay = new Set(['scheduled', 'accepted', 'travelling', 'on_site']);

/** A visit as its technician sees it (上门任务视图). The phone number is shown in full only to them and only while it runs. */
export async function viewVisit(context: Context, visit: VisitRow, ticket: TicketRow): Promise<Visit> {
  const configuration = await configurationOf(context);
  const [files, assets] = await Promise.all([
    filesOfTicket(context, ticket.id),
    ticket.asset_id === null ? [] : context.transaction.run(build.selectFrom('asset').select(['id', 'code', 'name']).where('tenant_id', '=', context.tenantId).where('id', '=', ticket.asset_id)),
  ]);
  const own = visit.technician_id === staffOf(context).staffId;
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  return {
    ...viewVisitSummary(visit),
    ticket: {
      id: ticket.id, number: ticket.number, subject: ticket.subject, description: ticket.description, status: statusOf(ticket), priority: priorityName(ticket.priority),
      category: category ? [...context.language === 'en' ? category.pathEn : category.path] : null,
      requesterName: ticket.contact_name,
      requesterPhone: own && underWay.has(visit.status) ? ticket.contact_phone : maskPhone(ticket.contact_phone),
      asset: assets[0] ?? null,
      createdAt: ticket.created_at.toISOString(),
    },
    location: ticket.lat === null && ticket.address === null ? null : { lat: ticket.lat, lng: ticket.lng, address: ticket.address },
    files: files.map((file) => viewFile(file, { kind: 'staff' })),
    actions: own ? openVisitActions(visit.status as VisitStatus) : [],
  };
}

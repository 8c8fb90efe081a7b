import type { Visit, VisitForm } from '../../../contract/visit.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import type { Point } from '../../../rules/places/distance.ts';
import { nameFor, wordsFor } from '../../../rules/intake/placeholders.ts';
import { isVisitOver, openVisitActions, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { masksOf, type Masks } from '../../records/customer/personal-data/masks.ts';
import { placesOf } from '../../records/dispatch/place-of.ts';
import { filesOfTickets } from '../../records/file/queries.ts';
import type { FileRow } from '../../records/file/row.ts';
import { viewFile } from '../../records/file/view.ts';
import { configurationOf, type Configuration } from '../../records/organization/configuration.ts';
import { formOf } from '../../records/organization/forms.ts';
import { itemsOfTickets, type ItemRow } from '../../records/ticket/checklist/items.ts';
import { ticketVariables, tiersFor } from '../../records/ticket/fill-form.ts';
import { accessOf, priorityName, statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { viewFieldsOf } from '../../records/ticket/view-fields.ts';
import { clocksOf } from '../../records/ticket/view.ts';
import { viewVisitSummary, type VisitRow } from '../../records/visit/queries.ts';

/**
 * A visit as its technician sees it (上门任务视图). The phone number is shown in full to them while it runs, and otherwise by the mask policy.
 * Once it is over, their having been sent gives them no right to the ticket: what happens to it since is told only where
 * the policy lets them read it, as it does those who came.
 */
export async function viewVisit(context: Context, visit: VisitRow, ticket: TicketRow): Promise<Visit> {
  return (await viewVisits(context, [{ visit, ticket }]))[0]!;
}

/** Visits as `viewVisit` shows each, with what belongs to their tickets looked up once for all. */
export async function viewVisits(context: Context, visits: readonly { visit: VisitRow; ticket: TicketRow }[]): Promise<Visit[]> {
  if (visits.length === 0) return [];
  const configuration = await configurationOf(context);
  const assetIds = [...new Set(visits.map(({ ticket }) => ticket.asset_id).filter((id) => id !== null))];
  const [files, masks, clocks, places, items, assets] = await Promise.all([
    filesOfTickets(context, [...new Set(visits.map(({ ticket }) => ticket.id))]), masksOf(context), clocksOf(context, visits.map(({ ticket }) => ticket.id)), placesOf(context, visits.map(({ ticket }) => ticket)),
    itemsOfTickets(context, visits.flatMap(({ ticket }) => (ticket.checklist_total === 0 ? [] : [ticket.id]))),
    assetIds.length === 0 ? [] : context.transaction.run(build.selectFrom('asset').select(['id', 'code', 'name']).where('tenant_id', '=', context.tenantId).where('id', 'in', assetIds)),
  ]);
  const assetOf = new Map(assets.map((asset) => [asset.id, asset]));
  const forms = await viewForms(context, configuration, visits.filter(({ visit }) => isOpenTo(context, visit)).map(({ ticket }) => ticket));
  return visits.map(({ visit, ticket }) => view(context, configuration, masks, visit, ticket, {
    files: files.get(ticket.id) ?? [], items: items.get(ticket.id) ?? [], asset: ticket.asset_id === null ? null : assetOf.get(ticket.asset_id) ?? null, form: isOpenTo(context, visit) ? forms.get(ticket.id) ?? null : null, dueAt: clocks.get(ticket.id)?.dueAt ?? null, place: places.get(ticket.id)?.point ?? null,
  }));
}

/** Whether the caller has yet to make a visit, or is making it. */
const isOpenTo = (context: Context, visit: VisitRow): boolean => visit.technician_id === staffOf(context).staffId && !isVisitOver(visit.status as VisitStatus);

/** The forms of some tickets as their technicians fill them in; types without fields are left out. */
async function viewForms(context: Context, configuration: Configuration, tickets: readonly TicketRow[]): Promise<Map<string, VisitForm>> {
  const forms = await Promise.all(tickets.map(async (ticket) => ({ ticket, form: await formOf(context, configuration, ticket.type_id, ticket.form_version) })));
  const asking = forms.filter(({ form }) => form.fields.length > 0);
  if (asking.length === 0) return new Map();
  const [fields, tiers] = await Promise.all([
    viewFieldsOf(context, configuration, asking.map(({ ticket }) => ticket)),
    tiersFor(context, asking.map(({ ticket, form }) => ({ form, customerId: ticket.customer_id }))),
  ]);
  return new Map(asking.map(({ ticket }) => [ticket.id, {
    typeId: ticket.type_id, version: ticket.form_version, ...fields.get(ticket.id)!, ticket: { ...ticketVariables(ticket, tiers.get(ticket.customer_id ?? '') ?? null) },
  }]));
}

interface Belonging {
  files: readonly FileRow[];
  items: readonly ItemRow[];
  asset: Visit['ticket']['asset'];
  form: VisitForm | null;
  dueAt: string | null;
  /** Where the work is. */
  place: Point | null;
}

function view(context: Context, configuration: Configuration, masks: Masks, visit: VisitRow, ticket: TicketRow, { files, items, asset, form, dueAt, place }: Belonging): Visit {
  const own = visit.technician_id === staffOf(context).staffId;
  const takesPart = own || visit.members.some(({ id }) => id === staffOf(context).staffId);
  const over = isVisitOver(visit.status as VisitStatus);
  if (over && !permits(reachOf(staffOf(context), 'ticket.read'), accessOf(ticket))) return viewWithheld(visit, ticket);
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  return {
    ...viewVisitSummary(visit),
    ticket: {
      id: ticket.id, number: ticket.number, withheld: false, subject: wordsFor(ticket.subject, context.language), description: wordsFor(ticket.description, context.language), status: statusOf(ticket), priority: priorityName(ticket.priority),
      category: category ? [...context.language === 'en' ? category.pathEn : category.path] : null,
      requesterName: ticket.contact_name && nameFor(ticket.contact_name, context.language),
      requesterPhone: takesPart && !over ? ticket.contact_phone : masks.show('phone', ticket.contact_phone),
      asset,
      createdAt: ticket.created_at.toISOString(), dueAt,
    },
    location: place === null && ticket.address === null ? null : { lat: place?.lat ?? null, lng: place?.lng ?? null, address: ticket.address },
    checklist: items.map((item) => ({ id: item.id, text: item.text, required: item.required, done: item.done_at === null ? null : { at: item.done_at.toISOString(), by: item.done_by_name } })),
    files: files.map((file) => viewFile(file, { kind: 'staff' })),
    form,
    actions: own ? openVisitActions(visit.status as VisitStatus) : [],
  };
}

/** What is left to a technician of a visit that is over, on a ticket that is not theirs to read: what they did themselves. */
function viewWithheld(visit: VisitRow, ticket: TicketRow): Visit {
  return {
    ...viewVisitSummary(visit),
    ticket: {
      id: ticket.id, number: ticket.number, withheld: true, subject: '', description: '', status: null, priority: null, category: null,
      requesterName: null, requesterPhone: null, asset: null, createdAt: ticket.created_at.toISOString(), dueAt: null,
    },
    location: null,
    checklist: [],
    files: [],
    form: null,
    actions: [],
  };
}

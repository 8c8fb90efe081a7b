import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { CreateReport, ReportCreated } from '../../../contract/portal.ts';
import { subjectOf } from '../../../rules/intake/conversation.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { signTicketToken } from '../../records/access/links.ts';
import { toStoredPhone } from '../../records/customer/phone.ts';
import { readUploads } from '../../records/file/attach-files.ts';
import { ensureMayReport, noteReport } from '../../records/report/allowance.ts';
import { attachToTicket } from '../../records/ticket/attach.ts';
import { reportedType, withUploads } from './report-fields.ts';
import { findScanned, nothingScanned, type ScannedThing } from './show-portal.ts';
import { openTicket } from './open-ticket.ts';

/** A customer reports something at the portal (客户报修): it becomes a ticket, and they get the link to follow it. */
export const createReport = useCase({
  summary: 'Report something at an organization’s portal',
  params: Closed({ org: Type.String({ maxLength: 63 }) }),
  body: CreateReport,
  answer: ReportCreated,
  status: 201,
  grouped: true,
  secret: true,
  async run(context, { body }) {
    await ensureMayReport(context);
    const { asset, site } = body.assetToken === undefined ? nothingScanned : await findScanned(context, body.assetToken);
    const name = body.contact.name?.trim();
    if (body.contact.phone) toStoredPhone(context, body.contact.phone, '/contact/phone');
    const reporting = { ...context, actor: { ...context.actor, name: name || null } };
    const type = await reportedType(context, body.type);
    const opened = await openTicket(reporting, {
      subject: subjectOf(body.description) || body.description, description: body.description.trim(), channel: asset || site ? 'qr' : 'portal', trusted: false,
      type: type.id, ...(body.fields ? { fields: withUploads(context, type.form, body.fields) } : {}),
      ...(body.category === undefined ? {} : { category: body.category }),
      ...locationOf(body.location, site),
      ...(asset ? { assetId: asset.id } : {}),
      requester: { ...(name ? { name } : {}), ...(body.contact.phone ? { phone: body.contact.phone } : {}) },
    }, reckonPriority);
    await noteReport(context);
    let { ticket } = opened;
    const files = [...new Set([...readUploads(context, body.uploads ?? []), ...opened.fileIds])];
    if (files.length > 0) ticket = await attachToTicket(reporting, ticket, files, 'public');
    const token = signTicketToken(context.services.secrets, context.tenantId, ticket.id, ticket.created_at);
    return { number: ticket.number, token, url: `/t/${token}` };
  },
});

/** Where it is: as they say, and at the place whose code was scanned. */
function locationOf(said: CreateReport['location'], site: ScannedThing['site']): { location?: NonNullable<CreateReport['location']> } {
  if (!site) return said ? { location: said } : {};
  const at = [site.address, site.name].filter((part) => part !== null && !said?.address?.includes(part)).join(' ');
  const place = said?.lat == null && site.lat !== null && site.lng !== null ? { lat: site.lat, lng: site.lng, crs: 'WGS84' as const } : {};
  const address = [at, said?.address ?? ''].filter((part) => part !== '').join(' ').slice(0, 300);
  return { location: { ...said, ...place, ...(address === '' ? {} : { address }) } };
}

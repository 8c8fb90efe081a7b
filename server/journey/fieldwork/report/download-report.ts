import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { Closed, Id } from '../../../../contract/common.ts';
import { permits, reachOf } from '../../../../rules/access/policy.ts';
import { inWords } from '../../../../rules/forms/in-words.ts';
import { nameFor, wordsFor } from '../../../../rules/intake/placeholders.ts';
import { obstacleRules, type VisitObstacle } from '../../../../rules/ticket/visit-lifecycle.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { BlobMissing } from '../../../platform/files/blob-store.ts';
import { stream, type StreamContext } from '../../../platform/http/use-case.ts';
import { AsideFull, openAside } from '../../../platform/threads/aside.ts';
import { masksOf } from '../../../records/customer/personal-data/masks.ts';
import type { FileRow } from '../../../records/file/row.ts';
import { filesOfTicket } from '../../../records/file/queries.ts';
import { ensureThumbnail } from '../../../records/file/thumbnail-job.ts';
import { configurationOf, type Configuration } from '../../../records/organization/configuration.ts';
import { formOf } from '../../../records/organization/forms.ts';
import { logoOf } from '../../../records/organization/logo.ts';
import { itemsOf } from '../../../records/ticket/checklist/items.ts';
import { accessOf, type TicketRow } from '../../../records/ticket/row.ts';
import { viewFields } from '../../../records/ticket/view-fields.ts';
import { visits, type VisitRow } from '../../../records/visit/queries.ts';
import type { Report } from './draw-report.ts';

/** More photos than this are for looking at on a screen. */
const mostPhotos = 24;
const mostFiles = 40;
const mostBytes = 4_000_000;

// Choosing some hundred characters of thirty thousand takes most of a second.
const draw = openAside<Report, Uint8Array>(new URL('draw-report.ts', import.meta.url), 'drawReport', { deadline: 30_000, waiting: 20 });

/** The service report of a visit that is over (服务报告), as PDF: what was asked for, what was done, photos and signature. */
export const downloadReport = stream({
  summary: 'Download the service report of a visit as PDF',
  params: Closed({ id: Id }),
  produces: 'application/pdf',
  async run(context, request, reply) {
    const { id } = request.params as { id: string };
    return send(context, reply, await context.transact(async (inner) => {
      const visit = await inner.transaction.first(visits().where('visit.tenant_id', '=', inner.tenantId).where('visit.id', '=', id));
      const ticket = visit && await ticketById(inner, visit.ticket_id);
      if (!visit || !ticket || !permits(reachOf(staffOf(inner), 'ticket.read'), accessOf(ticket))) throw new Refusal('not_found');
      if (visit.status !== 'completed' && visit.status !== 'incomplete') throw new Refusal('no_report_yet');
      return collect(inner, visit, ticket, 'staff');
    }));
  },
});

/** The same for the customer, by the link of their ticket (客户回执): of the visit that settled it, without what is colleagues' business. */
export const downloadReceipt = stream({
  summary: 'Download the service report of the visit that settled the ticket the link belongs to, as PDF',
  params: Closed({ token: Type.String({ maxLength: 400 }) }),
  produces: 'application/pdf',
  async run(context, _request, reply) {
    const { caller } = context;
    if (caller.kind !== 'link') throw new Refusal('link_invalid');
    return send(context, reply, await context.transact(async (inner) => {
      const ticket = await ticketById(inner, caller.ticketId);
      const visit = ticket && await inner.transaction.first(visits().where('visit.tenant_id', '=', inner.tenantId).where('visit.ticket_id', '=', ticket.id).where('visit.status', '=', 'completed').orderBy('visit.completed_at', 'desc').orderBy('visit.id', 'desc').limit(1));
      if (!visit || !ticket || ticket.merged_into !== null) throw new Refusal('no_report_yet');
      return collect(inner, visit, ticket, 'customer');
    }));
  },
});

const ticketById = ({ transaction, tenantId }: Context, id: string): Promise<TicketRow | undefined> => transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id)) as Promise<TicketRow | undefined>;

interface Collected {
  report: Report;
  photos: FileRow[];
  signature: FileRow | undefined;
}

async function send(context: StreamContext, reply: FastifyReply, { report, photos, signature }: Collected): Promise<FastifyReply> {
  const images = await Promise.all(photos.map(async (file) => ({ file, image: await smallImage(context, file) })));
  const signed = signature ? await smallImage(context, signature, true) : null;
  const bytes = await draw({
    ...report, photos: images.flatMap(({ file, image }) => (image ? [{ image, caption: file.name }] : [])),
    signature: report.signature && { ...report.signature, image: signed },
  }).catch((error: unknown) => {
    throw error instanceof AsideFull ? new Refusal('unavailable', { seconds: 10 }) : error;
  });
  const name = `${report.language === 'en' ? 'service-report' : '服务报告'}-${report.number}.pdf`;
  return reply.type('application/pdf').header('content-disposition', `attachment; filename="service-report-${report.number}.pdf"; filename*=UTF-8''${encodeURIComponent(name)}`).header('cache-control', 'private, no-store').send(Buffer.from(bytes));
}

/** What a report says. Customers are told neither the checklist nor the answers to fields, and of files only those that are meant for them. */
async function collect(context: Context, visit: VisitRow, ticket: TicketRow, reader: 'staff' | 'customer'): Promise<Collected> {
  const [configuration, all, logo] = await Promise.all([configurationOf(context), filesOfTicket(context, ticket.id), logoOf(context)]);
  const asset = ticket.asset_id === null ? undefined : await context.transaction.first(build.selectFrom('asset').select(['name', 'code']).where('tenant_id', '=', context.tenantId).where('id', '=', ticket.asset_id));
  const language = context.language === 'en' ? 'en' : 'zh-CN';
  const words = labels[language];
  const format = new Intl.DateTimeFormat(language, { timeZone: configuration.organization.timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false });
  const moment = (at: Date | null) => (at === null ? '' : format.format(at));
  const own = all.filter((file) => file.visit_id === visit.id && (reader === 'staff' || file.visibility === 'public'));
  const signature = own.find((file) => file.purpose === 'signature');
  const taken = own.filter((file) => file.purpose !== 'signature');
  const photos = taken.filter((file) => file.media_type.startsWith('image/'));
  const others = taken.filter((file) => !file.media_type.startsWith('image/'));
  const minutes = visit.checked_in_at && visit.completed_at ? Math.max(1, Math.round((visit.completed_at.getTime() - visit.checked_in_at.getTime()) / 60_000)) : null;
  const settings = configuration.organization.settings as { supportPhone?: string | null; brandColour?: string | null };
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  const phone = reader === 'staff' ? (await masksOf(context)).show('phone', ticket.contact_phone) : null;
  const colon = language === 'en' ? ': ' : '：';
  return {
    photos: photos.slice(0, mostPhotos), signature,
    report: {
      language, organization: { name: configuration.organization.name, phone: settings.supportPhone ?? null, colour: settings.brandColour ?? null, logo }, number: ticket.number,
      subject: wordsFor(ticket.subject, language), description: wordsFor(ticket.description, language),
      lines: [
        [words.customer, ticket.contact_name === null ? '' : nameFor(ticket.contact_name, language)], [words.phone, phone ?? ''], [words.address, ticket.address ?? ''], [words.category, (language === 'en' ? category?.pathEn ?? [] : category?.path ?? []).join(' / ')],
        [words.asset, asset ? `${asset.name}${language === 'en' ? ` (${asset.code})` : `（${asset.code}）`}` : ''], [words.technician, visit.technician_name], [words.members, visit.members.map(({ name }) => name).join(language === 'en' ? ', ' : '、')],
        [words.window, visit.window_start === null ? '' : [moment(visit.window_start), moment(visit.window_end)].filter((part) => part !== '').join(' – ')], [words.arrived, moment(visit.checked_in_at)],
        [words.completed, moment(visit.completed_at)], [words.took, minutes === null ? '' : words.minutes(minutes)],
      ],
      workSummary: visit.work_summary,
      obstacle: visit.obstacle === null ? null : [obstacleRules[visit.obstacle as VisitObstacle][language === 'en' ? 'en' : 'zh'], visit.ended_reason].filter((part) => part !== null && part !== '').join(' · '),
      needs: visit.needs ?? [], parts: visit.parts ?? [],
      answers: reader === 'staff' ? await answersIn(context, configuration, ticket, language) : [],
      checklist: reader === 'staff' ? (await itemsOf(context, ticket.id)).map((item) => ({ text: item.text, done: item.done_at !== null })) : [],
      photos: [], photosLeftOut: Math.max(0, photos.length - mostPhotos),
      files: others.slice(0, mostFiles).map((file) => [file.name, recordedIn(file, moment)].filter((part) => part !== '').join(colon)), filesLeftOut: Math.max(0, others.length - mostFiles),
      signature: signature || visit.signed_by ? { image: null, by: visit.signed_by, at: moment(visit.completed_at) } : null,
      rating: ticket.rating, writtenAt: moment(context.now), createdAt: context.now,
    },
  };
}

/** When and where a film or a word was recorded, where somebody wrote it down. */
function recordedIn({ recorded_at: at, recorded_lat: lat, recorded_lng: lng, recorded_accuracy: accuracy }: FileRow, moment: (at: Date) => string): string {
  if (at === null) return '';
  return [moment(at), ...(lat === null || lng === null ? [] : [`${lat.toFixed(5)}, ${lng.toFixed(5)}${accuracy === null ? '' : ` ±${Math.round(accuracy)} m`}`])].join(' · ');
}

/** The answers to the form of the ticket's type, as the caller sees them; files among them hang on the ticket. */
async function answersIn(context: Context, configuration: Configuration, ticket: TicketRow, language: 'zh-CN' | 'en'): Promise<[string, string][]> {
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  if (form.fields.length === 0) return [];
  const { values, names } = await viewFields(context, configuration, ticket);
  const side = language === 'en' ? 'en' : 'zh';
  return form.fields.filter(({ key, kind }) => kind !== 'file' && kind !== 'signature' && Object.hasOwn(values, key))
    .map((field): [string, string] => [field.label[side] ?? field.label.zh, inWords(field, values[field.key], side, (id) => names[id])]).filter(([, said]) => said.trim() !== '');
}

const labels = {
  'zh-CN': { customer: '客户', phone: '电话', address: '地址', category: '分类', asset: '设备', technician: '工程师', members: '同行', window: '预约时段', arrived: '到场', completed: '完工', took: '用时', minutes: (count: number) => (count < 60 ? `${count} 分钟` : `${Math.floor(count / 60)} 小时 ${count % 60} 分钟`) },
  en: { customer: 'Customer', phone: 'Phone', address: 'Address', category: 'Category', asset: 'Asset', technician: 'Technician', members: 'With', window: 'Appointment', arrived: 'Arrived', completed: 'Completed', took: 'Time spent', minutes: (count: number) => (count < 60 ? `${count} min` : `${Math.floor(count / 60)} h ${count % 60} min`) },
} as const;

/** An image small enough for paper, as JPEG or PNG; null when there is none any more, or it cannot be shown. */
async function smallImage(context: StreamContext, file: FileRow, asItIs = false): Promise<Buffer | null> {
  const suits = ['image/png', 'image/jpeg'].includes(file.media_type) && Number(file.size) <= mostBytes;
  const key = asItIs && suits ? file.storage_key : await ensureThumbnail(context.services, file) ?? (suits ? file.storage_key : null);
  if (key === null) return null;
  try {
    return await wholeOf(await context.services.blobs.get(key));
  } catch (error) {
    if (error instanceof BlobMissing) return null;
    throw error;
  }
}

async function wholeOf(source: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

import type { Readable } from 'node:stream';
import { Closed, Id } from '../../../../contract/common.ts';
import { permits, reachOf } from '../../../../rules/access/policy.ts';
import { obstacleRules } from '../../../../rules/ticket/visit-lifecycle.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { BlobMissing } from '../../../platform/files/blob-store.ts';
import { stream, type StreamContext } from '../../../platform/http/use-case.ts';
import { AsideFull, openAside } from '../../../platform/threads/aside.ts';
import type { FileRow } from '../../../records/file/row.ts';
import { filesOfTicket } from '../../../records/file/queries.ts';
import { ensureThumbnail } from '../../../records/file/thumbnail-job.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { itemsOf } from '../../../records/ticket/checklist/items.ts';
import { accessOf } from '../../../records/ticket/row.ts';
import { visits } from '../../../records/visit/queries.ts';
import { viewVisit } from '../view-visit.ts';
import type { Report } from './draw-report.ts';

/** More photos than this are for looking at on a screen. */
const mostPhotos = 24;
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
    const { report, photos, signature } = await context.transact((inner) => collect(inner, id));
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
  },
});

async function collect(context: Context, id: string): Promise<{ report: Report; photos: FileRow[]; signature: FileRow | undefined }> {
  const visit = await context.transaction.first(visits().where('visit.tenant_id', '=', context.tenantId).where('visit.id', '=', id));
  const ticket = visit && await context.transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', visit.ticket_id));
  if (!visit || !ticket || !permits(reachOf(staffOf(context), 'ticket.read'), accessOf(ticket))) throw new Refusal('not_found');
  if (visit.status !== 'completed' && visit.status !== 'incomplete') throw new Refusal('no_report_yet');
  const [configuration, seen, files, items] = await Promise.all([configurationOf(context), viewVisit(context, visit, ticket), filesOfTicket(context, ticket.id), itemsOf(context, ticket.id)]);
  const language = context.language === 'en' ? 'en' : 'zh-CN';
  const words = labels[language];
  const format = new Intl.DateTimeFormat(language, { timeZone: configuration.organization.timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false });
  const moment = (at: string | null) => (at === null ? '' : format.format(new Date(at)));
  const own = files.filter((file) => file.visit_id === visit.id);
  const signature = own.find((file) => file.purpose === 'signature');
  const minutes = seen.checkedInAt && seen.completedAt ? Math.max(1, Math.round((Date.parse(seen.completedAt) - Date.parse(seen.checkedInAt)) / 60_000)) : null;
  const settings = configuration.organization.settings as { supportPhone?: string | null };
  return {
    photos: own.filter((file) => file.purpose !== 'signature' && file.media_type.startsWith('image/')).slice(0, mostPhotos), signature,
    report: {
      language, organization: { name: configuration.organization.name, phone: settings.supportPhone ?? null }, number: ticket.number, subject: ticket.subject, description: ticket.description,
      lines: [
        [words.customer, ticket.contact_name ?? ''], [words.phone, seen.ticket.requesterPhone ?? ''], [words.address, seen.location?.address ?? ''], [words.category, (seen.ticket.category ?? []).join(' / ')],
        [words.asset, seen.ticket.asset ? `${seen.ticket.asset.name}（${seen.ticket.asset.code}）` : ''], [words.technician, seen.technician.name],
        [words.window, seen.windowStart === null ? '' : [moment(seen.windowStart), moment(seen.windowEnd)].filter((part) => part !== '').join(' – ')], [words.arrived, moment(seen.checkedInAt)],
        [words.completed, moment(seen.completedAt)], [words.took, minutes === null ? '' : words.minutes(minutes)],
      ],
      workSummary: seen.workSummary, obstacle: seen.obstacle ? [obstacleRules[seen.obstacle.kind][language === 'en' ? 'en' : 'zh'], seen.obstacle.note].filter((part) => part !== null && part !== '').join(' · ') : null,
      checklist: items.map((item) => ({ text: item.text, done: item.done_at !== null })), photos: [],
      signature: signature || seen.signedBy ? { image: null, by: seen.signedBy, at: moment(seen.completedAt) } : null,
      rating: ticket.rating, writtenAt: moment(context.now.toISOString()), createdAt: context.now,
    },
  };
}

const labels = {
  'zh-CN': { customer: '客户', phone: '电话', address: '地址', category: '分类', asset: '设备', technician: '工程师', window: '预约时段', arrived: '到场', completed: '完工', took: '用时', minutes: (count: number) => (count < 60 ? `${count} 分钟` : `${Math.floor(count / 60)} 小时 ${count % 60} 分钟`) },
  en: { customer: 'Customer', phone: 'Phone', address: 'Address', category: 'Category', asset: 'Asset', technician: 'Technician', window: 'Appointment', arrived: 'Arrived', completed: 'Completed', took: 'Time spent', minutes: (count: number) => (count < 60 ? `${count} min` : `${Math.floor(count / 60)} h ${count % 60} min`) },
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

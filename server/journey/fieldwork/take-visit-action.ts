import { Closed, Id, OneOf } from '../../../contract/common.ts';
import type { FactKind } from '../../../contract/facts.ts';
import type { RefusalParameter } from '../../../contract/refusals.ts';
import { TakeVisitAction, Visit, type VisitConflict } from '../../../contract/visit.ts';
import { distanceInMetres } from '../../../rules/places/distance.ts';
import { faultOfPoint } from '../../../rules/places/plausible.ts';
import { doubtOfCheckIn } from '../../../rules/places/track.ts';
import type { WaitingFor } from '../../../rules/ticket/lifecycle.ts';
import { obstacleRules, ticketAfterObstacle, visitActions, visitLifecycle, visitStatusNames, type VisitAction, type VisitObstacle, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { placesOf } from '../../records/dispatch/place-of.ts';
import { attachFiles, keepRecorded } from '../../records/file/attach-files.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { changeTicket, tellOnTicket } from '../../records/ticket/change.ts';
import { answerForStep, takeAnswers } from '../../records/ticket/refill.ts';
import { toStoredPlace, type StoredPlace } from '../../records/ticket/references.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { recordRating, resolveTicket } from '../../records/ticket/settle.ts';
import { techniciansWhoCame, type VisitRow } from '../../records/visit/queries.ts';
import { changeVisit } from '../../records/visit/schedule.ts';
import { ensureVersion } from '../../records/ticket/find.ts';
import { lockVisitWithTicket } from './lock-visit.ts';
import { reconcileAnswers } from './reconcile-answers.ts';
import { tickItems } from './tick-items.ts';
import { viewVisit } from './view-visit.ts';

const findStep = statement<{ one: number }>('visit.find_step', `SELECT 1 AS one FROM fact WHERE tenant_id = $1 AND subject_id = $2 AND data->>'stepId' = $3 LIMIT 1`);
// Items are done on the ticket, whoever does them.
const findTick = statement<{ one: number }>('visit.find_tick', `SELECT 1 AS one FROM fact WHERE tenant_id = $1 AND ticket_id = $2 AND kind IN ('checklist.item_done', 'checklist.item_reopened') AND data->>'stepId' = $3 LIMIT 1`);

interface Step {
  visit: VisitRow;
  ticket: TicketRow;
}

/** Takes one step of an on-site visit (上门步骤): accept, decline, set out, check in, log work, complete, or say what stands in the way. */
export const takeVisitAction = useCase({
  summary: 'Take a step of a visit',
  params: Closed({ id: Id, action: OneOf(visitActions) }),
  body: TakeVisitAction,
  answer: Visit,
  // It holds the customer's number in full.
  secret: true,
  async run(context, { params, body, ifMatch }) {
    return takeStep(context, params.id, params.action, body, ifMatch);
  },
});

/** A step as it came: from a device, with its moments put right by how far its clock was behind, in milliseconds. */
export type ToldStep = TakeVisitAction & { device?: { id: string; clockBehind: number } };

/** Takes one step of a visit for its technician, once for its id (执行上门步骤). */
export async function takeStep(context: Context, visitId: string, action: VisitAction, body: ToldStep, ifMatch: number | null): Promise<Visit> {
  const { visit, ticket } = await lockVisitWithTicket(context, visitId);
  if (visit.technician_id !== staffOf(context).staffId) throw new Refusal('visit_not_yours');
  if (body.stepId !== undefined && await wasTaken(context, visit, action, body.stepId)) return viewVisit(context, visit, ticket);
  ensureVersion(visit, ifMatch);
  const rule = visitLifecycle[action];
  const status = visit.status as VisitStatus;
  // The right to fill in the form hangs on the step: who may take it may answer with it, and with no other.
  if (body.fields !== undefined && !stepsWithFields.includes(action)) throw invalidInput('/fields', 'not_with_this_step', { zh: '这一步不能填写工单字段', en: 'cannot be filled in with this step' });
  if (!rule.from.includes(status)) throw new Refusal('visit_step_not_open', { status: visitStatusNames[status], action: rule });
  const done = await steps[action](context, { visit, ticket }, body);
  return viewVisit(context, done.visit, done.ticket);
}

/** The steps that take answers to the form of the ticket's type. */
const stepsWithFields: readonly VisitAction[] = ['log_work', 'complete'];

const steps: Record<VisitAction, (context: Context, step: Step, body: ToldStep) => Promise<Step>> = {
  async accept(context, { visit, ticket }, body) {
    const at = occurred(context, visit, body);
    const accepted = await changeVisit(context, visit, { status: 'accepted', accepted_at: at });
    const told = await tell(context, ticket, 'visit.accepted', visit, body, {}, at);
    const current = told.assignee_id === visit.technician_id && told.accepted_at === null && (told.status === 'new' || told.status === 'open')
      ? await changeTicket(context, told, { status: 'open', accepted_at: at }, { kind: 'ticket.accepted', occurredAt: at })
      : told;
    return { visit: accepted, ticket: current };
  },
  async decline(context, { visit, ticket }, body) {
    const reason = needed(body.reason, '/reason');
    const at = occurred(context, visit, body);
    const declined = await changeVisit(context, visit, { status: 'declined', ended_reason: reason });
    const told = await tell(context, ticket, 'visit.declined', visit, body, { reason }, at);
    // Back to the dispatcher's bench: nobody has it now.
    const current = told.assignee_id === visit.technician_id
      ? await changeTicket(context, told, { assignee_id: null, accepted_at: null, participant_ids: await techniciansWhoCame(context, told.id), ...(told.status === 'open' ? { status: 'new' } : {}) }, { kind: 'ticket.declined', data: { reason }, occurredAt: at })
      : told;
    return { visit: declined, ticket: current };
  },
  async start_travel(context, { visit, ticket }, body) {
    const at = occurred(context, visit, body);
    return { visit: await changeVisit(context, visit, { status: 'travelling', travel_started_at: at }), ticket: await tell(context, ticket, 'visit.travel_started', visit, body, {}, at) };
  },
  async check_in(context, { visit, ticket }, body) {
    const at = occurred(context, visit, body);
    const { place, distance } = await position(context, ticket, body);
    const reason = body.reason?.trim() || null;
    const doubt = doubtOfCheckIn({ distance, accuracy: body.accuracy ?? null });
    const far = doubt === 'far';
    if (far && reason === null) throw new Refusal('check_in_far', { distance: distanceInWords(distance!) });
    if (doubt === 'unplaced' && reason === null) throw new Refusal('check_in_unplaced');
    const checkedIn = await changeVisit(context, visit, {
      status: 'on_site', checked_in_at: at, check_in_lat: place.lat, check_in_lng: place.lng, check_in_accuracy: body.accuracy ?? null, check_in_distance: distance, check_in_reason: reason,
    });
    return { visit: checkedIn, ticket: await tell(context, ticket, 'visit.checked_in', visit, body, { lat: place.lat, lng: place.lng, accuracy: body.accuracy ?? null, distance, ...(doubt === null ? {} : { [doubt]: true }), ...(reason === null ? {} : { reason }) }, at) };
  },
  async check_items(context, { visit, ticket }, body) {
    if (body.items === undefined) throw missingInput('/items');
    const at = occurred(context, visit, body);
    const { ticket: told, conflicts } = await tickItems(context, ticket, body.items, { at, stepId: body.stepId, technicianId: visit.technician_id });
    return { visit: conflicts.length === 0 ? visit : await changeVisit(context, visit, withConflicts(visit, conflicts)), ticket: told };
  },
  async log_work(context, { visit, ticket }, body) {
    const at = occurred(context, visit, body);
    const workSummary = needed(body.workSummary, '/workSummary');
    // Notes on the way are for colleagues; what the customer is to see comes with the completion.
    const fileIds = await attachPhotos(context, ticket, visit, body, 'internal');
    const { fields, conflicts } = await reconcileAnswers(context, { ticket, visit }, body, at);
    const logged = await changeVisit(context, visit, { work_summary: workSummary, ...withConflicts(visit, conflicts) });
    const told = await tell(context, ticket, 'visit.work_logged', visit, body, { workSummary, fileIds, ...toldConflicts(conflicts) }, at);
    return { visit: logged, ticket: await takeAnswers(context, await configurationOf(context), told, fields) };
  },
  async complete(context, { visit, ticket }, body) {
    const at = occurred(context, visit, body);
    if (body.rating !== undefined && body.signatureFileId === undefined) throw invalidInput('/rating', 'needs_signature', { zh: '只有客户签字时可以现场评价', en: 'goes with the customer’s signature only' });
    const workSummary = needed(body.workSummary ?? visit.work_summary ?? undefined, '/workSummary');
    const fileIds = await attachPhotos(context, ticket, visit, body, 'public');
    if (body.signatureFileId !== undefined) {
      const [signature] = await attachFiles(context, [body.signatureFileId], { ticketId: ticket.id, visitId: visit.id, visibility: 'public', field: 'signatureFileId' });
      if (signature!.purpose !== 'signature') throw new Refusal('unknown_reference', { field: 'signatureFileId' });
    }
    const { fields, conflicts } = await reconcileAnswers(context, { ticket, visit }, body, at);
    const completed = await changeVisit(context, visit, {
      ...withConflicts(visit, conflicts), status: 'completed', completed_at: at, work_summary: workSummary, signature_file_id: body.signatureFileId ?? null, signed_by: body.signedBy ?? null, parts: linesOf(body.parts),
    });
    const told = await tell(context, ticket, 'visit.completed', visit, body, { workSummary, fileIds, signed: body.signatureFileId !== undefined, signedBy: body.signedBy ?? null, ...toldParts(body), ...toldConflicts(conflicts) }, at);
    const settled = isFinished(told)
      // Settled by somebody else meanwhile: what was measured on the spot is kept, and nothing is asked for.
      ? await takeAnswers(context, await configurationOf(context), told, fields)
      : await resolveTicket(context, await answered(context, told, fields), workSummary, at);
    return { visit: completed, ticket: await rated(context, settled, body) };
  },
  async report_obstacle(context, { visit, ticket }, body) {
    const at = occurred(context, visit, body);
    const obstacle = needed(body.obstacle, '/obstacle');
    const note = obstacleRules[obstacle].noteNeeded ? needed(body.note, '/note') : body.note?.trim() || null;
    const needs = (body.needs ?? []).map((line) => line.trim());
    if (needs.length > 0 && obstacle === 'no_access') throw invalidInput('/needs', 'not_with_this_obstacle', { zh: '只有缺配件和需再次上门可以列出所需', en: 'go with part_needed and return_visit only' });
    // A photo of the locked gate, or of the part: for colleagues.
    const fileIds = await attachPhotos(context, ticket, visit, body, 'internal');
    const { place, distance } = await position(context, ticket, body);
    const ended = await changeVisit(context, visit, { status: 'incomplete', obstacle, obstacle_at: at, ended_reason: note, needs: needs.length > 0 ? needs : null, parts: linesOf(body.parts) });
    const told = await tell(context, ticket, 'visit.obstacle_reported', visit, body, {
      obstacle, note, fileIds, ...toldParts(body), ...(needs.length > 0 ? { needs } : {}), ...(place.lat === null ? {} : { lat: place.lat, lng: place.lng, accuracy: body.accuracy ?? null, distance }),
    }, at);
    return { visit: ended, ticket: isFinished(told) ? told : await handBack(context, told, visit, obstacle, [note, ...needs].filter((line) => line !== null).join('\n') || null, at) };
  },
};

const linesOf = (lines: readonly string[] = []): string[] | null => (lines.length === 0 ? null : lines.map((line) => line.trim()));
const toldParts = ({ parts }: ToldStep): { parts?: string[] } => (parts?.length ? { parts: linesOf(parts)! } : {});

/** The customer who signed rated at the technician's phone (现场评价): the answer to this round's survey, and the history says where it was given. */
async function rated(context: Context, ticket: TicketRow, { rating, ratingComment, signedBy }: ToldStep): Promise<TicketRow> {
  if (rating === undefined || (ticket.status !== 'resolved' && ticket.status !== 'closed')) return ticket;
  // Who has rated already has: the first answer stands.
  return await recordRating(context, ticket, rating, ratingComment?.trim() || null, { onSite: true, ...(signedBy === undefined ? {} : { signedBy }) }) ?? ticket;
}

/** The ticket with the answers that its form wants of one that is resolved (完工必填字段). */
async function answered(context: Context, ticket: TicketRow, fields: Record<string, unknown> | undefined): Promise<TicketRow> {
  return answerForStep(context, await configurationOf(context), ticket, { status: 'resolved', statusId: null, waitingFor: null }, fields);
}

/** The visit is over and the matter is not: nobody has it now, and the dispatchers see what it waits for. */
async function handBack(context: Context, ticket: TicketRow, visit: VisitRow, obstacle: VisitObstacle, note: string | null, occurredAt: Date): Promise<TicketRow> {
  const { status, waitingFor } = ticketAfterObstacle(obstacle, { status: statusOf(ticket), waitingFor: ticket.waiting_for as WaitingFor | null });
  const left = ticket.assignee_id === visit.technician_id ? { assignee_id: null, accepted_at: null, participant_ids: await techniciansWhoCame(context, ticket.id) } : {};
  const data = { obstacle, ...(note === null ? {} : { reason: note }) };
  return changeTicket(context, ticket, { ...left, status, waiting_for: waitingFor }, waitingFor === null || waitingFor === ticket.waiting_for
    ? { kind: 'ticket.returned', data, occurredAt }
    : { kind: 'ticket.waiting_started', data: { for: waitingFor, ...data }, occurredAt });
}

/** Where a step was taken, and how far that is from where the work is, in metres. */
async function position(context: Context, ticket: TicketRow, body: TakeVisitAction): Promise<{ place: StoredPlace; distance: number | null }> {
  const work = (await placesOf(context, [ticket])).get(ticket.id)?.point ?? null;
  const place = toStoredPlace(body.location);
  if (place.lat !== null && place.lng !== null) {
    const fault = faultOfPoint({ lat: place.lat, lng: place.lng }, work);
    if (fault) throw invalidInput('/location', fault, fault === 'swapped' ? { zh: '经纬度写反了', en: 'has latitude and longitude the wrong way round' } : { zh: '不是有效的位置', en: 'is no place on earth' });
  }
  const distance = place.lat !== null && place.lng !== null && work !== null ? Math.round(distanceInMetres({ lat: place.lat, lng: place.lng }, work)) : null;
  return { place, distance };
}

const withConflicts = (visit: VisitRow, conflicts: readonly VisitConflict[]): { conflicts?: readonly VisitConflict[] } => (conflicts.length === 0 ? {} : { conflicts: [...(visit.conflicts ?? []) as VisitConflict[], ...conflicts].slice(-50) });
const toldConflicts = (conflicts: readonly VisitConflict[]): { conflicts?: readonly VisitConflict[] } => (conflicts.length === 0 ? {} : { conflicts });

/** About how far, as a person says it. */
const distanceInWords = (metres: number): RefusalParameter => (metres < 10_000 ? { zh: `${(metres / 1_000).toFixed(1)} 公里`, en: `${(metres / 1_000).toFixed(1)} km` } : { zh: `${Math.round(metres / 1_000)} 公里`, en: `${Math.round(metres / 1_000)} km` });

/** When it was done; a phone without network tells later. A wrong clock puts no step before the one before it, or into the
 * future. */
function occurred(context: Context, visit: VisitRow, body: ToldStep): Date {
  if (body.occurredAt === undefined) return context.now;
  const at = new Date(Date.parse(body.occurredAt) + (body.device?.clockBehind ?? 0));
  const earliest = visit.checked_in_at ?? visit.travel_started_at ?? visit.accepted_at ?? visit.created_at;
  return at > context.now ? context.now : at < earliest ? earliest : at;
}

async function attachPhotos(context: Context, ticket: TicketRow, visit: VisitRow, body: ToldStep, visibility: 'public' | 'internal'): Promise<string[]> {
  const recorded = body.recorded ?? [];
  const unknown = recorded.findIndex(({ fileId }) => !body.attachments?.includes(fileId));
  if (unknown >= 0) throw refuseInput(`/recorded/${unknown}/fileId`, 'unknown_reference', { field: 'attachments' });
  if (!body.attachments?.length) return [];
  const files = await attachFiles(context, body.attachments, { ticketId: ticket.id, visitId: visit.id, visibility });
  for (const { fileId, at, location, accuracy } of recorded) {
    const { lat, lng } = toStoredPlace(location ?? undefined);
    // Not after it was sent, whatever the clock of the phone says.
    const moment = new Date(Math.min(Date.parse(at) + (body.device?.clockBehind ?? 0), context.now.getTime()));
    await keepRecorded(context, fileId, { at: moment, lat, lng, accuracy: lat === null ? null : accuracy ?? null });
  }
  return files.map((file) => file.id);
}

function tell(context: Context, ticket: TicketRow, kind: Extract<FactKind, `visit.${string}`>, visit: VisitRow, { stepId, device }: ToldStep, data: Record<string, unknown>, occurredAt: Date): Promise<TicketRow> {
  return tellOnTicket(context, ticket, { kind, subjectId: visit.id, occurredAt, data: { technicianId: visit.technician_id, technicianName: visit.technician_name, ...data, ...(stepId === undefined ? {} : { stepId }), ...(device === undefined || device.clockBehind === 0 ? {} : { clockBehindSeconds: Math.round(device.clockBehind / 1_000) }) } });
}

/** Whether a step has been taken already: a phone that lost the answer tells it again, perhaps after days. */
async function wasTaken({ transaction, tenantId }: Context, visit: VisitRow, action: VisitAction, stepId: string): Promise<boolean> {
  const found = action === 'check_items' ? transaction.query(findTick, [tenantId, visit.ticket_id, stepId]) : transaction.query(findStep, [tenantId, visit.id, stepId]);
  return (await found).length > 0;
}

const isFinished = (ticket: TicketRow): boolean => ticket.status === 'resolved' || ticket.status === 'closed' || ticket.status === 'cancelled';

function needed<Text extends string>(value: Text | undefined, path: string): Text {
  if (value === undefined || value.trim() === '') throw missingInput(path);
  return value.trim() as Text;
}

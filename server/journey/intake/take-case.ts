import { lineOf, toldThread, type HotlineEvent } from '../../../rules/hotline/case.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import { phoneProblem } from '../../../rules/text/phone-number.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import { systemActor, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import { wakeMessages, type InboxRow } from '../../records/channel/inbox.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import { codesInUse, lockCaseNumbered, type CaseRow } from '../../records/hotline/rows.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import { findCategory } from '../../records/ticket/references.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { reopenTicket } from '../../records/ticket/settle.ts';
import { openTicket } from './open-ticket.ts';
import type { Outcome } from './take-in.ts';
import { tellUnclear } from './tell-unclear.ts';
import { TooEarly } from './too-early.ts';

// A day.
const patienceSeconds = 86_400;

/**
 * Takes in what a hotline tells of a case (受理热线派单): a new one becomes a ticket, in the category that the code table says; a hurry, a decision on an
 * extension, what the citizen said in the end stand on its ticket. Whoever calls this sees to it that those of one case come one after another.
 */
export async function takeCase(context: Context, channel: ChannelRow, row: InboxRow): Promise<Outcome> {
  const event = row.content.hotline!;
  const known = await lockCaseNumbered(context.transaction, channel.id, event.caseNumber);
  if (event.type === 'case.dispatched') {
    if (known) return dispatchAgain(context, known, event, row);
    const { id } = await openCase(context, channel, event, row.occurred_at);
    await wakeMessages(context.transaction, channel.id, toldThread(event.caseNumber), context.now);
    return { outcome: 'ticket_opened', ticketId: id };
  }
  // It may have come before the case itself: it is kept until that comes, for a day.
  if (!known) throw new TooEarly(`there is no case ${event.caseNumber} so far`, { code: 'hotline_case_unknown', patienceSeconds });
  const landing = await lockLanding(context, known.ticket_id);
  if (!landing) throw new Error(`the ticket of case ${event.caseNumber} is missing`);
  const own: Context = { ...context, actor: systemActor };
  const deadline = event.deadline === undefined ? known.deadline_at : new Date(event.deadline);
  switch (event.type) {
    case 'case.urged':
      await change(context, known, { urged: known.urged + 1, deadline_at: deadline });
      await tellOnTicket(own, landing.ticket, { kind: 'hotline.urged', data: { caseNumber: known.case_number, words: event.words ?? null, deadlineAt: deadline?.toISOString() ?? null } });
      return { outcome: 'hotline_told', ticketId: landing.ticket.id };
    case 'case.extension_decided':
      // Nobody asked, or it was decided already: told once more, or too late, it says nothing.
      if (known.extension !== 'asked') return { outcome: 'event', ticketId: landing.ticket.id };
      await change(context, known, { extension: event.granted ? 'granted' : 'refused', ...(event.granted ? { deadline_at: deadline } : {}) });
      await tellOnTicket(own, landing.ticket, { kind: 'hotline.extension_decided', data: { caseNumber: known.case_number, granted: event.granted === true, words: event.words ?? null, deadlineAt: (event.granted ? deadline : known.deadline_at)?.toISOString() ?? null } });
      return { outcome: 'hotline_told', ticketId: landing.ticket.id };
    case 'case.revisited':
      await change(context, known, { satisfaction: event.satisfaction ?? null, satisfaction_words: event.words ?? null, satisfied_at: row.occurred_at });
      await tellOnTicket(own, landing.ticket, { kind: 'hotline.revisited', data: { caseNumber: known.case_number, satisfaction: event.satisfaction ?? null, words: event.words ?? null } });
      return { outcome: 'hotline_told', ticketId: landing.ticket.id };
  }
}

async function change(context: Context, known: CaseRow, patch: Partial<Pick<CaseRow, 'state' | 'urged' | 'deadline_at' | 'extension' | 'satisfaction' | 'satisfaction_words' | 'satisfied_at' | 'dispatched_at'>>): Promise<void> {
  await context.transaction.run(build.updateTable('hotline_case').set({ ...patch, version: known.version + 1 }).where('tenant_id', '=', context.tenantId).where('id', '=', known.id));
}

/** A ticket of a case that is new (热线建单), in the category that the code table says. */
export async function openCase(context: Context, channel: Pick<ChannelRow, 'id' | 'name'>, event: HotlineEvent, dispatchedAt: Date): Promise<TicketRow> {
  const { transaction, tenantId, now } = context;
  const configuration = await configurationOf(context);
  const { number, codes } = await codesInUse(transaction, channel.id);
  const line = lineOf(codes, event.code);
  const unclear: { target: string; value: string }[] = [];
  let category: string | undefined;
  try {
    if (line?.category) category = findCategory(configuration, line.category).id;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  if (event.code && category === undefined) unclear.push({ target: 'code', value: [event.code, event.codeName ?? line?.name].filter(Boolean).join(' ') });
  const phone = event.citizenPhone && phoneProblem(event.citizenPhone) === null ? event.citizenPhone : undefined;
  if (event.citizenPhone && phone === undefined) unclear.push({ target: 'citizen.phone', value: event.citizenPhone });
  const { ticket } = await openTicket(context, {
    subject: oneLine(event.title ?? '') || oneLine(event.content?.slice(0, 80) ?? '') || channel.name, description: event.content ?? '', channel: 'hotline', trusted: true, ...(category === undefined ? {} : { category }), ...(event.urgent ? { priority: 'urgent' } : {}),
    ...(event.citizenName !== undefined || phone !== undefined ? { requester: { ...(event.citizenName ? { name: event.citizenName } : {}), ...(phone ? { phone } : {}) } } : {}), ...(event.address ? { location: { address: event.address } } : {}),
  }, reckonPriority);
  await transaction.run(build.insertInto('hotline_case').values({
    tenant_id: tenantId, id: newId(now.getTime()), account_id: channel.id, case_number: event.caseNumber, ticket_id: ticket.id, state: 'dispatched', extension: null, code: event.code ?? null, code_name: event.codeName ?? line?.name ?? null,
    codes_number: number === 0 ? null : number, dispatched_at: dispatchedAt, deadline_at: event.deadline === undefined ? null : new Date(event.deadline), satisfaction: null, satisfaction_words: null, satisfied_at: null, created_at: now,
  }));
  const told = await tellUnclear({ ...context, actor: systemActor }, ticket, unclear);
  return tellDispatched(context, channel.name, told, event);
}

const tellDispatched = (context: Context, from: string, ticket: TicketRow, event: HotlineEvent): Promise<TicketRow> =>
  tellOnTicket({ ...context, actor: systemActor }, ticket, { kind: 'hotline.dispatched', data: { caseNumber: event.caseNumber, from, deadlineAt: event.deadline === undefined ? null : new Date(event.deadline).toISOString() } });

/**
 * The hotline hands the same case over once more: it was not content, or nobody had taken it. One that is no later than what is known, and one that
 * says nothing new of a case that somebody has accepted, is the same telling again.
 */
async function dispatchAgain(context: Context, known: CaseRow, event: HotlineEvent, row: InboxRow): Promise<Outcome> {
  const landing = await lockLanding(context, known.ticket_id);
  if (!landing) throw new Error(`the ticket of case ${event.caseNumber} is missing`);
  if (row.occurred_at <= known.dispatched_at || saysNothingNew(known, landing.ticket, event)) return { outcome: 'event', ticketId: landing.ticket.id };
  const own: Context = { ...context, actor: systemActor };
  await change(context, known, { state: 'dispatched', extension: null, dispatched_at: row.occurred_at, ...(event.deadline === undefined ? {} : { deadline_at: new Date(event.deadline) }) });
  const english = context.language === 'en';
  const finished = ['resolved', 'closed'].includes(landing.ticket.status);
  let ticket = finished ? await reopenTicket(own, landing.ticket, english ? 'The hotline dispatched the case again' : '热线再次派单') : landing.ticket;
  if (event.content) {
    const note = await insertMessage(own, ticket, { body: event.content, visibility: 'internal', direction: 'internal', mentions: [] });
    ticket = await tellOfMessage(own, ticket, note, []);
  }
  const [channel] = await context.transaction.run(build.selectFrom('channel_account').select('name').where('tenant_id', '=', context.tenantId).where('id', '=', known.account_id));
  await tellDispatched(context, channel!.name, ticket, event);
  return { outcome: 'message_added', ticketId: ticket.id };
}

/** Whether a case that runs is only told of once more: what it says is what is known, and what it leaves out stays. */
function saysNothingNew(known: CaseRow, ticket: Pick<TicketRow, 'subject' | 'description'>, event: HotlineEvent): boolean {
  return (known.state === 'dispatched' || known.state === 'accepted') && (event.deadline === undefined || event.deadline === known.deadline_at?.getTime()) && (event.code ?? known.code) === known.code
    && [[event.title, ticket.subject], [event.content, ticket.description]].every(([said, kept]) => said === undefined || said.trim() === kept);
}

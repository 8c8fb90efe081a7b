import { callOf, withEvent } from '../../../rules/telephony/call.ts';
import { isOutside, numberOf } from '../../../rules/telephony/numbers.ts';
import { systemActor, type Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { linkCall, toldOf } from '../../records/call/link-call.ts';
import { staffAt } from '../../records/call/phone-lines.ts';
import { announceCall, lockCallNamed, putCall, wordsOf, type CallRow } from '../../records/call/rows.ts';
import { ownersOf } from '../../records/call/who-calls.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import { changeTicket, tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { announceCallWork } from './call-work.ts';
import { openForCaller, subjectFor } from './open-for-caller.ts';
import type { Outcome } from './take-in.ts';

const standardMinutes = 240;
const unfinished: readonly string[] = ['new', 'open', 'waiting'];

// The newest ticket by which somebody is to call this number back.
const findCallBack = statement<{ ticket_id: string }>('call.find_call_back', `
  SELECT ticket_id FROM call WHERE tenant_id = $1 AND number = $2 AND calls_back AND ticket_id IS NOT NULL AND started_at > $3 ORDER BY id DESC LIMIT 1`);
const lockNumber = statement<never>('call.lock_number', 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))');

/**
 * Takes in what was told of a call (受理通话事件): the call is what all of its events together say. It pops up for whose telephone rings; a call
 * nobody took becomes a ticket to call back, once for each number within a while. Whoever calls this sees to it that the events of one call come
 * one after another.
 */
export async function takeCall(context: Context, channel: ChannelRow, row: InboxRow): Promise<Outcome> {
  const { tenantId, transaction, now } = context;
  const { event, recording } = row.content.call!;
  const known = await lockCallNamed(transaction, channel.id, row.thread);
  const events = withEvent(known?.events ?? [], event);
  if (known && events === known.events) return { outcome: 'call_known', ticketId: known.ticket_id };
  const told = callOf(events);
  const [caller, callee] = [numberOf(told.caller) ?? told.caller, numberOf(told.callee) ?? told.callee];
  // Of a call that was made here it is known whom it goes to, whatever the exchange puts before the number.
  const dialled = known?.dial_state ? known : null;
  const number = dialled ? dialled.number : numberOf(told.direction === 'inbound' ? told.caller : told.callee);
  const staffId = await staffAt(transaction, told.agent);
  const next: CallRow = {
    tenant_id: tenantId, id: known?.id ?? newId(now.getTime()), account_id: channel.id, external_id: row.thread, customer_id: null, customer_by: null, ticket_id: null, calls_back: false, note: '', recording_state: 'none', recording_url: null,
    recording_file_id: null, recording_failure: null, transcript_state: 'none', transcript: null, transcript_text: null, transcript_failure: null, attempts: 0, due_at: null, heard: {}, version: 1, created_at: now, dial_state: null,
    ...known,
    events: [...events], direction: dialled ? 'outbound' : told.direction, state: dialled && told.state === 'missed' ? 'ended' : told.state, caller, callee, number, agent: told.agent?.slice(0, 200) ?? null, staff_id: staffId,
    started_at: new Date(told.startedAt), answered_at: told.answeredAt === null ? null : new Date(told.answeredAt), ended_at: told.endedAt === null ? null : new Date(told.endedAt),
  };
  if (next.customer_by !== 'chosen' && !dialled) {
    const proven = [...await ownersOf(context, number)].filter(([, verified]) => verified);
    // One who proved it, and nobody besides.
    Object.assign(next, proven.length === 1 ? { customer_id: proven[0]![0], customer_by: 'number' } : { customer_id: null, customer_by: null });
  }
  if (recording && (next.recording_state === 'none' || next.recording_state === 'lost')) Object.assign(next, { recording_state: 'waiting', recording_url: context.services.secrets.seal('call recording', recording.url), due_at: now });
  if (told.segments) Object.assign(next, { transcript_state: 'done', transcript: told.segments, transcript_text: wordsOf(told.segments) });
  await putCall(transaction, next);
  const settled = await followOn(context, channel, known, { ...next, version: (known?.version ?? 0) + 1 });
  announceCall(context, next.id, [staffId, known?.staff_id ?? null]);
  if (next.due_at !== null) transaction.afterCommit(announceCallWork);
  return { outcome: settled.ticket_id === null ? 'call_noted' : 'call_on_ticket', ticketId: settled.ticket_id };
}

/** What comes of it beyond the call itself: on its ticket, or a ticket to call back. */
async function followOn(context: Context, channel: ChannelRow, known: CallRow | undefined, call: CallRow): Promise<CallRow> {
  const own: Context = { ...context, actor: systemActor };
  const callsBack = (channel.settings['callBack'] ?? 'call_back') === 'call_back';
  if (call.state === 'missed' && call.ticket_id === null && callsBack && isOutside(call.number)) return askToCallBack(own, channel, call);
  if (call.ticket_id === null) return call;
  const landing = await lockLanding(context, call.ticket_id);
  if (!landing) return call;
  // An event came late that says somebody had answered after all.
  if (known?.calls_back && known.state === 'missed' && call.state !== 'missed') return withdraw(own, call, landing.ticket);
  if (known && known.state !== call.state && (call.state === 'ended' || call.state === 'missed')) await tellOnTicket(own, landing.ticket, { kind: 'call.ended', data: toldOf(call) });
  else if (call.transcript_state === 'done' && known?.transcript_state !== 'done') await tellOnTicket(own, landing.ticket, { kind: 'call.transcribed', data: toldOf(call) });
  return call;
}

async function askToCallBack(context: Context, channel: ChannelRow, call: CallRow): Promise<CallRow> {
  const { tenantId, transaction } = context;
  const minutes = Number(channel.settings['callBackMinutes'] ?? standardMinutes) || standardMinutes;
  await transaction.query(lockNumber, [`call back ${tenantId} ${call.number}`]);
  const [standing] = await transaction.query(findCallBack, [tenantId, call.number, new Date(call.started_at.getTime() - minutes * 60_000)]);
  const landing = standing ? await lockLanding(context, standing.ticket_id) : undefined;
  const ticket = landing && unfinished.includes(landing.ticket.status) ? landing.ticket
    : await openForCaller(context, { subject: await subjectFor(context, call, 'call_back'), description: '' }, call, { customerId: call.customer_id, name: null, makeKnown: false });
  const linked = await linkCall(context, call, ticket);
  const asking: CallRow = { ...linked, calls_back: true };
  await putCall(transaction, asking);
  return asking;
}

async function withdraw(context: Context, call: CallRow, ticket: TicketRow): Promise<CallRow> {
  const english = context.language === 'en';
  await putCall(context.transaction, { ...call, calls_back: false });
  if (ticket.status === 'new' && ticket.assignee_id === null) {
    await changeTicket(context, ticket, { status: 'cancelled', waiting_for: null }, { kind: 'ticket.cancelled', data: { reason: english ? 'The call had been answered' : '这通来电已有人接听' } });
  } else {
    const note = await insertMessage(context, ticket, { body: english ? 'The call had been answered after all.' : '后到的消息显示：这通来电已有人接听。', visibility: 'internal', direction: 'internal', mentions: [] });
    await tellOfMessage(context, ticket, note, []);
  }
  return { ...call, calls_back: false };
}

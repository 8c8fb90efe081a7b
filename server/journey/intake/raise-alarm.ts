import { alarmStep, type AlarmTicket } from '../../../rules/intake/alarm.ts';
import type { InboundAlarm } from '../../channels/inbound.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import { changeTicket } from '../../records/ticket/change.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { reopenTicket } from '../../records/ticket/settle.ts';
import type { Outcome } from './take-in.ts';

interface StandingRow {
  episode: string;
  state: 'raised' | 'cleared';
  since: Date;
  count: number;
  ticket_id: string | null;
}

const findStanding = statement<StandingRow>('alarm_standing.find', 'SELECT episode, state, since, count, ticket_id FROM alarm_standing WHERE tenant_id = $1 AND account_id = $2 AND key = $3 FOR UPDATE');
const putStanding = statement<never>('alarm_standing.put', `
  INSERT INTO alarm_standing (tenant_id, account_id, key, episode, state, since, count, ticket_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (tenant_id, account_id, key) DO UPDATE SET episode = excluded.episode, state = excluded.state, since = excluded.since, count = excluded.count, ticket_id = excluded.ticket_id`);

/**
 * An alarm becomes a ticket, is counted on it, or ends it (设备告警), as rules/intake/alarm.ts decides. Whoever calls sees to it that the news of one
 * thing is dealt with one after another.
 */
export async function raiseAlarm(context: Context, accountId: string, alarm: InboundAlarm, at: Date, open: () => Promise<TicketRow>): Promise<Outcome> {
  const { tenantId, transaction } = context;
  const known = (await transaction.query(findStanding, [tenantId, accountId, alarm.key]))[0];
  const ticket = known?.ticket_id ? await lockFinal(context, known.ticket_id) : null;
  const step = alarmStep(known ? { episode: known.episode, state: known.state, since: known.since.getTime(), count: known.count, ticket: ticket && standingOf(ticket) } : null, { episode: alarm.episode, state: alarm.state, at: at.getTime() });
  if (step.do === 'ignore') return { outcome: 'alarm_older', ticketId: null };
  const again = alarm.episode === known?.episode;
  const put = (ticketId: string | null, count: number) => transaction.query(putStanding, [tenantId, accountId, alarm.key, alarm.episode, alarm.state, at, count, ticketId]);
  switch (step.do) {
    case 'open': {
      const opened = await open();
      await put(opened.id, 1);
      return { outcome: 'ticket_opened', ticketId: opened.id };
    }
    case 'note_over':
      await put(ticket?.id ?? null, known?.count ?? 0);
      return { outcome: 'alarm_over', ticketId: ticket?.id ?? null };
    case 'repeat': {
      const count = known!.count + 1;
      await put(ticket!.id, count);
      if (step.note) await note(context, ticket!, { zh: `告警仍在：已报 ${count} 次。`, en: `The alarm goes on: raised ${count} times.` });
      return { outcome: 'alarm_counted', ticketId: ticket!.id };
    }
    case 'again': {
      const opened = standingOf(ticket!).finished ? await reopenTicket(context, ticket!, said(context, { zh: '告警再次出现', en: 'The alarm has come back' })) : ticket!;
      const count = again ? known!.count + 1 : 1;
      await put(opened.id, count);
      await note(context, opened, { zh: '告警再次出现。', en: 'The alarm has come back.' });
      return { outcome: 'alarm_again', ticketId: opened.id };
    }
    case 'withdraw': {
      await put(ticket!.id, known!.count);
      const ended = await changeTicket(context, ticket!, { status: 'cancelled', waiting_for: null }, { kind: 'ticket.cancelled', data: { reason: said(context, { zh: '告警已自行恢复，尚无人处理', en: 'The alarm is over, and nobody had begun' }) } });
      return { outcome: 'alarm_withdrawn', ticketId: ended.id };
    }
    case 'recovered':
      await put(ticket!.id, known!.count);
      await note(context, ticket!, { zh: '告警已恢复，请确认后结单。', en: 'The alarm is over: please confirm before resolving.' });
      return { outcome: 'alarm_recovered', ticketId: ticket!.id };
  }
}

/** The ticket on which what comes for a ticket lands, locked. */
async function lockFinal(context: Context, id: string): Promise<TicketRow | null> {
  for (let next: string | null = id; next !== null;) {
    const ticket: TicketRow | undefined = await lockTicket(context, next);
    if (!ticket) return null;
    if (ticket.merged_into === null) return ticket;
    next = ticket.merged_into;
  }
  return null;
}

function standingOf(ticket: TicketRow): AlarmTicket {
  const status = statusOf(ticket);
  const finished = status === 'resolved' || status === 'closed' || status === 'cancelled';
  return { finished, reopens: status === 'resolved' || status === 'closed', untouched: status === 'new' && ticket.assignee_id === null && ticket.accepted_at === null };
}

const said = (context: Context, texts: { zh: string; en: string }): string => (context.language === 'en' ? texts.en : texts.zh);

async function note(context: Context, ticket: TicketRow, texts: { zh: string; en: string }): Promise<void> {
  const row = await insertMessage(context, ticket, { body: said(context, texts), visibility: 'internal', direction: 'internal', mentions: [] });
  await tellOfMessage(context, ticket, row, []);
}

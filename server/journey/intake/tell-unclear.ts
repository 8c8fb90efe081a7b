import type { Context } from '../../platform/context.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

/** Says on the ticket what of the message meant nothing here, so that nothing that was sent is lost (未识别内容). */
export async function tellUnclear(context: Context, ticket: TicketRow, unclear: readonly { target: string; value: string }[]): Promise<TicketRow> {
  if (unclear.length === 0) return ticket;
  const lines = unclear.map(({ target, value }) => `${target}: ${value}`).join('\n');
  const body = context.language === 'en' ? `Sent along, but not known here:\n${lines}` : `对方发来但这里无法识别的内容：\n${lines}`;
  const note = await insertMessage(context, ticket, { body, visibility: 'internal', direction: 'internal', mentions: [] });
  return tellOfMessage(context, ticket, note, []);
}

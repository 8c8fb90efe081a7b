import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { BeatPresence, Presence } from '../../../contract/desk.ts';
import { staffOf } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findReadableTicket, findTicket } from '../../records/ticket/find.ts';

/**
 * The caller is on a ticket, writes there, or has left (在看与输入中); answers who else is there. Those present hear of changes by
 * their feed. It is kept in memory alone, and runs out by itself.
 */
export const markPresence = useCase({
  summary: 'Say that one is on a ticket, and see who else is',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: BeatPresence,
  answer: Presence,
  async run(context, { params, body }) {
    const { tenantId, services: { hub }, caller } = context;
    const { staffId } = staffOf(context);
    try {
      const ticket = await findReadableTicket(context, params.id);
      const people = hub.presence.beat({ tenantId, ticketId: ticket.id, staffId, name: caller.kind === 'staff' ? caller.name : '', tab: body.tab ?? '', state: body.state, ...(body.note ? { note: body.note } : {}) });
      return { ticketId: ticket.id, people: body.state === 'left' ? [] : people };
    } catch (error) {
      // Out of their sight meanwhile: they hear no more of who is there.
      const ticket = error instanceof Refusal ? await findTicket(context, params.id) : undefined;
      if (ticket) hub.presence.remove(tenantId, ticket.id, staffId);
      throw error;
    }
  },
});

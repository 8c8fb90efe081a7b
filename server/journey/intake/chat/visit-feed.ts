import { Type } from 'typebox';
import type { ChatMessage } from '../../../../contract/chat.ts';
import { ShowVisit, chatLimits } from '../../../../contract/chat.ts';
import { Closed } from '../../../../contract/common.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { unavailable } from '../../../platform/http/unavailable.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { listChatMessages, noteFetched } from '../../../records/chat/transcript.ts';
import { findVisitor, noteSeenByStaff, noteVisitorOnline } from '../../../records/chat/visitors.ts';
import { beatVisitor, channelOfChat, keepReceipts, presentTicket, staffAmong, visitorOf, type StaffThere } from './visitor.ts';

const heartbeatMilliseconds = 10_000;
const longestMilliseconds = 3_600_000;
// A receiver that does not read is let go; it resumes where it stopped.
const mostBuffered = 1_048_576;

/**
 * A chat as it happens (聊天实时消息), resuming by the place of the newest message the page has: `message` with its place as id, `state` with what was seen and
 * whether somebody writes. What was laid down is looked for when somebody says so, and every ten seconds all the same, so that a signal that is lost
 * delays a message and loses none. As long as it is open its visitor is there.
 */
export const showVisitFeed = stream({
  summary: 'Follow a chat, as server-sent events; resumes by Last-Event-ID or `after`',
  params: Closed({ token: Type.String({ maxLength: 200 }) }),
  query: ShowVisit,
  produces: 'text/event-stream',
  async run(context, request, reply) {
    const { tenantId, language, services: { hub, log } } = context;
    const named = String(request.headers['last-event-id'] ?? (request.query as { after?: string }).after ?? '');
    let cursor: number | null = /^\d{1,15}$/.test(named) ? Number(named) : null;
    const { visitorId } = context.caller.kind === 'visitor' ? context.caller : { visitorId: null };
    if (visitorId === null) throw new Refusal('link_invalid');
    let over = false;
    let end = (): void => void (over = true);
    let onTold: (event: string, data: unknown) => void = () => {};
    const leave = hub.join({ tenantId, staffId: visitorId, tell: (event, data) => onTold(event, data), take: () => {}, end: () => end() });
    const { raw } = reply;
    let staff: StaffThere = { there: false, typing: false };
    let ticketId: string | null = null;

    const read = async () => {
      const found = await readOnce();
      await noteVisitorOnline(context.services.database, tenantId, found.visitor, context.services.clock.now());
      return found;
    };
    const readOnce = () => context.transact(async (inner) => {
      const { transaction, now } = inner;
      const [visitor, channel] = [await visitorOf(inner), await channelOfChat(inner)];
      cursor ??= Number(visitor.last_seq);
      const { messages, more } = await listChatMessages(transaction, visitor.id, cursor, chatLimits.page);
      await keepReceipts(inner, visitor, await noteFetched(transaction, visitor.id, messages, now), 'delivered');
      if (staff.there) await noteSeenByStaff(transaction, visitor.id);
      const present = staff.there ? (await findVisitor(transaction, visitor.id))! : visitor;
      return { visitor: present, channel, messages, more, ticketId: await presentTicket(inner, visitor) };
    });
    let first: Awaited<ReturnType<typeof read>>;
    try {
      first = await read();
      if (over) throw unavailable();
    } catch (error) {
      leave();
      throw error;
    }

    const allowed = ['access-control-allow-origin', 'access-control-expose-headers', 'vary'].flatMap((name) => (reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : []));
    reply.hijack();
    raw.writeHead(200, { ...Object.fromEntries(allowed) as Record<string, string>, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff', 'x-request-id': request.id, connection: 'keep-alive' });
    raw.socket?.setNoDelay(true);
    raw.write('retry: 2000\n\n');

    let told = '';
    const tell = (message: ChatMessage): void => {
      cursor = message.seq;
      raw.write(`id: ${message.seq}\nevent: message\ndata: ${JSON.stringify(message)}\n\n`);
    };
    const show = ({ visitor, channel, messages, ticketId: on }: typeof first): void => {
      if (over) return;
      messages.forEach(tell);
      if (ticketId !== null && ticketId !== on) beatVisitor(context.services, tenantId, channel, visitor, ticketId, { state: 'left', tab: request.id, language });
      ticketId = on;
      staff = beatVisitor(context.services, tenantId, channel, visitor, ticketId, { state: 'viewing', tab: request.id, language });
      const state = JSON.stringify({ seen: Number(visitor.staff_seen_seq), typing: staff.typing, last: Number(visitor.last_seq) });
      if (state !== told) raw.write(`event: state\ndata: ${told = state}\n\n`);
      if (raw.writableLength > mostBuffered) end();
    };
    // One look at a time; what is said meanwhile is another one.
    let looking = false;
    let wanted = false;
    const look = async (identify: boolean): Promise<void> => {
      wanted = true;
      if (looking) return;
      looking = true;
      try {
        while (wanted && !over) {
          wanted = false;
          // Switched off, or its origin taken off the list.
          if (identify) await context.identify();
          const found = await read();
          show(found);
          // What is before somebody's eyes is seen.
          if (found.more || (staff.there && Number(found.visitor.staff_seen_seq) < Number(found.visitor.last_seq))) wanted = true;
        }
      } catch (error) {
        if (!(error instanceof Refusal)) log.warn({ error, requestId: request.id }, 'a chat could not be followed');
        end();
      } finally {
        looking = false;
      }
    };
    const heartbeat = setInterval(() => {
      raw.write(':\n\n');
      void look(true);
    }, heartbeatMilliseconds);
    const expiry = setTimeout(() => end(), longestMilliseconds);
    expiry.unref();
    let last = first;
    end = () => {
      if (over) return;
      over = true;
      leave();
      clearInterval(heartbeat);
      clearTimeout(expiry);
      beatVisitor(context.services, tenantId, last.channel, last.visitor, ticketId, { state: 'left', tab: request.id, language });
      raw.end();
    };
    onTold = (event, data) => {
      if (event === 'chat') void look(false);
      else if (event === 'presence' && (data as { ticketId: string }).ticketId === ticketId) {
        const now = staffAmong((data as { people: { state: string; note?: true; visitor?: true }[] }).people);
        if (now.there === staff.there && now.typing === staff.typing) return;
        staff = now;
        void look(false);
      }
    };
    raw.on('close', () => end());
    raw.on('error', () => end());
    if (raw.destroyed || raw.socket?.destroyed) return end();
    show(first);
    last = first;
    if (first.more || staff.there) void look(false);
  },
});

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StreamContext } from '../../platform/http/use-case.ts';
import { endOfLog, readFacts, type Cursor } from '../../platform/facts/readers.ts';
import type { Happening } from '../../platform/realtime/hub.ts';
import { withAccess } from './tail.ts';

export interface EventStreamOptions {
  /** When the receiver's credentials end, and the stream with them. */
  expiresAt: Date | null;
  /** Whether this changes what the receiver may see, so that they have to come anew. */
  ends(happening: Happening): boolean;
  /** What the receiver gets to see of it; null for nothing. */
  render(happening: Happening): { event: string; data: unknown } | null;
}

const heartbeatMilliseconds = 15_000;
const longestMilliseconds = 3_600_000;
const batchSize = 500;
// Whoever missed more than this is better off loading anew than catching up.
const mostMissed = 20_000;
// A receiver that does not read is let go; it resumes where it stopped.
const mostBuffered = 1_048_576;

/**
 * Server-sent events from the fact log (SSE), resuming by Last-Event-ID without a gap: live facts are held back while
 * the missed ones are read from the log, then follow in order, each once.
 */
export async function openEventStream(context: StreamContext, request: FastifyRequest, reply: FastifyReply, options: EventStreamOptions): Promise<void> {
  const { hub, database } = context.services;
  const named = request.headers['last-event-id'] ?? (request.query as { lastEventId?: string } | undefined)?.lastEventId ?? '';

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff', 'x-request-id': request.id, connection: 'keep-alive',
  });
  raw.socket?.setNoDelay(true);
  raw.write('retry: 2000\n\n');

  let sent: Cursor | null = null;
  let held: Happening[] | null = [];
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    leave();
    clearInterval(heartbeat);
    clearTimeout(expiry);
    raw.end();
  };
  const tell = (place: Cursor, event: string, data: unknown) => raw.write(`id: ${eventId(place)}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const write = (happening: Happening) => {
    const place = { transaction: happening.fact.transaction, position: happening.fact.position };
    if (sent && !isAfter(place, sent)) return;
    sent = place;
    const shown = options.render(happening);
    if (shown) tell(place, shown.event, shown.data);
    if (options.ends(happening)) {
      // Whoever was not shown what ends the stream has to go on behind it, or would come to the same end for ever.
      if (!shown) tell(place, 'ready', {});
      end();
    } else if (raw.writableLength > mostBuffered) end();
  };
  const leave = hub.join({
    tenantId: context.tenantId,
    take: (happenings) => {
      if (held) held.push(...happenings);
      else for (const happening of happenings) if (!over) write(happening);
    },
    end,
  });
  const heartbeat = setInterval(() => raw.write(':\n\n'), heartbeatMilliseconds);
  // Once an hour everybody has to come anew, and is asked again who they are.
  const ends = options.expiresAt ? Math.min(longestMilliseconds, Math.max(0, options.expiresAt.getTime() - context.services.clock.now().getTime())) : longestMilliseconds;
  const expiry = setTimeout(end, ends);
  expiry.unref();
  raw.on('close', end);
  raw.on('error', end);
  // Gone before anybody listened for it: no event will tell.
  if (raw.destroyed || raw.socket?.destroyed) end();

  try {
    const newest = await database.transact(context.tenantId, endOfLog);
    if (over) return;
    const from = readEventId(named);
    // A place that is no place, or that the log has not come to (it was restored), says nothing of what was missed.
    if (named !== '' && (!from || isAfter(from, newest))) {
      sent = newest;
      tell(sent, 'reset', {});
    } else if (from) {
      sent = from;
      let read = 0;
      for (;;) {
        const missed: Happening[] = await database.transact(context.tenantId, async (transaction) => withAccess(transaction, await readFacts(transaction, sent!, batchSize)));
        for (const happening of missed) if (!over) write(happening);
        read += missed.length;
        if (over || missed.length < batchSize) break;
        if (read > mostMissed) {
          sent = await database.transact(context.tenantId, endOfLog);
          tell(sent, 'reset', {});
          break;
        }
      }
    } else {
      // A place to resume from, even when nothing happens before the connection breaks.
      sent = newest;
      tell(sent, 'ready', {});
    }
    const waiting: Happening[] = held;
    held = null;
    for (const happening of waiting) if (!over) write(happening);
  } catch (error) {
    request.log.warn({ error, requestId: request.id }, 'a feed could not be opened');
    end();
  }
}

const eventId = (place: Cursor): string => `${place.transaction}-${place.position}`;

function readEventId(text: unknown): Cursor | null {
  const parts = typeof text === 'string' ? /^(\d{1,19})-(\d{1,15})$/.exec(text) : null;
  return parts ? { transaction: parts[1]!, position: Number(parts[2]) } : null;
}

function isAfter(a: Cursor, b: Cursor): boolean {
  const [x, y] = [BigInt(a.transaction), BigInt(b.transaction)];
  return x === y ? a.position > b.position : x > y;
}

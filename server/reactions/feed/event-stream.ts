import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../platform/context.ts';
import { everyTenant } from '../../platform/db/database.ts';
import { endOfLog, readFacts, type Cursor } from '../../platform/facts/readers.ts';
import { unavailable } from '../../platform/http/unavailable.ts';
import type { StreamContext } from '../../platform/http/use-case.ts';
import type { Happening } from '../../platform/realtime/hub.ts';
import { reachedBy, withAccess } from './tail.ts';

export interface EventStreamOptions {
  /** When the receiver's credentials end, or what they may see could change by time alone, and the stream with it. */
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
 * the missed ones are read from the log, then follow in order, each once. Whoever is told nothing gets the place they
 * resume from with the heartbeat, as an id without an event, so that they do not come back from far behind.
 *
 * @param optionsFor what a caller gets; asked of the caller as they are once the stream misses nothing any more
 * @throws Refusal before anything is sent, when the caller's credentials have ended meanwhile
 */
export async function openEventStream(context: StreamContext, request: FastifyRequest, reply: FastifyReply, optionsFor: (caller: Caller) => EventStreamOptions): Promise<void> {
  const { hub, database } = context.services;
  const named = request.headers['last-event-id'] ?? (request.query as { lastEventId?: string } | undefined)?.lastEventId ?? '';

  let held: Happening[] | null = [];
  let over = false;
  let open = false;
  let end = () => void (over = true);
  const leave = hub.join({
    tenantId: context.tenantId,
    staffId: context.caller.kind === 'staff' ? context.caller.subject.staffId : undefined,
    // It stands in no log, so it has no place: whoever was away asks anew for what it is about.
    tell: (event, data) => {
      if (open && !over) reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    take: (happenings) => {
      if (held) held.push(...happenings);
      else for (const happening of happenings) if (!over) write(happening);
    },
    end: () => end(),
  });
  let newest: Cursor;
  let options: EventStreamOptions;
  try {
    // Of all organizations' log, as are the places that heartbeats tell.
    newest = await database.transact(everyTenant, endOfLog);
    // In this order: a change of rights lies before that place, and then it is known here, or it will be heard of.
    options = optionsFor(await context.identify());
    if (over) throw unavailable();
  } catch (error) {
    leave();
    throw error;
  }

  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff', 'x-request-id': request.id, connection: 'keep-alive',
  });
  raw.socket?.setNoDelay(true);
  raw.write('retry: 2000\n\n');
  open = true;

  let sent: Cursor | null = null;
  // The place the other side knows of.
  let told: Cursor | null = null;
  end = () => {
    if (over) return;
    over = true;
    leave();
    clearInterval(heartbeat);
    clearTimeout(expiry);
    raw.end();
  };
  const tell = (place: Cursor, event: string, data: unknown) => {
    told = place;
    raw.write(`id: ${eventId(place)}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
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
  const beat = () => {
    const reached = reachedBy(hub);
    const place = sent && reached && isAfter(reached, sent) ? reached : sent;
    if (held || !place || (told && !isAfter(place, told))) return void raw.write(':\n\n');
    told = place;
    // Without data it is no event (WHATWG HTML, "Server-sent events"), but the other side remembers the id.
    raw.write(`id: ${eventId(place)}\n\n`);
  };
  const heartbeat = setInterval(beat, heartbeatMilliseconds);
  // Once an hour everybody has to come anew, and is asked again who they are.
  const ends = options.expiresAt ? Math.min(longestMilliseconds, Math.max(0, options.expiresAt.getTime() - context.services.clock.now().getTime())) : longestMilliseconds;
  const expiry = setTimeout(end, ends);
  expiry.unref();
  raw.on('close', end);
  raw.on('error', end);
  // Gone before anybody listened for it: no event will tell.
  if (raw.destroyed || raw.socket?.destroyed) end();

  try {
    const from = readEventId(named);
    // A place that is no place, or that the log has not come to (it was restored), says nothing of what was missed.
    if (named !== '' && (!from || isAfter(from, newest))) {
      sent = newest;
      tell(sent, 'reset', {});
    } else if (from) {
      sent = from;
      told = from;
      let read = 0;
      for (;;) {
        const missed: Happening[] = await database.transact(context.tenantId, async (transaction) => withAccess(transaction, await readFacts(transaction, sent!, batchSize)));
        for (const happening of missed) if (!over) write(happening);
        read += missed.length;
        if (over || missed.length < batchSize) break;
        if (read > mostMissed) {
          // All that came since is held back.
          sent = newest;
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

/** What a telephone system tells of a call (通话事件). */
export const callEventTypes = ['call.ringing', 'call.answered', 'call.transferred', 'call.missed', 'call.ended', 'recording.ready', 'asr.ready'] as const;
export type CallEventType = (typeof callEventTypes)[number];

/** A piece of what was said (转写片段): seconds from the beginning, and how sure the machine was, from 0 to 1. */
export interface Segment {
  t0: number;
  t1: number;
  speaker: string | null;
  text: string;
  confidence: number | null;
}

/** One event of a call. Those of a call are told apart by their number, in which they happened, and those of one number by whose telephone they are of. */
export interface CallEvent {
  type: CallEventType;
  seq: number;
  /** Which of several telephones, where that tells events apart. */
  leg?: string;
  /** Milliseconds since 1970. */
  at: number;
  direction?: 'inbound' | 'outbound';
  caller?: string;
  callee?: string;
  /** The extension or mail address of whose telephone it is; after a transfer, of whose it is then. */
  agent?: string;
  segments?: readonly Segment[];
}

export const callStates = ['ringing', 'answered', 'ended', 'missed'] as const;
/** How a call stands (通话状态). `missed`: it came in, and ended without anybody having answered. */
export type CallState = (typeof callStates)[number];

/** A call, as far as its events tell. */
export interface Call {
  direction: 'inbound' | 'outbound';
  state: CallState;
  caller: string | null;
  callee: string | null;
  agent: string | null;
  startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  segments: readonly Segment[] | null;
}

/** More events than any call has: of what comes after them only what ends it, and what was recorded and said. */
export const mostEvents = 200;
const lasting: ReadonlySet<CallEventType> = new Set(['call.missed', 'call.ended', 'recording.ready', 'asr.ready']);
const mostLasting = 20;

const inOrder = (a: CallEvent, b: CallEvent): number => a.seq - b.seq || Number((a.leg ?? '') > (b.leg ?? '')) - Number((a.leg ?? '') < (b.leg ?? ''));

/**
 * Adds an event to those that are known (收进事件); the same list where it says nothing new. An event that comes again is the same one, also
 * where it differs.
 */
export function withEvent(known: readonly CallEvent[], event: CallEvent): readonly CallEvent[] {
  const full = known.length >= (lasting.has(event.type) ? mostEvents + mostLasting : mostEvents);
  if (full || known.some((one) => one.seq === event.seq && one.leg === event.leg)) return known;
  return [...known, event].sort(inOrder);
}

/**
 * What a call is (还原通话): the same, in whatever order its events came. What an event does not say stays as an earlier one said it. A call that
 * ended is over, whatever else is told of it.
 *
 * @param events at least one
 */
export function callOf(events: readonly CallEvent[]): Call {
  const ordered = [...events].sort(inOrder);
  const call: Call = { direction: 'inbound', state: 'ringing', caller: null, callee: null, agent: null, startedAt: Math.min(...ordered.map((event) => event.at)), answeredAt: null, endedAt: null, segments: null };
  for (const event of ordered) {
    if (event.direction) call.direction = event.direction;
    if (event.caller) call.caller = event.caller;
    if (event.callee) call.callee = event.callee;
    if (event.agent) call.agent = event.agent;
    if (event.segments) call.segments = event.segments;
    // What is handed on while it rings has not been answered.
    if (event.type === 'call.answered') call.answeredAt ??= event.at;
    if (event.type === 'call.ended' || event.type === 'call.missed') call.endedAt ??= event.at;
  }
  if (call.endedAt !== null) call.state = call.answeredAt === null && call.direction === 'inbound' ? 'missed' : 'ended';
  else if (call.answeredAt !== null) call.state = 'answered';
  return call;
}

import { policyChooser, targetFor, type ChoosePolicy, type ConditionSurroundings } from './choose-policy.ts';
import { adjustClock, resumeClock, retargetClock, startClock, stopClock, type ClockRecord, type PauseCause } from './clock-record.ts';
import type { SlaMetric, SlaPolicy, SlaTarget, SlaTicket } from './policy.ts';

/**
 * All clocks of one ticket and what decides about them (计时账), folded from what happened. The same fold serves the running
 * system, event by event, and the simulator, history by history.
 */

export const slaEventKinds = [
  'created', 'changed', 'policy_changed', 'assigned', 'accepted', 'customer_wrote', 'staff_replied', 'arrived',
  'step_started', 'step_ended', 'step_cancelled', 'resolved', 'closed', 'cancelled', 'reopened', 'restored',
] as const;
export type SlaEventKind = (typeof slaEventKinds)[number];

/**
 * What happened to a ticket, as far as clocks are concerned (计时事件).
 * created comes first and brings the whole ticket; every event may bring what of the ticket is different now (team and status
 * above all). customer_wrote, staff_replied: public messages. arrived: on the spot. step_started, step_ended (done) and
 * step_cancelled bring the step.
 * restored: put back as it was before it was called off (a merge was undone), and brings its status.
 * policy_changed: policies of a newer version are to count from now on.
 */
export interface SlaEvent {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly at: number;
  readonly kind: SlaEventKind;
  readonly ticket?: Partial<SlaTicket>;
  readonly step?: { readonly key: string; readonly id: string };
}

/** The policies in their order, ready to be applied. */
export interface SlaRules {
  readonly choose: ChoosePolicy;
  /** The present policies and former versions that are still kept, by `id@version`. */
  readonly versions: ReadonlyMap<string, SlaPolicy>;
}

/** Makes rules ready. `former`: versions that are no longer current, which running tickets keep. */
export function prepareRules(policies: readonly SlaPolicy[], surroundings: ConditionSurroundings, former: readonly SlaPolicy[] = []): SlaRules {
  return { choose: policyChooser(policies, surroundings), versions: new Map([...former, ...policies].map((policy) => [versionKey(policy), policy])) };
}

export interface SlaLedger {
  /** Of the last event. */
  readonly at: number;
  readonly ticket: SlaTicket;
  readonly progress: Progress;
  readonly policy: { readonly id: string; readonly version: number } | null;
  /** Running and stopped ones, in order of their start. */
  readonly clocks: readonly ClockRecord[];
}

/** How far a ticket is. */
interface Progress {
  readonly settled: 'resolved' | 'closed' | 'cancelled' | null;
  readonly assigned: boolean;
  readonly accepted: boolean;
  readonly replied: boolean;
  /** The customer wrote and has no answer yet. */
  readonly unanswered: boolean;
  readonly arrived: boolean;
  readonly steps: readonly { readonly key: string; readonly id: string }[];
  /** How often a team got it, and whether the present one accepted. */
  readonly stay: number;
  readonly acceptedInStay: boolean;
}

const beginning: Progress = { settled: null, assigned: false, accepted: false, replied: false, unanswered: false, arrived: false, steps: [], stay: 1, acceptedInStay: false };

/** The ledger of a whole history (历史回放); null for one that does not begin with the ticket's creation. Events may come in any order. */
export function ledgerOf(events: readonly SlaEvent[], rules: SlaRules): SlaLedger | null {
  const inOrder = [...events].sort((a, b) => a.at - b.at);
  const created = inOrder.findIndex(({ kind }) => kind === 'created');
  let ledger: SlaLedger | null = null;
  if (created >= 0) for (const event of inOrder.slice(created)) ledger = applyEvent(ledger, event, rules);
  return ledger;
}

/**
 * A ledger after one more event (计时推进). An event from before the last one (known late, as from a phone without network)
 * counts as of the last one's time, but ends what it ends when it happened; to give it its place in all else, fold the whole
 * history anew with {@link ledgerOf}.
 *
 * @param ledger null before the ticket's creation
 * @returns null as long as the ticket is not created
 */
export function applyEvent(ledger: SlaLedger | null, event: SlaEvent, rules: SlaRules): SlaLedger | null {
  if (!ledger && (event.kind !== 'created' || !event.ticket)) return null;
  const at = Math.max(event.at, ledger?.at ?? event.at);
  const ticket = ticketAfter(ledger?.ticket ?? null, event);
  const progress = progressAfter(ledger, ticket, event);
  const { policy, keepRunning } = policyAfter(ledger, ticket, event, at, rules);
  const clocks = moveClocks({ at, happenedAt: event.at, kind: event.kind, ticket, progress, policy, keepRunning, before: ledger?.progress.settled ?? null }, ledger?.clocks ?? []);
  const ref = policy && { id: policy.id, version: policy.version };
  return { at, ticket, progress, policy: keepRunning ? ledger?.policy ?? null : ref, clocks };
}

const statusAfter: Partial<Record<SlaEventKind, SlaTicket['status']>> = { resolved: 'resolved', closed: 'closed', cancelled: 'cancelled', reopened: 'open' };

function ticketAfter(before: SlaTicket | null, { kind, ticket }: SlaEvent): SlaTicket {
  const status = statusAfter[kind];
  const base: SlaTicket = before ?? { type: '', priority: 'normal', tier: null, team: null, status: 'new', waitingFor: null, statusId: null };
  return { ...base, ...(status ? { status, waitingFor: null, statusId: null } : {}), ...ticket };
}

function progressAfter(ledger: SlaLedger | null, ticket: SlaTicket, { kind, step }: SlaEvent): Progress {
  const before = ledger?.progress ?? beginning;
  const moved = ledger !== null && ledger.ticket.team !== ticket.team;
  const now: Progress = moved ? { ...before, stay: before.stay + 1, acceptedInStay: false } : before;
  switch (kind) {
    case 'assigned': return { ...now, assigned: true };
    case 'accepted': return { ...now, assigned: true, accepted: true, acceptedInStay: true };
    case 'customer_wrote': return { ...now, unanswered: true };
    case 'staff_replied': return { ...now, replied: true, unanswered: false };
    case 'arrived': return { ...now, arrived: true };
    case 'step_started': return step && !now.steps.some(({ id }) => id === step.id) ? { ...now, steps: [...now.steps, step] } : now;
    case 'step_ended': case 'step_cancelled': return step ? { ...now, steps: now.steps.filter(({ id }) => id !== step.id) } : now;
    // What solves it answers it.
    case 'resolved': return { ...now, settled: 'resolved', replied: true, unanswered: false, steps: [] };
    case 'closed': return { ...now, settled: now.settled ?? 'closed', steps: [] };
    case 'cancelled': return { ...now, settled: 'cancelled', steps: [] };
    case 'reopened': return { ...now, settled: null, accepted: false, acceptedInStay: false };
    case 'restored': return { ...now, settled: ticket.status === 'resolved' || ticket.status === 'closed' || ticket.status === 'cancelled' ? ticket.status : null };
    case 'created': case 'changed': case 'policy_changed': return now;
  }
}

const versionKey = ({ id, version }: { id: string; version: number }) => `${id}@${version}`;

/**
 * The policy is chosen anew when what it is chosen by may be different. Chosen again, it stays in the version the ticket
 * has. One that is gone altogether lets what runs run on as it was promised.
 */
function policyAfter(ledger: SlaLedger | null, ticket: SlaTicket, { kind, ticket: given }: SlaEvent, at: number, rules: SlaRules): { policy: SlaPolicy | null; keepRunning: boolean } {
  const anew = !ledger || kind === 'policy_changed' || kind === 'reopened'
    || given?.type !== undefined || given?.priority !== undefined || given?.tier !== undefined || given?.record !== undefined;
  if (!anew) {
    if (ledger.policy === null) return { policy: null, keepRunning: false };
    const kept = rules.versions.get(versionKey(ledger.policy));
    return kept ? { policy: kept, keepRunning: false } : { policy: rules.choose(ticket, at).policy, keepRunning: true };
  }
  const { policy } = rules.choose(ticket, at);
  if (!policy || policy.id !== ledger?.policy?.id || kind === 'policy_changed') return { policy, keepRunning: false };
  return { policy: rules.versions.get(versionKey(ledger.policy)) ?? policy, keepRunning: false };
}

interface Moment {
  readonly at: number;
  /** Earlier than `at` where the news came late. */
  readonly happenedAt: number;
  readonly kind: SlaEventKind;
  readonly ticket: SlaTicket;
  readonly progress: Progress;
  readonly policy: SlaPolicy | null;
  readonly keepRunning: boolean;
  /** How the ticket was settled before. */
  readonly before: Progress['settled'];
}

interface Place { readonly slot: string; readonly metric: SlaMetric; readonly team: string | null; readonly step: string | null }

/** Places in which something is still to be done, whether or not anything is promised there. */
function openPlaces({ ticket, progress }: Moment): Place[] {
  if (progress.settled) return [];
  const places: Place[] = [];
  for (const team of ticket.team === null ? [null] : [null, ticket.team]) {
    const suffix = team === null ? '' : `@${team}.${progress.stay}`;
    const put = (metric: SlaMetric, step: { key: string; id: string } | null = null) => {
      places.push({ slot: `${metric}${step ? `:${step.id}` : ''}${suffix}`, metric, team, step: step?.key ?? null });
    };
    if (team === null ? !progress.accepted : !progress.acceptedInStay) put('acceptance');
    if (!progress.replied) put('first_response');
    else if (progress.unanswered) put('next_response');
    if (!progress.arrived) put('arrival');
    for (const step of progress.steps) put('step', step);
    put('resolution');
  }
  return places;
}

function moveClocks(moment: Moment, clocks: readonly ClockRecord[]): readonly ClockRecord[] {
  const { at, ticket, policy } = moment;
  const because = { type: ticket.type, priority: ticket.priority, tier: ticket.tier };
  const places = new Map(openPlaces(moment).map((place) => [place.slot, place]));
  const moved = clocks.map((clock): ClockRecord => {
    if (clock.stoppedAt !== null) return clock;
    const place = places.get(slotOf(clock));
    if (!place) return stopClock(clock, endOf(clock, moment), howItEnded(clock, moment));
    if (moment.keepRunning) return adjustClock(clock, at, ticket);
    const target = policy && targetFor(policy, ticket, place);
    if (!target) return stopClock(clock, at, 'cancelled');
    return adjustClock(retargetClock(clock, at, { policy: { id: policy.id, version: policy.version }, target, because }), at, ticket);
  });
  if (!policy) return moved;
  for (const place of places.values()) {
    const index = moved.findLastIndex((clock) => slotOf(clock) === place.slot);
    const last = moved[index];
    if (last?.stoppedAt === null) continue;
    const target = targetFor(policy, ticket, place);
    if (!target || !mayStart(target, moment.progress)) continue;
    const promise = { policy: { id: policy.id, version: policy.version }, target, because };
    if (last && (goesOn(last, target) || moment.kind === 'restored')) moved[index] = adjustClock(retargetClock(resumeClock(last, at, causeBetween(moment), ticket), at, promise), at, ticket);
    else moved.push(startClock(place, (last?.cycle ?? 0) + 1, at, promise, ticket));
  }
  return moved;
}

/** When it happened, but never before what is known of the clock. */
const endOf = (clock: ClockRecord, { happenedAt }: Moment) => Math.max(happenedAt, clock.phases.at(-1)!.at, clock.promises.at(-1)!.at);

const slotOf = (clock: ClockRecord) => clock.key.slice(0, clock.key.lastIndexOf('#'));

function mayStart({ startsWith }: SlaTarget, progress: Progress): boolean {
  if (startsWith === 'assigned') return progress.assigned;
  return startsWith === 'accepted' ? progress.accepted : true;
}

/** What was met is over, a resolution apart; what was called off is taken up again. */
function goesOn(clock: ClockRecord, target: SlaTarget): boolean {
  if (clock.metric === 'resolution') return target.whenReopened !== 'start_anew';
  return clock.outcome === 'cancelled';
}

function causeBetween({ before }: Moment): PauseCause {
  return before ? { kind: 'settled', status: before } : { kind: 'no_target' };
}

/** An open clock's place is not open any more: was the promise kept, or did it lose its object? */
function howItEnded(clock: ClockRecord, { kind, ticket, progress }: Moment): 'met' | 'cancelled' {
  const { metric, team } = clock;
  if (progress.settled === 'cancelled') return 'cancelled';
  if (metric === 'resolution') return 'met';
  if (metric === 'step') return progress.settled || kind === 'step_cancelled' ? 'cancelled' : 'met';
  const done = {
    acceptance: team === null ? progress.accepted : progress.acceptedInStay,
    first_response: progress.replied, next_response: !progress.unanswered, arrival: progress.arrived,
  }[metric];
  if (done) return 'met';
  // A ticket that is solved was taken up; one that moved on to another team, or was closed unsolved, was not.
  return metric === 'acceptance' && progress.settled === 'resolved' && ticket.team === (team ?? ticket.team) ? 'met' : 'cancelled';
}

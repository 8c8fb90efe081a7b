import { truthy } from '../conditions/run.ts';
import { askForPerformers, carryOut, dueTimer, finish, limitTimer, quit, reckonPerformers, setLimit, variablesOf, weighInstances } from './activities.ts';
import { begin, endAll, enter, fire, leave, settle } from './advance.ts';
import { flowLimits, isHuman, outcomesOf, type ApprovalNode, type HumanNode, type Performer, type TimeSpan } from './definition.ts';
import { spawnBeside } from './forks.ts';
import { prepareFlow, type FlowBundle } from './prepare.ts';
import { sendBack, takeBack } from './returning.ts';
import { RuleFailure, ask, burstSteps, copyOf, explain, flowOf, hold, later, newToken, nodeOf, reckon, releaseHold, tokenOf, type Run } from './run.ts';
import type { FlowEvent, FlowState, FlowView, PendingTimer, Seat, StepRefusal, StepResult, Token } from './state.ts';
import { lookAgain, vacate } from './vacate.ts';
import { decide, isTurn, seatsOf, votesNeeded, withSigners } from './votes.ts';

export type { FlowBundle } from './prepare.ts';

type Of<Kind extends FlowEvent['kind']> = Extract<FlowEvent, { kind: Kind }>;
type Verdict = { answer: 'applied' } | { answer: 'stale' | 'ignored' } | { answer: 'refused'; reason: StepRefusal };
const applied: Verdict = { answer: 'applied' };
const stale: Verdict = { answer: 'stale' };
const refused = (reason: StepRefusal): Verdict => ({ answer: 'refused', reason });

/** Events that are remembered by id. What an older one was about is over, or it would be refused for what it is. */
const remembered = 64;

/**
 * One step of a flow (流程推进): what happened, applied to where the flow stands. Pure: the same arguments give the same
 * result, nothing that is given is changed.
 *
 * Semantics of BPMN 2.0: exclusive, parallel and inclusive gateways (an inclusive join waits for exactly the ways that can
 * still come), border timers that interrupt or not, waits for moments and facts, terminating ends, multi-instance and
 * call activities. Instructions among the effects have to be answered by an `answer` with their number; see {@link FlowEvent}.
 *
 * @param state null before the start
 * @param view what conditions read of the ticket, and the time
 */
export function step(bundle: FlowBundle, state: FlowState | null, event: FlowEvent, view: FlowView): StepResult {
  const before: FlowState = state ?? { status: 'running', sequence: 0, burst: 0, tokens: [], scopes: [], forks: [], vars: {}, steps: {}, seen: [] };
  const unchanged = (verdict: Omit<StepResult, 'state' | 'effects' | 'explanations'>): StepResult => ({ ...verdict, state: before, effects: [], explanations: [] });
  if (before.seen.includes(event.id)) return unchanged({ answer: 'duplicate' });
  if (event.kind === 'start' && state !== null) return unchanged({ answer: 'refused', reason: 'started' });
  if (before.status !== 'running' || (event.kind !== 'start' && state === null)) return unchanged(event.kind === 'answer' || event.kind === 'timer' || event.kind === 'fact' ? { answer: 'stale' } : { answer: 'refused', reason: 'not_running' });
  // An answer goes on with what something from outside began.
  const spent = event.kind === 'answer' ? (before.spent ?? 0) : 0;
  const run: Run = { bundle, view, state: copyOf(before), effects: [], explanations: [], queue: [], budget: { left: burstSteps - spent } };
  if (event.kind !== 'answer') run.state.burst = 0;
  const verdict = apply(run, event);
  if (verdict.answer !== 'applied') return unchanged(verdict);
  settle(run);
  run.state.spent = burstSteps - run.budget.left;
  run.state.seen = [...run.state.seen.slice(1 - remembered), event.id];
  return { answer: 'applied', state: run.state, effects: run.effects, explanations: run.explanations };
}

function apply(run: Run, event: FlowEvent): Verdict {
  switch (event.kind) {
    case 'start': {
      const start = prepareFlow(run.bundle.definition).start;
      if (!start) return refused('not_running');
      run.queue.push({ token: newToken(run, { scope: '', node: start.id, fork: null, trail: [] }), do: 'enter' });
      return applied;
    }
    case 'cancel':
      endAll(run, 'cancelled');
      return applied;
    case 'retry':
      return retry(run, event);
    case 'withdraw': {
      const refusal = takeBack(run, event.step, event.by);
      return refusal ? refused(refusal) : applied;
    }
    default: {
      const token = tokenOf(run, event.activation);
      if (!token) return event.kind === 'answer' || event.kind === 'timer' || event.kind === 'fact' ? stale : refused('not_open');
      if (event.kind === 'answer') return answer(run, token, event);
      if (event.kind === 'timer') return fireTimer(run, token, event);
      if (event.kind === 'fact') return hearFact(run, token, event);
      if (token.phase !== 'open') return refused('not_open');
      if (event.kind === 'vacate') return vacate(run, token, nodeOf(run, token) as HumanNode, event.who, event.name) ? applied : { answer: 'ignored' };
      return act(run, token, nodeOf(run, token) as HumanNode, event);
    }
  }
}

/** What people do with a task they have. */
function act(run: Run, token: Token, node: HumanNode, event: Of<'complete' | 'vote' | 'claim' | 'release' | 'add_signer' | 'hand_over' | 'return'>): Verdict {
  switch (event.kind) {
    case 'complete':
      return complete(run, token, node, event);
    case 'vote':
      return vote(run, token, node, event);
    case 'claim':
      if (node.kind === 'approval') return refused('not_allowed');
      if (token.claimedBy !== undefined) return token.claimedBy === event.by ? { answer: 'ignored' } : refused('claimed');
      token.claimedBy = event.by;
      run.effects.push({ do: 'change_task', activation: token.id, change: 'claimed' });
      return applied;
    case 'release':
      if (token.claimedBy === undefined) return refused('not_claimed');
      delete token.claimedBy;
      run.effects.push({ do: 'change_task', activation: token.id, change: 'released' });
      return applied;
    case 'add_signer':
      return addSigner(run, token, node, event);
    case 'hand_over':
      return handOver(run, token, node, event);
    case 'return': {
      if (node.mayReturn === false) return refused('not_allowed');
      const going = token.instanceOf === undefined ? token : tokenOf(run, token.instanceOf)!;
      const refusal = sendBack(run, going, event.to);
      return refusal ? refused(refusal) : applied;
    }
  }
}

function complete(run: Run, token: Token, node: HumanNode, event: Of<'complete'>): Verdict {
  if (node.kind === 'approval') return refused('not_allowed');
  if (event.by !== null && token.claimedBy !== undefined && token.claimedBy !== event.by) return refused('claimed');
  const outcomes = outcomesOf(node);
  if (outcomes.length > 0 ? !outcomes.includes(event.outcome ?? '') : event.outcome !== undefined) return refused('unknown_outcome');
  finish(run, token, event.outcome ?? null, event.by);
  return applied;
}

function vote(run: Run, token: Token, node: HumanNode, event: Of<'vote'>): Verdict {
  if (node.kind !== 'approval') return refused('not_allowed');
  const seat = token.seats!.find((one) => one.id === event.seat);
  if (!seat) return refused('no_seat');
  if (seat.vote) return refused('voted');
  if (!isTurn(seat, token.seats!)) return refused('not_your_turn');
  token.seats = token.seats!.map((one): Seat => (one === seat ? { ...one, vote: event.vote, at: run.view.now, ...(event.by === null ? {} : { by: event.by }), ...(event.comment === undefined ? {} : { comment: event.comment }) } : one));
  explain(run, token, 'voted', { vote: event.vote });
  const decision = decide(node, token.seats);
  if (decision === null) {
    run.effects.push({ do: 'change_task', activation: token.id, change: 'voted' });
    return applied;
  }
  explain(run, token, 'decided', { decision });
  finish(run, token, decision, event.by);
  return applied;
}

function addSigner(run: Run, token: Token, node: HumanNode, event: Of<'add_signer'>): Verdict {
  if (node.kind !== 'approval' || node.mayAddSigner === false) return refused('not_allowed');
  const seats = token.seats!;
  const seat = seats.find((one) => one.id === event.seat);
  if (!seat) return refused('no_seat');
  if (seat.vote) return refused('voted');
  if (!isTurn(seat, seats)) return refused('not_your_turn');
  // Whoever has a seat already signs anyway.
  const fresh = event.who.filter((who) => !seats.some((one) => one.who.kind === who.kind && one.who.id === who.id));
  if (fresh.length === 0) return refused('voted');
  if (seats.length + fresh.length > flowLimits.seats) return refused('too_many_seats');
  token.seats = withSigners(seats, seat.id, fresh, event.position, event.by, () => nextSeat(run));
  run.effects.push({ do: 'change_task', activation: token.id, change: 'signer_added' });
  return applied;
}

function handOver(run: Run, token: Token, node: HumanNode, event: Of<'hand_over'>): Verdict {
  if (node.kind === 'approval' && node.mayHandOver === false) return refused('not_allowed');
  const seats = token.seats!;
  if (node.kind !== 'approval') {
    // A task has one who does it: whoever takes over has it alone.
    token.seats = [{ id: nextSeat(run), who: event.to, from: event.by }];
    delete token.claimedBy;
  } else {
    const seat = seats.find((one) => one.id === event.seat);
    if (!seat) return refused('no_seat');
    if (seat.vote) return refused('voted');
    if (seats.some((one) => one !== seat && one.who.kind === event.to.kind && one.who.id === event.to.id)) return refused('voted');
    token.seats = seats.map((one) => (one === seat ? { ...one, who: event.to, from: event.by } : one));
  }
  run.effects.push({ do: 'change_task', activation: token.id, change: 'handed_over' });
  lookAgain(run, token, node);
  return applied;
}

const nextSeat = (run: Run) => `v${(run.state.sequence += 1)}`;

/** What the one who carries out effects says about an instruction. */
function answer(run: Run, token: Token, event: Of<'answer'>): Verdict {
  if (token.ask !== event.ask) return stale;
  delete token.ask;
  const node = nodeOf(run, token);
  if (!event.ok) {
    // Nobody else to give it to: those who have it keep it.
    if (token.phase === 'open') {
      lookAgain(run, token, node as HumanNode);
      return applied;
    }
    if (token.phase === 'action' && node.kind === 'action' && node.whenFailed === 'continue') {
      finish(run, token, 'failed', null);
      return applied;
    }
    hold(run, token, event.code ?? (token.phase === 'status' ? 'status_refused' : token.phase === 'performers' ? 'nobody' : 'action_failed'), event.reason === '' ? {} : { detail: event.reason });
    return applied;
  }
  switch (token.phase) {
    case 'status':
      begin(run, token);
      return applied;
    case 'performers':
      open(run, token, node as HumanNode, event.seats ?? []);
      return applied;
    case 'open':
      reassign(run, token, node as HumanNode, event.seats ?? []);
      return applied;
    case 'action':
      try {
        const vars = { ...variablesOf(run, token, node), ...event.vars };
        run.state.vars = { ...run.state.vars, ...vars };
        finish(run, token, node.kind === 'action' && node.whenFailed === 'continue' ? 'done' : null, null);
      } catch (error) {
        if (!(error instanceof RuleFailure)) throw error;
        hold(run, token, 'rule_failed', { detail: error.message });
      }
      return applied;
    default:
      return stale;
  }
}

function open(run: Run, token: Token, node: HumanNode, who: NonNullable<Of<'answer'> & { ok: true }>['seats'] & object): void {
  const seats = seatsOf(who, node.kind === 'approval' ? node.mode : null, () => nextSeat(run));
  if (seats.length === 0) return hold(run, token, 'nobody');
  if (seats.length > flowLimits.seats) return hold(run, token, 'too_many_instances', { detail: String(seats.length) });
  if (node.kind === 'approval' && votesNeeded(node, seats.length) === null) return hold(run, token, 'quorum_unmet', { detail: String(seats.length) });
  token.seats = seats;
  token.phase = 'open';
  run.effects.push({ do: 'open_task', activation: token.id, node: token.node, scope: token.scope });
  setLimit(run, token, node.limit?.span);
}

/** Gives a task to others: of an approval, the votes that are still out. */
function reassign(run: Run, token: Token, node: HumanNode, who: readonly { kind: 'person' | 'team'; id: string }[]): void {
  const voted = node.kind === 'approval' ? token.seats!.filter((seat) => seat.vote) : [];
  const fresh = seatsOf(who.filter((one) => !voted.some((seat) => seat.who.kind === one.kind && seat.who.id === one.id)), node.kind === 'approval' ? node.mode : null, () => nextSeat(run));
  if (fresh.length === 0 || (node.kind === 'approval' && votesNeeded(node, voted.length + fresh.length) === null)) {
    explain(run, token, 'nobody_else');
    return lookAgain(run, token, node);
  }
  token.seats = [...voted, ...fresh];
  delete token.claimedBy;
  run.effects.push({ do: 'change_task', activation: token.id, change: 'reassigned' });
  lookAgain(run, token, node);
  const decision = node.kind === 'approval' ? decide(node, token.seats) : null;
  if (decision) finish(run, token, decision, null);
}

function fireTimer(run: Run, token: Token, event: Of<'timer'>): Verdict {
  if (event.timer === dueTimer) {
    if (token.phase !== 'waiting' || token.dueAt === undefined || (event.dueAt ?? token.dueAt) !== token.dueAt) return stale;
    delete token.dueAt;
    finish(run, token, null, null);
    return applied;
  }
  if (event.timer === limitTimer) return passLimit(run, token, event);
  const pending = token.timers?.find((timer) => timer.id === event.timer);
  const flow = flowOf(run, token.scope)!;
  const definition = flow.timers.get(event.timer)?.timer;
  if (!pending || !definition || (event.dueAt ?? pending.dueAt) !== pending.dueAt) return stale;
  explain(run, token, 'timer_fired', { timer: event.timer });
  token.timers = token.timers!.filter((timer) => timer !== pending);
  if (definition.interrupting) {
    quit(run, token, 'interrupted');
    delete token.outcome;
    token.via = event.timer;
    token.phase = 'leaving';
    run.queue.push({ token, do: 'leave' });
    return applied;
  }
  if (pending.left > 1 && 'after' in definition.due) {
    setAgain(run, token, pending, definition.due.after);
  }
  const beside = spawnBeside(run, token, { node: token.node, via: event.timer, phase: 'leaving' });
  run.queue.push({ token: beside, do: 'leave' });
  return applied;
}

/** Sets a timer for its next time; without working time ahead there is none. */
function setAgain(run: Run, token: Token, pending: PendingTimer, span: TimeSpan): void {
  try {
    const next = { id: pending.id, dueAt: later(run, pending.dueAt, span), left: pending.left - 1 };
    token.timers = [...token.timers!, next];
    run.effects.push({ do: 'set_timer', activation: token.id, timer: next.id, dueAt: next.dueAt });
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    explain(run, token, 'no_limit', { reason: error.message });
  }
}

/** A step has taken longer than it may. */
function passLimit(run: Run, token: Token, event: Of<'timer'>): Verdict {
  const node = nodeOf(run, token);
  if (token.phase !== 'open' || token.limitAt === undefined || (event.dueAt ?? token.limitAt) !== token.limitAt || !isHuman(node)) return stale;
  delete token.limitAt;
  token.overdue = true;
  const then = node.limit?.then;
  explain(run, token, 'overdue', { remedy: then?.do ?? 'notify' });
  if (then?.do === 'reassign') giveToOthers(run, token, then.to);
  else if (then?.do === 'complete') finish(run, token, node.kind === 'approval' ? decisionOnLimit(node, then.outcome) : (then.outcome ?? null), null);
  else run.effects.push({ do: 'remind', activation: token.id, node: token.node, scope: token.scope, to: reminded(run, token, then?.to ?? []) });
  return applied;
}

/** Where it cannot be told who else, those who have it keep it. */
function giveToOthers(run: Run, token: Token, to: readonly Performer[]): void {
  try {
    askForPerformers(run, token, to);
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    explain(run, token, 'nobody_else');
  }
}

/** Each by itself: a rule that fails for one leaves the others their reminder. */
const reminded = (run: Run, token: Token, to: readonly Performer[]): Performer[] => to.flatMap((one) => {
  try {
    return reckonPerformers(run, token, [one]);
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    return [];
  }
});

const decisionOnLimit = (_node: ApprovalNode, outcome: string | undefined) => (outcome === 'approved' ? 'approved' : 'rejected');

function hearFact(run: Run, token: Token, event: Of<'fact'>): Verdict {
  const node = nodeOf(run, token);
  if (token.phase !== 'waiting' || node.kind !== 'wait' || node.for.kind !== 'fact' || node.for.fact !== event.fact.kind) return stale;
  if (node.for.condition !== undefined) {
    try {
      if (!truthy(reckon(run, token, node.for.condition, { fact: { data: event.fact.data } }))) return { answer: 'ignored' };
    } catch (error) {
      if (!(error instanceof RuleFailure)) throw error;
      // It goes on waiting, visibly: whoever tries again lets it pass.
      if (!token.hold) hold(run, token, 'condition_failed', { detail: error.message });
      return applied;
    }
  }
  releaseHold(run, token);
  finish(run, token, null, null);
  return applied;
}

/** Tries again what is held: one place, or all of them. */
function retry(run: Run, event: Of<'retry'>): Verdict {
  const held = run.state.tokens.filter((token) => token.hold && (event.activation === undefined || token.id === event.activation));
  if (held.length === 0) return refused('not_held');
  // Joins go on with those who came only when just that is asked for.
  const tried = held.filter((token) => token.phase !== 'joining' || event.activation !== undefined);
  if (tried.length === 0) return refused('not_held');
  for (const token of tried) {
    const code = token.hold!.code;
    if (token.phase === 'joining') {
      fire(run, token);
      continue;
    }
    if (token.phase === 'open') {
      // It stays held until somebody is found.
      const node = nodeOf(run, token) as HumanNode;
      giveToOthers(run, token, node.performers);
      continue;
    }
    releaseHold(run, token);
    if (code === 'too_many_steps') enter(run, token);
    else tryAgain(run, token);
  }
  return applied;
}

function tryAgain(run: Run, token: Token): void {
  const node = nodeOf(run, token);
  switch (token.phase) {
    case 'entering':
      return begin(run, token);
    case 'status':
      run.effects.push({ do: 'set_status', activation: token.id, ask: ask(run, token), node: token.node, scope: token.scope, status: (node as { status: Extract<StepResult['effects'][number], { do: 'set_status' }>['status'] }).status });
      return;
    case 'performers': case 'action':
      try {
        return carryOut(run, token, node as HumanNode);
      } catch (error) {
        if (!(error instanceof RuleFailure)) throw error;
        return hold(run, token, 'rule_failed', { detail: error.message });
      }
    case 'waiting':
      return finish(run, token, null, null);
    case 'instances':
      return weighInstances(run, token);
    case 'leaving':
      return leave(run, token);
    default:
      return begin(run, token);
  }
}

import { Closed, Id, OneOf } from '../../../../contract/common.ts';
import { TakeTaskAction, Task } from '../../../../contract/flow.ts';
import { taskActions, type TaskAction } from '../../../../contract/task-actions.ts';
import { actsFor, permits, reachOf } from '../../../../rules/access/policy.ts';
import type { FlowEvent, Seat, StepRefusal } from '../../../../rules/workflow/state.ts';
import type { RefusalCode } from '../../../../contract/refusals.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, NeedsOwnTransaction } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { loadFlow } from '../../../records/flow/instance/bundle.ts';
import { flowContext } from '../../../records/flow/instance/context.ts';
import { drive } from '../../../records/flow/instance/drive.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { attachToTicket } from '../../../records/ticket/attach.ts';
import { changeTicket, type TicketPatch } from '../../../records/ticket/change.ts';
import { ensureVersion } from '../../../records/ticket/find.ts';
import { refill } from '../../../records/ticket/refill.ts';
import { accessOf, type TicketRow } from '../../../records/ticket/row.ts';
import { canonicalJson } from '../../../platform/facts/fact.ts';
import { concerns, viewStanding, viewTask } from './list-tasks.ts';
import { lockTask, withTicket } from './lock-task.ts';
import { isTheirs, openSeats, type TaskRow } from './view-task.ts';

type Body = TakeTaskAction;
type Event = { [Kind in FlowEvent['kind']]: Omit<Extract<FlowEvent, { kind: Kind }>, 'id'> }[FlowEvent['kind']];

/**
 * Does something with a task (任务操作): claim, complete with the fields it asks for, vote, add a signer, hand over, send back,
 * take back. The ticket and the run are locked, so of two who answer at the same moment one comes second and is told so.
 */
export const takeTaskAction = useCase({
  summary: 'Take an action on a task',
  params: Closed({ id: Id, action: OneOf(taskActions) }),
  body: TakeTaskAction,
  answer: Task,
  // Steps of different tickets share a commit; see lockTask.
  grouped: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction } = context;
    if (transaction.shared && !(answers.has(params.action) && Object.keys(body.fields ?? {}).length === 0)) throw new NeedsOwnTransaction();
    const locked = await lockTask(context, params.id);
    if (!locked) throw new Refusal('not_found');
    const { task, ticket, instance } = locked;
    const subject = staffOf(context);
    if (!concerns(context, task) && !permits(reachOf(subject, 'ticket.read'), accessOf(ticket))) throw new Refusal('not_found');
    ensureVersion(task, ifMatch);
    if (instance.status !== 'running') throw new Refusal('task_not_open');
    if (params.action !== 'withdraw' && task.state !== 'open') throw new Refusal('task_not_open');
    const event = await eventOf(context, params.action, task, ticket, body);
    const answered = answers.has(params.action) ? await answer(context, ticket, task, body.fields) : ticket;
    const loaded = await loadFlow(transaction, instance.flow_id, instance.number);
    const driven = await drive(flowContext(context, loaded.name), loaded, answered, instance, [{ id: newId(context.now.getTime()), ...event } as FlowEvent], {
      actor: context.actor, comment: body.comment?.trim() || null, known: [task], leavesGroup: true,
    });
    if (driven.answer === 'refused') throw new Refusal(refusalOf[driven.reason!]);
    const ended = driven.closed.find((one) => one.id === task.id);
    if (!ended) return viewTask(context, task.id);
    // All of it is at hand: nothing has to be read again.
    return viewStanding(context, withTicket({ ...task, ...ended, claimed_by: null, version: task.version + 1 }, driven.ticket), { ticket: driven.ticket, instance: driven.instance, loaded });
  },
});

/** Actions that answer what a step asks. */
const answers: ReadonlySet<TaskAction> = new Set(['complete', 'approve', 'reject']);

const refusalOf: Record<StepRefusal, RefusalCode> = {
  not_running: 'flow_not_running', not_open: 'task_not_open', claimed: 'task_claimed', not_claimed: 'task_not_claimed', unknown_outcome: 'task_action_not_allowed', voted: 'vote_given', not_your_turn: 'vote_not_open',
  no_seat: 'forbidden', too_many_seats: 'limit_reached', not_allowed: 'task_action_not_allowed', no_such_step: 'task_action_not_allowed', touched: 'task_touched', not_held: 'flow_not_held', started: 'flow_running',
};

async function eventOf(context: Context, action: TaskAction, task: TaskRow, ticket: TicketRow, body: Body): Promise<Event> {
  const subject = staffOf(context);
  const { activation } = task;
  const by = subject.staffId;
  if (action === 'withdraw') {
    const done = task.completed_by ?? task.seats.filter((seat) => seat.vote).at(-1)?.by ?? null;
    if (!actsFor(subject, done)) throw new Refusal('forbidden');
    return { kind: 'withdraw', step: activation, by: done! };
  }
  const mayAssign = permits(reachOf(subject, 'ticket.assign'), accessOf(ticket));
  const isClaimer = actsFor(subject, task.claimed_by);
  if (action === 'release') {
    if (task.claimed_by !== null && !isClaimer && !mayAssign) throw new Refusal('task_claimed');
    return { kind: 'release', activation, by };
  }
  const mine = task.seats.some((seat) => isTheirs(subject, seat));
  if (!mine && !isClaimer && !(action === 'hand_over' && mayAssign)) throw new Refusal('forbidden');
  if (task.claimed_by !== null && !isClaimer && !(action === 'hand_over' && mayAssign)) throw new Refusal('task_claimed');
  switch (action) {
    case 'claim':
      return { kind: 'claim', activation, by };
    case 'complete': {
      const outcomes = task.content.outcomes ?? [];
      if (outcomes.length > 0 && body.outcome === undefined) throw missingInput('/outcome');
      if (body.outcome !== undefined && !outcomes.some((outcome) => outcome.key === body.outcome)) throw invalidInput('/outcome', 'option', { zh: '没有这个处理结果', en: 'is no outcome of this step' });
      return { kind: 'complete', activation, by: isClaimer ? task.claimed_by : by, ...(body.outcome === undefined ? {} : { outcome: body.outcome }) };
    }
    case 'approve': case 'reject':
      return { kind: 'vote', activation, seat: seatFor(context, task, body.seat).id, by, vote: action === 'approve' ? 'approved' : 'rejected', ...(body.comment?.trim() ? { comment: body.comment.trim() } : {}) };
    case 'add_signer':
      return { kind: 'add_signer', activation, seat: seatFor(context, task, body.seat).id, by, position: body.position ?? 'before', who: (await people(context, body.staffIds)).map((id) => ({ kind: 'person', id })) };
    case 'hand_over': {
      const to = await people(context, body.staffIds);
      if (to.length !== 1) throw invalidInput('/staffIds', 'maxItems', { zh: '只能转交给一个人', en: 'names more than one person' });
      const seat = task.kind === 'approval' ? { seat: (mine ? seatFor(context, task, body.seat) : seatNamed(task, body.seat)).id } : {};
      return { kind: 'hand_over', activation, by, to: { kind: 'person', id: to[0]! }, ...seat };
    }
    case 'return':
      if (body.to === undefined) throw missingInput('/to');
      // Who signs in turn decides in turn, whatever they decide.
      if (task.kind === 'approval') seatFor(context, task, body.seat);
      return { kind: 'return', activation, by, to: body.to };
  }
}

function seatFor(context: Context, task: TaskRow, named: string | undefined): Seat {
  const subject = staffOf(context);
  const open = openSeats(subject, task);
  const found = named === undefined ? open[0] : task.seats.find((seat) => seat.id === named && isTheirs(subject, seat));
  if (found) return found;
  const mine = task.seats.filter((seat) => isTheirs(subject, seat));
  throw new Refusal(mine.length > 0 && mine.every((seat) => seat.vote) ? 'vote_given' : mine.length > 0 ? 'vote_not_open' : 'forbidden');
}

function seatNamed(task: TaskRow, named: string | undefined): Seat {
  const seat = named === undefined ? undefined : task.seats.find((one) => one.id === named);
  if (!seat) throw missingInput('/seat');
  return seat;
}

async function people(context: Context, ids: readonly string[] | undefined): Promise<string[]> {
  if (ids === undefined) throw missingInput('/staffIds');
  const wanted = ids.map((id) => id.toLowerCase());
  const found = await context.transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', context.tenantId).where('active', '=', true).where('id', 'in', wanted));
  const unknown = wanted.findIndex((id) => !found.some((row) => row.id === id));
  if (unknown >= 0) throw refuseInput(`/staffIds/${unknown}`, 'unknown_reference', { field: 'staffId' });
  return wanted;
}

const isBlank = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** The answers that come with a step: those it asks for, enforced by the form of the ticket, as anywhere else. */
async function answer(context: Context, ticket: TicketRow, task: TaskRow, given: Readonly<Record<string, unknown>> = {}): Promise<TicketRow> {
  const asked = task.content.fields ?? [];
  const settable = new Set(asked.filter((field) => !field.readOnly).map((field) => field.key));
  const stranger = Object.keys(given).find((key) => !settable.has(key));
  if (stranger !== undefined) throw invalidInput(`/fields/${stranger}`, 'read_only', { zh: '这一步不填写这个字段', en: 'is not asked for at this step' });
  if (asked.length === 0) return ticket;
  const required = asked.filter((field) => field.required && !field.readOnly).map((field) => field.key);
  const filled = Object.keys(given).length === 0 ? null : await refill(context, await configurationOf(context), ticket, given, { touched: Object.keys(given) });
  const values = filled?.values ?? (ticket.fields as Record<string, unknown>);
  const missing = required.find((key) => isBlank(values[key]));
  if (missing !== undefined) throw invalidInput(`/fields/${missing}`, 'required', { zh: '必填', en: 'is required' });
  if (!filled || canonicalJson(filled.values) === canonicalJson(ticket.fields)) return ticket;
  const attached = filled.fileIds.length > 0 ? await attachToTicket(context, ticket, filled.fileIds) : ticket;
  return changeTicket(context, attached, { fields: filled.values as TicketPatch['fields'] }, { kind: 'ticket.changed', maskedFields: filled.maskedFields });
}

import { laid, statusAfter, type Columns } from '../../../rules/automation/replay.ts';
import type { Json } from '../../../rules/conditions/json.ts';
import { priorities, stepBetween, type TicketStatus, type WaitingFor } from '../../../rules/ticket/lifecycle.ts';
import type { StatusSetting } from '../../../rules/workflow/definition.ts';
import type { FlowBundle } from '../../../rules/workflow/prepare.ts';
import { replayRun, type PastRun, type PastStep, type ReplayedDeed, type ReplayedRun } from '../../../rules/workflow/replay.ts';
import type { FlowState, FlowView, Seat } from '../../../rules/workflow/state.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { loadFlow } from '../../records/flow/instance/bundle.ts';
import { workingTimeOf } from '../../records/flow/instance/working-time.ts';
import type { Configuration } from '../../records/organization/configuration.ts';
import { isOfStep } from '../../records/sla/events.ts';
import type { PastLine, PastTicket, Then } from './past.ts';
import { recordThen } from './past.ts';

interface RunRow { id: string; ticket_id: string; number: number; status: FlowState['status']; vars: Record<string, Json> | null; steps: FlowState['steps'] | null; started_at: Date; ended_at: Date | null }
interface TaskRow { id: string; instance_id: string; node: string; scope: string; state: 'open' | 'completed' | 'cancelled'; outcome: string | null; completed_by: string | null; seats: Seat[]; created_at: Date; completed_at: Date | null }
interface CallRow { instance_id: string; created_at: Date; settled_at: Date }
const findRuns = statement<RunRow>('sla.past_runs', "SELECT id, ticket_id, number, status, state -> 'vars' AS vars, state -> 'steps' AS steps, started_at, ended_at FROM flow_instance WHERE tenant_id = $1 AND flow_id = $2 AND ticket_id = ANY($3::uuid[]) ORDER BY id");
const findTasks = statement<TaskRow>('sla.past_tasks', `
  SELECT id, instance_id, node, scope, state, outcome, completed_by, seats, created_at, completed_at FROM task WHERE tenant_id = $1 AND instance_id = ANY($2::uuid[]) ORDER BY created_at, id`);
const findCalls = statement<CallRow>('sla.past_calls', 'SELECT instance_id, created_at, settled_at FROM flow_call WHERE tenant_id = $1 AND instance_id = ANY($2::uuid[]) AND settled_at IS NOT NULL ORDER BY created_at');

/** A run as it was, and as it would have been. */
export interface PlayedRun { id: string; ticketId: string; past: PastRun; status: FlowState['status']; endedAt: number | null; replayed: ReplayedRun }

/** Plays the runs that tickets had of a flow through another definition (流程回放), by ticket. */
export async function replayFlow(transaction: Transaction, configuration: Configuration, flow: { id: string } & FlowBundle, pasts: readonly PastTicket[], then: Then, until: number): Promise<Map<string, PlayedRun[]>> {
  const { tenantId } = transaction;
  const runs = await transaction.query(findRuns, [tenantId, flow.id, pasts.map((past) => past.id)]);
  if (runs.length === 0) return new Map();
  const ids = runs.map((run) => run.id);
  const [tasks, calls, addWorkingTime] = await Promise.all([transaction.query(findTasks, [tenantId, ids]), transaction.query(findCalls, [tenantId, ids]), workingTimeOf(transaction)]);
  const tasksOf = Map.groupBy(tasks, (task) => task.instance_id);
  const callsOf = Map.groupBy(calls, (call) => call.instance_id);
  const pastOf = new Map(pasts.map((past) => [past.id, past]));
  const played: PlayedRun[] = [];
  for (const run of runs) {
    const ticket = pastOf.get(run.ticket_id);
    if (!ticket) continue;
    const loaded = await loadFlow(transaction, flow.id, run.number);
    const past: PastRun = {
      played: loaded.bundle, startedAt: run.started_at.getTime(), steps: stepsOf(tasksOf.get(run.id) ?? [], ticket), vars: run.vars ?? {}, until,
      calls: Object.entries(run.steps ?? {}).map(([node, ended]) => ({ node, ok: ended.outcome !== 'failed', took: tookOf(callsOf.get(run.id) ?? [], Date.parse(ended.at)) })),
      facts: ticket.facts.filter((fact) => !isDoneByFlow(fact, run.id)).map((fact) => ({ kind: fact.kind, at: fact.at, data: { ...fact.event, after: fact.after } as Json })),
      view: viewThen(ticket, run.id, then), today: (at) => localDay(new Date(at), configuration.organization.timeZone), addWorkingTime,
      statusOf: ({ status }) => {
        const own = configuration.statuses.get(status);
        return own ? { status: own.class, statusId: own.id } : Object.hasOwn(classes, status) ? { status, statusId: null } : null;
      },
    };
    played.push({ id: run.id, ticketId: ticket.id, past, status: run.status, endedAt: run.ended_at?.getTime() ?? null, replayed: replayRun(flow, past) });
  }
  return Map.groupBy(played, (one) => one.ticketId);
}

/** How long the call took by which a step ended; calls are forgotten after a while, and took seconds. */
function tookOf(calls: readonly CallRow[], endedAt: number): number {
  const call = calls.find((one) => Math.abs(one.settled_at.getTime() - endedAt) < 5_000);
  return call ? call.settled_at.getTime() - call.created_at.getTime() : 0;
}

const classes = { new: true, open: true, waiting: true, resolved: true, closed: true, cancelled: true };

function stepsOf(tasks: readonly TaskRow[], { facts }: PastTicket): PastStep[] {
  const endings = new Map(facts.filter((fact) => fact.kind === 'task.returned' || fact.kind === 'task.withdrawn').map((fact) => [fact.subjectId, fact.kind === 'task.returned' ? 'returned' as const : 'withdrawn' as const]));
  return tasks.map((task) => ({
    id: task.id, node: task.node, inner: task.scope !== '', openedAt: task.created_at.getTime(), endedAt: task.completed_at?.getTime() ?? null, outcome: task.outcome, by: task.completed_by, seats: task.seats,
    how: task.state === 'open' ? null : task.state === 'completed' ? 'completed' : endings.get(task.id) ?? 'cancelled',
  }));
}

/** What the flow itself did, and would do otherwise in another form. People who answered its steps did that for themselves. */
const isDoneByFlow = (fact: PastLine, runId: string): boolean => (fact.flow === runId || fact.flow === '') && (isOfStep(fact.kind) || fact.actor.kind === 'system');

/** A ticket as conditions of flows read it, as it was, without what this run did to it. */
function viewThen({ made, facts }: PastTicket, runId: string, then: Then): (at: number) => Pick<FlowView, 'fields' | 'ticket'> {
  return (at) => {
    let columns: Columns = made;
    for (const fact of facts) {
      if (fact.at > at || isDoneByFlow(fact, runId)) continue;
      columns = { ...columns, ...fact.after, ...(fact.after['fields'] ? { fields: laid(columns['fields'], fact.after['fields']) } : {}) };
    }
    const record = recordThen(columns, then, at);
    return {
      fields: record.fields ?? {},
      ticket: {
        status: record['status'], statusId: record['statusId'], priority: record['priority'], type: record['type'], category: record['category'], channel: record['channel'], team: record['team'], department: record['department'], assignee: record['assignee'],
        waitingFor: record['waitingFor'], tags: record['tag'], subject: record['subject'], customer: record['customer'], customerTier: then.tier(columns['customerId'], at), asset: record['asset'], id: columns['id'], number: record['number'], createdAt: record['createdAt'],
      },
    };
  };
}

/** A ticket's past with what its runs would have done in the place of what they did (改写后的往事), and the keys of the steps there would have been. */
export function rewritten(past: PastTicket, runs: readonly PlayedRun[], configuration: Configuration): { past: PastTicket; steps: ReadonlyMap<string, string> } {
  const steps = new Map<string, string>();
  const kept = past.facts.filter((fact) => !runs.some((run) => isDoneByFlow(fact, run.id)));
  const happened: { at: number; line?: PastLine; run?: PlayedRun; deed?: ReplayedDeed }[] = [
    ...kept.map((line) => ({ at: line.at, line })), ...runs.flatMap((run) => run.replayed.deeds.map((deed) => ({ at: deed.at, run, deed }))),
  ];
  let columns: Columns = past.made;
  const facts: PastLine[] = [];
  const put = (line: PastLine): void => {
    facts.push(line);
    columns = { ...columns, ...line.after, ...(line.after['fields'] ? { fields: laid(columns['fields'], line.after['fields']) } : {}) };
  };
  for (const { at, line, run, deed } of happened.toSorted((one, other) => one.at - other.at)) {
    if (line) put(line);
    else if (deed?.do === 'status') {
      const after = statusOf(deed.setting, columns, configuration, at);
      if (after) put(made(at, after.kind, after.columns));
    } else if (deed?.do === 'set') put(made(at, 'ticket.changed', setBy(deed, columns, configuration)));
    else if (deed) {
      const step = run!.replayed.steps.find((one) => one.activation === deed.activation)!;
      const id = step.past ?? `${run!.id} ${step.activation}`;
      steps.set(id, step.node);
      put(made(at, deed.do === 'open' ? 'task.opened' : step.how !== 'completed' ? (step.how === 'returned' ? 'task.returned' : 'task.cancelled') : step.approval ? 'approval.decided' : 'task.completed', {}, id));
    }
  }
  return { past: { ...past, facts }, steps };
}

const made = (at: number, kind: string, after: Columns, subjectId: string | null = null): PastLine => ({
  kind: kind as PastLine['kind'], at, occurredAt: new Date(at), turn: `flow ${at}`, after, byRule: false, quiet: false, subjectId, actor: { kind: 'system' }, flow: '', event: { actor: 'system', person: null, text: null, visibility: 'internal', direction: null },
});

function statusOf(setting: StatusSetting, columns: Columns, configuration: Configuration, at: number) {
  const own = configuration.statuses.get(setting.status);
  const to = (own?.class ?? setting.status) as TicketStatus;
  const from = columns['status'] as TicketStatus;
  if (from === to && (own === undefined || columns['statusId'] === own.id)) return null;
  const step = stepBetween(from, to);
  return step && statusAfter(step.action, columns, { status: to, statusId: own?.id ?? null, waitingFor: own?.waitingFor ?? (setting.waitingFor as WaitingFor | undefined) ?? (to === 'waiting' ? 'other' : null) }, at);
}

function setBy({ fields, ticket: { priority, team, assignee, addTags } }: Extract<ReplayedDeed, { do: 'set' }>, columns: Columns, configuration: Configuration): Columns {
  const rank = (priorities as readonly unknown[]).indexOf(priority) + 1;
  return {
    ...(rank > 0 ? { priority: rank } : {}), ...(typeof team === 'string' ? { teamId: team, departmentId: configuration.teams.get(team)?.departmentId ?? null } : {}), ...(typeof assignee === 'string' ? { assigneeId: assignee, acceptedAt: null } : {}),
    ...(addTags?.length ? { tags: [...new Set([...((columns['tags'] ?? []) as string[]), ...addTags])] } : {}), ...(Object.keys(fields).length > 0 ? { fields } : {}),
  };
}

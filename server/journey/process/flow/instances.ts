import { Type } from 'typebox';
import { Closed, Id, limits } from '../../../../contract/common.ts';
import { CancelFlow, FlowInstance, FlowInstancePage, ListFlowInstances, RetryFlow, StartFlow, TicketFlow, type FlowHold, type FlowLineStep } from '../../../../contract/flow.ts';
import { reachOf } from '../../../../rules/access/policy.ts';
import { holdSentence } from '../../../../rules/workflow/explain.ts';
import { prepareFlow } from '../../../../rules/workflow/prepare.ts';
import { lineOf } from '../../../../rules/workflow/standing.ts';
import type { FlowEvent, Hold } from '../../../../rules/workflow/state.ts';
import { sql } from 'kysely';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { reachCondition } from '../../../records/access/reach-condition.ts';
import { loadFlow, type LoadedFlow } from '../../../records/flow/instance/bundle.ts';
import { flowContext } from '../../../records/flow/instance/context.ts';
import { beginFlow, drive } from '../../../records/flow/instance/drive.ts';
import { findInstance, lockInstance, lockRunning, ticketOfInstance, type InstanceRow } from '../../../records/flow/instance/rows.ts';
import { withoutCallDetails } from '../../../records/flow/sealed-headers.ts';
import { namesOfStaff } from '../../../records/staff/names.ts';
import { tellOnTicket } from '../../../records/ticket/change.ts';
import { findReadableTicket, lockTicketFor } from '../../../records/ticket/find.ts';
import { taskColumns, type TaskRow } from './view-task.ts';
import { viewFully } from './list-tasks.ts';

const findOpenTasks = statement<TaskRow>('task.of_instance', `
  SELECT ${taskColumns} FROM task k JOIN ticket t ON t.tenant_id = k.tenant_id AND t.id = k.ticket_id
  WHERE k.tenant_id = $1 AND k.ticket_id = $2 AND k.instance_id = $3 AND (k.state = 'open' OR (k.state = 'completed' AND k.completed_by = $4)) ORDER BY k.id DESC LIMIT 100`);

type Shown = InstanceRow & { number_of_ticket: string; subject: string; flow_name: string; flow_name_en: string | null };

/** How a ticket's flow stands (工单流程): as a line of what was done, where it is and what may come, with its tasks. */
export const showTicketFlow = useCase({
  summary: 'Show how a ticket’s flow stands',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: TicketFlow,
  async run(context, { params }) {
    const ticket = await findReadableTicket(context, params.id);
    const instance = await findInstance(context.transaction, ticket.id);
    if (!instance) return { instance: null, line: [], tasks: [], definition: null };
    const loaded = await loadFlow(context.transaction, instance.flow_id, instance.number);
    const tasks = await viewFully(context, await context.transaction.query(findOpenTasks, [context.tenantId, ticket.id, instance.id, staffOf(context).staffId]));
    const line = lineOf(loaded.bundle, instance.state);
    const names = await namesOfStaff(context, line.map((step) => step.by));
    const said = (words: { zh: string; en?: string }) => (context.language === 'en' ? words.en || words.zh : words.zh);
    const outcomeName = ({ node, flow, outcome }: (typeof line)[number]): string | null => {
      const found = (flow === null ? loaded.bundle.definition : loaded.bundle.subflows?.[flow])?.nodes.find((one) => one.id === node);
      const named = found && 'outcomes' in found ? found.outcomes?.find((one) => one.key === outcome) : undefined;
      return named ? said(named.name) : null;
    };
    const flowName = await context.transaction.first(build.selectFrom('flow').select(['name', 'name_en']).where('tenant_id', '=', context.tenantId).where('id', '=', instance.flow_id));
    return {
      instance: viewInstance(context, { ...instance, number_of_ticket: ticket.number, subject: ticket.subject, flow_name: flowName?.name ?? loaded.name, flow_name_en: flowName?.name_en ?? null }, loaded),
      line: line.map((step): FlowLineStep => {
        const task = tasks.find((one) => one.state === 'open' && step.activation !== null && one.node === step.node);
        return {
          node: step.node, flow: step.flow, kind: step.kind, name: said(step.name), state: step.state, at: step.at, by: step.by === null ? null : names.get(step.by) ?? null, outcome: step.outcome, outcomeName: outcomeName(step),
          waitsFor: task ? task.seats.filter((seat) => seat.open && !seat.vote).map((seat) => seat.who.name) : [], dueAt: step.dueAt, hold: step.hold === null ? null : viewHold(context, step.hold), activation: step.activation,
        };
      }),
      tasks: tasks.filter((task) => task.state === 'open' || task.actions.includes('withdraw')), definition: withoutCallDetails(loaded.bundle.definition).definition,
    };
  },
});

/** Starts a flow on a ticket by hand (手工启动流程). */
export const startTicketFlow = useCase({
  summary: 'Start a flow on a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: StartFlow,
  answer: FlowInstance,
  status: 201,
  async run(context, { params, body }) {
    const ticket = await lockTicketFor(context, params.id, 'ticket.assign');
    if (await lockRunning(context.transaction, ticket.id)) throw new Refusal('flow_running');
    const flow = await context.transaction.first(build.selectFrom('flow').select(['id', 'published', 'active']).where('tenant_id', '=', context.tenantId).where('id', '=', body.flowId));
    if (!flow) throw refuseInput('/flowId', 'unknown_reference', { field: 'flowId' });
    if (flow.published === null || !flow.active) throw new Refusal('flow_not_published');
    const begun = await beginFlow(context, ticket, { id: flow.id, number: flow.published });
    return showOne(context, begun.instance.id);
  },
});

const byId = statement<Shown>('flow_instance.shown', `
  SELECT i.id, i.ticket_id, i.flow_id, i.number, i.status, i.state, i.held, i.version, i.started_at, i.ended_at, t.number AS number_of_ticket, t.subject, f.name AS flow_name, f.name_en AS flow_name_en
  FROM flow_instance i JOIN ticket t ON t.tenant_id = i.tenant_id AND t.id = i.ticket_id JOIN flow f ON f.tenant_id = i.tenant_id AND f.id = i.flow_id WHERE i.tenant_id = $1 AND i.id = $2`);

/** Runs of flows (流程实例), of tickets the caller may read; `held` lists those that wait for somebody to mend something. */
export const listFlowInstances = useCase({
  summary: 'List runs of flows, such as those held by a problem',
  query: ListFlowInstances,
  answer: FlowInstancePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const after = query.cursor === undefined ? null : readCursor(query.cursor, 'flow-instances')[1];
    const rows = await context.transaction.run(sql<Shown>`
      SELECT i.id, i.ticket_id, i.flow_id, i.number, i.status, i.state, i.held, i.version, i.started_at, i.ended_at, t.number AS number_of_ticket, t.subject, f.name AS flow_name, f.name_en AS flow_name_en
      FROM flow_instance i JOIN ticket t ON t.tenant_id = i.tenant_id AND t.id = i.ticket_id JOIN flow f ON f.tenant_id = i.tenant_id AND f.id = i.flow_id
      WHERE i.tenant_id = ${context.tenantId} AND i.status = ${query.status ?? 'running'} AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'), 't')}
        AND (${query.flow ?? null}::uuid IS NULL OR i.flow_id = ${query.flow ?? null}) AND (${query.ticket ?? null}::uuid IS NULL OR i.ticket_id = ${query.ticket ?? null})
        AND (${query.held ?? null}::boolean IS NULL OR (i.held > 0) = ${query.held ?? null}) AND (${after}::uuid IS NULL OR i.id < ${after})
      ORDER BY i.id DESC LIMIT ${limit + 1}`);
    const items: FlowInstance[] = [];
    // Versions are kept in memory once they were read.
    for (const row of rows.slice(0, limit)) items.push(viewInstance(context, row, await loadFlow(context.transaction, row.flow_id, row.number)));
    return { items, nextCursor: rows.length > limit ? writeCursor('flow-instances', ['', rows[limit - 1]!.id]) : null };
  },
});

export const showFlowInstance = useCase({
  summary: 'Show a run of a flow', params: Closed({ id: Id }), answer: FlowInstance,
  async run(context, { params }) {
    const ticketId = await ticketOfInstance(context.transaction, params.id);
    if (ticketId === undefined) throw new Refusal('not_found');
    await findReadableTicket(context, ticketId);
    return showOne(context, params.id);
  },
});

/** Tries again what is held (重试): one place, or all of them. */
export const retryFlow = useCase({
  summary: 'Try again what is held in a run of a flow', params: Closed({ id: Id }), body: RetryFlow, answer: FlowInstance,
  run: (context, { params, body }) => intervene(context, params.id, { id: newId(context.now.getTime()), kind: 'retry', ...(body.activation === undefined ? {} : { activation: body.activation }) }, null),
});

/** Ends a run before its end (取消流程); the ticket stays as it is. */
export const cancelFlow = useCase({
  summary: 'Cancel a run of a flow', params: Closed({ id: Id }), body: CancelFlow, answer: FlowInstance,
  run: (context, { params, body }) => intervene(context, params.id, { id: newId(context.now.getTime()), kind: 'cancel' }, body.reason),
});

async function intervene(context: Context, id: string, event: FlowEvent, reason: string | null): Promise<FlowInstance> {
  const ticketId = await ticketOfInstance(context.transaction, id);
  if (ticketId === undefined) throw new Refusal('not_found');
  const ticket = await lockTicketFor(context, ticketId, 'ticket.assign', { merged: 'taken' });
  const instance = await lockInstance(context.transaction, id);
  if (!instance || instance.status !== 'running') throw new Refusal('flow_not_running');
  const loaded = await loadFlow(context.transaction, instance.flow_id, instance.number);
  const told = event.kind === 'retry' ? await tellOnTicket(context, ticket, { kind: 'flow.resumed', data: { flow: loaded.name, visibility: 'internal' } }) : ticket;
  const driven = await drive(flowContext(context, loaded.name), loaded, told, instance, [event], { actor: context.actor, comment: reason });
  if (driven.answer === 'refused') throw new Refusal(driven.reason === 'not_held' ? 'flow_not_held' : 'flow_not_running');
  return showOne(context, id);
}

async function showOne(context: Context, id: string): Promise<FlowInstance> {
  const [row] = await context.transaction.query(byId, [context.tenantId, id]);
  if (!row) throw new Refusal('not_found');
  return viewInstance(context, row, await loadFlow(context.transaction, row.flow_id, row.number));
}

const viewHold = (context: Context, hold: Hold): FlowHold => ({ code: hold.code, message: holdSentence(hold, context.language), since: hold.since, edge: hold.edge ?? null });

function viewInstance(context: Context, row: Shown, { bundle }: LoadedFlow): FlowInstance {
  const said = (words: { zh: string; en?: string }) => (context.language === 'en' ? words.en || words.zh : words.zh);
  const nameOf = (scope: string, node: string) => {
    const flow = scope === '' ? null : row.state.scopes.find((one) => one.id === scope)?.flow ?? null;
    const definition = flow === null ? bundle.definition : bundle.subflows?.[flow];
    return (definition && prepareFlow(definition).nodes.get(node))?.name ?? { zh: node };
  };
  const stands = lineOf(bundle, row.state).filter((step) => step.state === 'current' || step.state === 'held');
  return {
    id: row.id, ticket: { id: row.ticket_id, number: row.number_of_ticket, subject: row.subject }, flow: { id: row.flow_id, name: context.language === 'en' ? row.flow_name_en ?? row.flow_name : row.flow_name }, number: row.number, status: row.status,
    held: row.state.tokens.filter((token) => token.hold).map((token) => ({ activation: token.id, node: token.node, name: said(nameOf(token.scope, token.node)), hold: viewHold(context, token.hold!) })),
    stands: stands.map((step) => ({ node: step.node, kind: step.kind, name: said(step.name), held: step.hold !== null, since: step.at! })),
    startedAt: row.started_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null, version: row.version,
  };
}

import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { taskActions } from './task-actions.ts';
import { flowLimits, nodeKinds, type FlowDefinition as FlowDefinitionRule } from '../rules/workflow/definition.ts';

/**
 * Flows (流程) over HTTP.
 *
 *   GET|POST /flows · GET|PATCH /flows/{id} · GET|PATCH|DELETE /flows/{id}/draft · POST /flows/{id}/draft/check
 *   POST /flows/{id}/publish · GET /flows/{id}/versions · GET /flows/{id}/versions/{number}
 *   POST /flows/{id}/versions/{number}/restore · POST /flows/{id}/test
 *   POST /flows/{id}/migration/preview · POST /flows/{id}/migration
 *   GET|POST /tickets/{id}/flow · GET /tasks · GET /tasks/counts · GET /tasks/{id} · POST /tasks/{id}/actions/{action}
 *   GET /flow-instances · GET /flow-instances/{id} · POST /flow-instances/{id}/retry · POST /flow-instances/{id}/cancel
 */

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const nameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
const description = Type.Optional(Nullable(Type.String({ maxLength: 1_000 })));
const NodeId = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,62}$', maxLength: 63 });
/** Names a place where an instance stands: `t12`. */
const ActivationId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' });
const Words = Closed({ zh: Type.String(), en: Type.Optional(Type.String()) });

/** How many of each an organization may have. */
export const flowServiceLimits = { flows: 200, testEvents: 500, migration: 1_000, /** Open tasks are counted up to here. */ counted: 100 } as const;

/**
 * A flow as data (流程定义). Only its outline is described here; what each kind of node may say is checked by the rule that
 * both faces and the server share (rules/workflow/check.ts), and told node by node.
 */
export const FlowDefinition = Type.Unsafe<FlowDefinitionRule>({
  title: 'FlowDefinition', type: 'object', required: ['nodes', 'edges'], additionalProperties: false,
  properties: {
    nodes: {
      type: 'array', maxItems: flowLimits.nodes,
      items: {
        title: 'FlowNode', type: 'object', required: ['id', 'kind', 'name'],
        properties: {
          id: { type: 'string', minLength: 1, maxLength: 63 }, kind: { type: 'string', enum: [...nodeKinds] },
          name: { type: 'object', required: ['zh'], additionalProperties: false, properties: { zh: { type: 'string', maxLength: flowLimits.name }, en: { type: 'string', maxLength: flowLimits.name } } },
        },
      },
    },
    edges: {
      type: 'array', maxItems: flowLimits.edges,
      items: { title: 'FlowEdge', type: 'object', required: ['id', 'from', 'to'], properties: { id: { type: 'string', minLength: 1, maxLength: 63 }, from: { type: 'string', maxLength: 63 }, to: { type: 'string', maxLength: 63 } } },
    },
    variables: { type: 'array', maxItems: flowLimits.variables, items: { title: 'FlowVariable', type: 'object', required: ['key', 'name', 'kind'], properties: { key: { type: 'string', minLength: 1, maxLength: 63 }, name: { type: 'object', required: ['zh'], additionalProperties: false, properties: { zh: { type: 'string', maxLength: flowLimits.name }, en: { type: 'string', maxLength: flowLimits.name } } }, kind: { type: 'string', enum: ['text', 'number', 'boolean', 'any'] } } } },
  },
});

/** What is wrong with a flow, beside the node it concerns (检查结果). */
export const FlowFinding = Closed({
  level: OneOf(['error', 'warning'], { description: 'An error keeps it from being published' }),
  node: Nullable(Type.String({ description: 'Id of the node; null where the whole flow is meant' })),
  edge: Nullable(Type.String()),
  at: Nullable(Type.String({ description: 'Where in the node or edge, as a JSON pointer' })),
  code: Type.String(),
  message: Type.String({ description: 'In the language of Accept-Language' }),
}, { title: 'FlowFinding' });
export type FlowFinding = Static<typeof FlowFinding>;

/** One line of the list of flows. */
export const FlowSummary = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()), description: Nullable(Type.String()), active: Type.Boolean(),
  published: Nullable(Type.Integer({ description: 'Number of the published version; null before the first' })),
  hasDraft: Type.Boolean({ description: 'Whether changes wait to be published' }),
  types: Type.Array(Closed({ id: Id, key: Type.String(), name: Type.String(), nameEn: Nullable(Type.String()) }), { description: 'Ticket types that go through it' }),
  running: Type.Integer({ description: 'Instances under way, counted up to 1,000' }),
  parked: Type.Integer({ description: 'Of those, how many are held by a problem' }),
  updatedAt: Timestamp, version: Type.Integer(),
}, { title: 'FlowSummary' });
export type FlowSummary = Static<typeof FlowSummary>;
export const FlowPage = Page(FlowSummary);
export const ListFlows = Closed({ ...pageQuery, archived: Type.Optional(Type.Boolean({ description: 'Whether those no longer in use are listed too; they are not when absent' })) });

/** A flow in full (流程): `definition` is the published one; null before the first. */
const withheld = Type.Boolean({ description: 'Whether paths, queries, headers and bodies of HTTP calls are left out, as only those who manage flows see them' });
export const Flow = Closed({ ...FlowSummary.properties, definition: Nullable(FlowDefinition), withheld }, { title: 'Flow' });
export type Flow = Static<typeof Flow>;
export const CreateFlow = Closed({
  name, nameEn, description, definition: Type.Optional(FlowDefinition), copyFrom: Type.Optional(Id),
}, { title: 'CreateFlow' });
export type CreateFlow = Static<typeof CreateFlow>;
export const UpdateFlow = Closed({
  name: Type.Optional(name), nameEn, description,
  active: Type.Optional(Type.Boolean({ description: 'false archives it: no ticket starts it, what runs goes on' })),
  types: Type.Optional(Type.Array(Id, { maxItems: 200, uniqueItems: true, description: 'Ticket types whose new tickets go through it; those left out go through it no longer' })),
}, { title: 'UpdateFlow', minProperties: 1 });
export type UpdateFlow = Static<typeof UpdateFlow>;

/** The flow as it is being worked on (草稿); the published one where nothing has been changed. */
export const FlowDraft = Closed({
  flowId: Id, definition: FlowDefinition,
  basedOn: Nullable(Type.Integer({ description: 'The published version when the draft was begun' })),
  published: Nullable(Type.Integer()), changed: Type.Boolean(), changedAt: NullableTimestamp, changedBy: Nullable(Reference),
  findings: Type.Array(FlowFinding), version: Type.Integer(),
}, { title: 'FlowDraft' });
export type FlowDraft = Static<typeof FlowDraft>;
export const UpdateFlowDraft = Closed({ definition: FlowDefinition }, { title: 'UpdateFlowDraft' });
export const CheckFlow = Closed({ definition: FlowDefinition }, { title: 'CheckFlow' });
export const FlowCheck = Closed({ findings: Type.Array(FlowFinding) }, { title: 'FlowCheck' });
export const PublishFlow = Closed({ note: Type.Optional(Type.String({ maxLength: 500, description: 'What changed, for colleagues' })) }, { title: 'PublishFlow' });

/** One line of a flow's history (版本). */
export const FlowVersionSummary = Closed({
  number: Type.Integer(), publishedAt: Timestamp, publishedBy: Nullable(Closed({ id: Nullable(Id), name: Nullable(Type.String()) })), note: Nullable(Type.String()),
  restored: Nullable(Type.Integer({ description: 'The earlier version that was published anew' })), current: Type.Boolean(),
  nodeCount: Type.Integer(), running: Type.Integer({ description: 'Instances under way on it, counted up to 1,000' }),
}, { title: 'FlowVersionSummary' });
export type FlowVersionSummary = Static<typeof FlowVersionSummary>;
export const FlowVersionPage = Page(FlowVersionSummary);
/** One version of a flow in full; it never changes. */
export const FlowVersion = Closed({ ...FlowVersionSummary.properties, flowId: Id, definition: FlowDefinition, withheld }, { title: 'FlowVersion' });
export type FlowVersion = Static<typeof FlowVersion>;

/** What happens in a test run, one after another, from the very beginning each time. */
const TestEvent = Closed({
  do: OneOf(['complete', 'return', 'advance', 'next_timer', 'fact', 'answer', 'set', 'retry'], { description: 'complete: a task is done, or a vote given (outcome approved or rejected); advance: the clock goes on, timers fire in their order; answer: what a call outside answers, nothing is really called' }),
  activation: Type.Optional(ActivationId), outcome: Type.Optional(Type.String({ maxLength: 63 })), fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300 })), by: Type.Optional(Id),
  to: Type.Optional(NodeId), minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: flowLimits.minutes })), fact: Type.Optional(Type.String({ maxLength: 63 })),
  data: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 50 })), ok: Type.Optional(Type.Boolean()), result: Type.Optional(Type.Unknown()),
}, { title: 'FlowTestEvent' });
/** Steps a flow with a sample ticket and a clock of its own (试运行). Pure: writes nothing, tells nobody, calls nothing. */
export const TestFlow = Closed({
  definition: Type.Optional(FlowDefinition),
  ticket: Type.Optional(Closed({
    type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key of the ticket type whose form it fills in' })),
    fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300 })),
    values: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.Unknown(), { maxProperties: 30, description: '`ticket.<name>` as conditions read it: status, priority, subject, category, team, assignee, tags …' })),
  })),
  startAt: Type.Optional(Timestamp),
  events: Type.Array(TestEvent, { maxItems: flowServiceLimits.testEvents }),
}, { title: 'TestFlow' });
export type TestFlow = Static<typeof TestFlow>;

/** Why something is held (停住的原因). */
export const FlowHold = Closed({ code: Type.String(), message: Type.String(), since: Timestamp, edge: Nullable(Type.String()) }, { title: 'FlowHold' });
export type FlowHold = Static<typeof FlowHold>;
const Seat = Closed({
  id: Type.String(), kind: OneOf(['person', 'team']), who: Reference,
  vote: Nullable(OneOf(['approved', 'rejected'])), at: NullableTimestamp, by: Nullable(Reference), comment: Nullable(Type.String()),
  open: Type.Boolean({ description: 'Whether it is their turn' }), addedBy: Nullable(Reference), from: Nullable(Reference),
}, { title: 'TaskSeat' });

export const FlowTestResult = Closed({
  now: Timestamp, status: OneOf(['running', 'completed', 'terminated', 'cancelled']),
  stands: Type.Array(Closed({
    activation: Type.String(), node: Type.String(), flow: Nullable(Type.String({ description: 'The sub-flow it stands in' })), kind: OneOf(nodeKinds),
    phase: OneOf(['open', 'waiting', 'joining', 'held'], { description: 'open: somebody has to act; waiting: for a moment, a fact or an answer; joining: for other ways; held: by a problem' }),
    hold: Nullable(FlowHold), outcomes: Type.Array(Closed({ key: Type.String(), name: Words })), fields: Type.Array(Type.String()),
    performers: Type.Array(Type.String({ description: 'Names of who would act' })), mayReturnTo: Type.Array(Type.String()),
    due: Type.Array(Closed({ id: Type.String(), at: Timestamp })),
  })),
  visited: Type.Array(Type.String(), { description: 'Nodes that were entered, each once' }),
  taken: Type.Array(Type.String(), { description: 'Edges that were taken, each once' }),
  log: Type.Array(Closed({ at: Timestamp, event: Type.Integer({ description: 'Index of the event; −1 for the start' }), node: Nullable(Type.String()), code: Type.String(), text: Type.String() })),
  fields: Type.Record(Type.String(), Type.Unknown()), ticket: Type.Record(Type.String(), Type.Unknown()), vars: Type.Record(Type.String(), Type.Unknown()),
  refused: Nullable(Closed({ event: Type.Integer(), code: Type.String(), message: Type.String() }, { description: 'The event that could not happen; those after it were left out' })),
}, { title: 'FlowTestResult' });
export type FlowTestResult = Static<typeof FlowTestResult>;

/** One step of the flow as the line shows it (流程进度). */
export const FlowLineStep = Closed({
  node: Type.String(), flow: Nullable(Type.String()), kind: OneOf(nodeKinds), name: Type.String(),
  state: OneOf(['done', 'current', 'held', 'next', 'cancelled']),
  at: NullableTimestamp, by: Nullable(Type.String()), outcome: Nullable(Type.String()), outcomeName: Nullable(Type.String({ description: 'How the outcome is called, where the step has several' })), waitsFor: Type.Array(Type.String({ description: 'Who or what it waits for' })),
  dueAt: NullableTimestamp, hold: Nullable(FlowHold), activation: Nullable(Type.String({ description: 'Where it stands; names the place to try again when held' })),
}, { title: 'FlowLineStep' });
export type FlowLineStep = Static<typeof FlowLineStep>;

/** A step that waits for people (任务), or did. */
export const Task = Closed({
  id: Id, kind: OneOf(['task', 'onsite_task', 'approval']), node: Type.String(), name: Type.String(), instructions: Nullable(Type.String()),
  ticket: Closed({ id: Id, number: Type.String(), subject: Type.String(), priority: Type.String(), status: Type.String() }),
  state: OneOf(['open', 'completed', 'cancelled']), mode: Nullable(OneOf(['all', 'any', 'sequence', 'quorum'])), quorum: Nullable(Type.Integer()),
  seats: Type.Array(Seat), claimedBy: Nullable(Reference), outcome: Nullable(Type.String()), completedBy: Nullable(Reference),
  outcomes: Type.Array(Closed({ key: Type.String(), name: Type.String() })),
  fields: Type.Array(Closed({ key: Type.String(), required: Type.Boolean(), readOnly: Type.Boolean() }), { description: 'Fields of the ticket’s form that it asks for' }),
  createdAt: Timestamp, dueAt: NullableTimestamp, completedAt: NullableTimestamp, overdue: Type.Boolean(),
  actions: Type.Array(OneOf(taskActions), { description: 'What the caller may do now' }),
  returnTargets: Type.Array(Closed({ node: Type.String(), name: Type.String() }), { description: 'Earlier steps it may be sent back to' }),
  version: Type.Integer(),
}, { title: 'Task' });
export type Task = Static<typeof Task>;
export const TaskPage = Page(Task);
/** How many open tasks wait for the caller and for their teams (待办数), counted up to 100. */
export const TaskCounts = Closed({ mine: Type.Integer(), team: Type.Integer() }, { title: 'TaskCounts' });
export type TaskCounts = Static<typeof TaskCounts>;
export const ListTasks = Closed({
  ...pageQuery,
  scope: Type.Optional(OneOf(['mine', 'team', 'all'], { description: 'mine: mine to act on (when absent); team: waiting for one of my teams; all: of all tickets the caller may read' })),
  state: Type.Optional(OneOf(['open', 'completed', 'cancelled'], { description: 'open when absent' })),
  ticket: Type.Optional(Id), kind: Type.Optional(OneOf(['task', 'onsite_task', 'approval'])),
}, { title: 'ListTasks' });
export type ListTasks = Static<typeof ListTasks>;
export const TakeTaskAction = Closed({
  outcome: Type.Optional(Type.String({ maxLength: 63, description: 'complete: with which outcome, where the step has several' })),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300, description: 'complete, approve, reject: answers the step asks for' })),
  comment: Type.Optional(Type.String({ maxLength: limits.reason })),
  seat: Type.Optional(Type.String({ maxLength: 40, description: 'approve, reject, hand_over, add_signer: which seat, where the caller holds several' })),
  staffIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 20, uniqueItems: true, description: 'add_signer: who signs beside; hand_over: the one who takes over' })),
  position: Type.Optional(OneOf(['before', 'after'], { description: 'add_signer: before one’s own vote or after it; before when absent' })),
  to: Type.Optional(NodeId),
}, { title: 'TakeTaskAction' });
export type TakeTaskAction = Static<typeof TakeTaskAction>;

/** How a ticket's flow stands (工单流程). */
export const FlowInstance = Closed({
  id: Id, ticket: Closed({ id: Id, number: Type.String(), subject: Type.String() }), flow: Reference, number: Type.Integer({ description: 'Version of the flow it runs on' }),
  status: OneOf(['running', 'completed', 'terminated', 'cancelled']), held: Type.Array(Closed({ activation: Type.String(), node: Type.String(), name: Type.String(), hold: FlowHold })),
  stands: Type.Array(Closed({ node: Type.String(), kind: OneOf(nodeKinds), name: Type.String(), held: Type.Boolean(), since: Timestamp }), { description: 'The steps where it is now; none when it is over' }),
  startedAt: Timestamp, endedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'FlowInstance' });
export type FlowInstance = Static<typeof FlowInstance>;
export const FlowInstancePage = Page(FlowInstance);
export const ListFlowInstances = Closed({
  ...pageQuery, flow: Type.Optional(Id), ticket: Type.Optional(Id), held: Type.Optional(Type.Boolean({ description: 'true: only those held by a problem' })),
  status: Type.Optional(OneOf(['running', 'completed', 'terminated', 'cancelled'], { description: 'running when absent' })),
}, { title: 'ListFlowInstances' });
export const TicketFlow = Closed({
  instance: Nullable(FlowInstance), line: Type.Array(FlowLineStep), tasks: Type.Array(Task, { description: 'Open ones' }),
  definition: Nullable(FlowDefinition),
}, { title: 'TicketFlow' });
export type TicketFlow = Static<typeof TicketFlow>;
export const StartFlow = Closed({ flowId: Id }, { title: 'StartFlow' });
export const RetryFlow = Closed({ activation: Type.Optional(ActivationId) }, { title: 'RetryFlow', description: 'Tries again what is held; all of it when no activation is named' });
export const CancelFlow = Closed({ reason: Type.String({ minLength: 1, maxLength: limits.reason, pattern: visible }) }, { title: 'CancelFlow' });

/** Moving running instances to the published version (迁移). `map`: where a node that is no longer there continues. */
export const MigrateFlow = Closed({
  instances: Type.Optional(Type.Array(Id, { maxItems: flowServiceLimits.migration, uniqueItems: true, description: 'All that run on another version when absent' })),
  map: Type.Optional(Type.Record(Type.String({ maxLength: 63 }), NodeId, { maxProperties: flowLimits.nodes })),
}, { title: 'MigrateFlow' });
export type MigrateFlow = Static<typeof MigrateFlow>;
export const FlowLanding = Closed({
  instance: Id, ticket: Closed({ id: Id, number: Type.String(), subject: Type.String() }), from: Type.Integer(), to: Type.Integer(), moves: Type.Boolean(),
  stands: Type.Array(Closed({ activation: Type.String(), node: Type.String(), name: Type.String(), lands: Nullable(Type.String()), landsName: Nullable(Type.String()) })),
  problems: Type.Array(Closed({ code: Type.String(), message: Type.String() })),
}, { title: 'FlowLanding' });
export type FlowLanding = Static<typeof FlowLanding>;
export const FlowMigration = Closed({ items: Type.Array(FlowLanding), moved: Type.Integer(), refused: Type.Integer() }, { title: 'FlowMigration' });
export type FlowMigration = Static<typeof FlowMigration>;

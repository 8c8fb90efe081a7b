import type { Rule } from '../conditions/json.ts';
import type { Words } from '../forms/form.ts';
import type { WaitingFor } from '../ticket/lifecycle.ts';

/**
 * What a flow (流程) is, as data: nodes, edges between them, and where each is drawn. Semantics are those of BPMN 2.0
 * (OMG formal/2013-12-09, chapter 13); step.ts carries them out, check.ts says whether a definition can work.
 */

/** Kinds of nodes (节点类型). Branches, forks and joins are gateways: each may split, join, or do both. */
export const nodeKinds = ['start', 'task', 'onsite_task', 'approval', 'exclusive', 'inclusive', 'parallel', 'wait', 'action', 'subflow', 'end', 'terminate'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** Kinds that take time and carry boundary timers; in BPMN: activities, and events that wait. */
export const activityKinds = ['task', 'onsite_task', 'approval', 'wait', 'action', 'subflow'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** Limits of every flow; what is beyond is refused. Lengths in characters. */
export const flowLimits = {
  nodes: 200, edges: 400, timersPerNode: 5, bytes: 500_000, name: 100, words: 1_000, variables: 50, fieldsPerNode: 100, performers: 20, outcomes: 10,
  /** Instances of a multi-instance node. */
  instances: 100,
  /** Seats of an approval, those added included. */
  seats: 100,
  /** Tokens an instance may hold at once. */
  tokens: 1_000,
  /** Flows inside of flows. */
  depth: 5,
  /** Of how the language model is set up. */
  llm: { url: 500, model: 200, key: 1_000, seconds: 120 },
  points: 50, coordinate: 100_000, url: 2_000, headers: 20, body: 50, prompt: 8_000, lines: 50,
  /** Longest time span, in minutes (ten years). */
  minutes: 5_256_000,
} as const;

/** What ids look like: NCNames of XML, so that they are ids in BPMN as well. Nodes, boundary timers and edges share one space. */
export const idPattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/;
/** Keys of variables and of outcomes. */
export const keyPattern = /^[a-z][a-zA-Z0-9_]{0,62}$/;

/** What a header of a call begins with that was sealed (已密封的请求头): nobody is shown what it says. */
export const sealedHeader = 'sealed:';
export const isSealedHeader = (value: string): boolean => value.startsWith(sealedHeader);

/** A place on the canvas, in pixels, whole numbers; of a node: its upper left corner. */
export interface Point { x: number; y: number }
/** Where a node is drawn; size by its kind when absent. */
export interface Box extends Point { width?: number; height?: number }

/** A length of time (时长): elapsed, or working time by the organization's calendar. */
export interface TimeSpan { amount: number; unit: 'minutes' | 'hours' | 'days'; calendar?: 'elapsed' | 'working' }
/** When something is due: so long after the node was entered, or at a moment that a rule gives (RFC 3339, or a day). */
export type Due = { after: TimeSpan } | { at: Rule };

/**
 * Who acts (处理人).
 *
 * person, team by id (`each`: every member of the team has a seat of their own, for approvals); an expression; or a
 * JsonLogic rule that gives the id of a person or team, or a list of them.
 */
export type Performer =
  | { kind: 'person'; id: string }
  | { kind: 'team'; id: string; each?: boolean }
  | { kind: 'expression'; expression: PerformerExpression; /** For `performer_of` and `manager_of_performer`: a node. */ node?: string; /** For `field`: key of a person field. */ field?: string }
  | { kind: 'rule'; rule: Rule };

/**
 * Expressions for who acts. The requester is the colleague who made the ticket; a person's manager is the lead of
 * their team, or who manages their department where they lead the team themselves.
 */
export const performerExpressions = [
  'ticket_assignee', 'ticket_team', 'ticket_team_lead', 'category_team', 'requester', 'requester_manager', 'assignee_manager', 'department_managers',
  'performer_of', 'manager_of_performer', 'field', 'item',
] as const;
export type PerformerExpression = (typeof performerExpressions)[number];
export const performerExpressionNames: Record<PerformerExpression, { zh: string; en: string }> = {
  ticket_assignee: { zh: '工单受理人', en: 'The ticket’s assignee' },
  ticket_team: { zh: '工单所属班组', en: 'The ticket’s team' },
  ticket_team_lead: { zh: '工单班组负责人', en: 'The lead of the ticket’s team' },
  category_team: { zh: '分类对应的班组', en: 'The category’s team' },
  requester: { zh: '提单同事', en: 'The colleague who made the ticket' },
  requester_manager: { zh: '提单同事的上级', en: 'The requester’s manager' },
  assignee_manager: { zh: '受理人的上级', en: 'The assignee’s manager' },
  department_managers: { zh: '部门管理者', en: 'Managers of the ticket’s department' },
  performer_of: { zh: '某一步的处理人', en: 'Who did a step' },
  manager_of_performer: { zh: '某一步处理人的上级', en: 'The manager of who did a step' },
  field: { zh: '表单中的人员字段', en: 'A person named in a field' },
  item: { zh: '当前条目', en: 'The present item' },
};

/** The status a ticket gets when a node is entered: a class, or the id of an own status. */
export interface StatusSetting { status: string; waitingFor?: WaitingFor; resolution?: Words; reason?: Words }

/** A field of the ticket's form that a step asks for, shows, or locks. */
export interface AskedField { key: string; required?: boolean; readOnly?: boolean }

/** A named way to finish a task (处理结果), each a button; edges may name it. */
export interface Outcome { key: string; name: Words }

/** What happens when a step's time limit passes (超时处理). A step is never interrupted by it; boundary timers do that. */
export interface TimeLimit {
  span: TimeSpan;
  then:
    | { do: 'notify'; to: Performer[] }
    | { do: 'reassign'; to: Performer[] }
    | { do: 'complete'; /** Of a task with outcomes, or `approved` / `rejected`. */ outcome?: string };
}

/** A timer at the border of a node (边界定时器); edges leave from its id. */
export interface BoundaryTimer {
  id: string;
  name?: Words;
  due: Due;
  /** Ends the node when it fires (中断); else the node goes on beside it. */
  interrupting: boolean;
  /** Not interrupting: fires again after the same time, this often in all; 1 when absent, 100 at most. */
  times?: number;
  at?: Point;
}

/**
 * A node carried out several times (多实例), at once or one after another: so many times, or once for each element of a
 * list; the element stands as `item`, its place as `index`. `until` ends it early: looked at after each that is done,
 * it may read `instances.total`, `instances.completed` and `instances.<outcome>`. None at all passes straight through.
 */
export interface MultiInstance {
  mode: 'parallel' | 'sequential';
  over: { count: Rule } | { items: Rule };
  until?: Rule;
}

interface NodeBase {
  id: string;
  name: Words;
  description?: Words;
  box?: Box;
}
interface ActivityBase extends NodeBase {
  status?: StatusSetting;
  timers?: BoundaryTimer[];
  multi?: MultiInstance;
}

export interface StartNode extends NodeBase { kind: 'start'; status?: StatusSetting }
/** A step for a person or team (人工任务). */
export interface TaskNode extends ActivityBase {
  kind: 'task' | 'onsite_task';
  performers: Performer[];
  fields?: AskedField[];
  /** Done by one plain button when absent. */
  outcomes?: Outcome[];
  limit?: TimeLimit;
  /** Whether who has it may send it back to an earlier step (退回); true when absent. */
  mayReturn?: boolean;
  /** What is to be done, for who does it. */
  instructions?: Words;
}
/**
 * How votes make a decision (审批方式). all 会签: everybody agrees, the first refusal decides; any 或签: the first vote
 * decides; sequence 依次: one after another, the first refusal decides; quorum: so many agree, refused when that cannot
 * be reached any more. Its outcomes are `approved` and `rejected`.
 */
export type ApprovalMode = 'all' | 'any' | 'sequence' | 'quorum';
export interface ApprovalNode extends ActivityBase {
  kind: 'approval';
  performers: Performer[];
  mode: ApprovalMode;
  /** quorum: how many have to agree, as a number or a share of the seats in percent. */
  quorum?: { count: number } | { percent: number };
  fields?: AskedField[];
  limit?: TimeLimit;
  mayReturn?: boolean;
  /** Whether a voter may add a signer (加签); true when absent. */
  mayAddSigner?: boolean;
  /** Whether a vote may be handed over (转签); true when absent. */
  mayHandOver?: boolean;
  /** A refusal ends the whole flow; when absent, an edge has to say where a refusal leads. */
  whenRejected?: 'terminate';
  instructions?: Words;
}
/** 排他网关: one way, the first whose condition holds. 包容网关: each way whose condition holds. 并行网关: all ways. */
export interface GatewayNode extends NodeBase { kind: 'exclusive' | 'inclusive' | 'parallel' }

/** Waits for a moment (定时), or for a fact of the ticket or of its children (等待事件). */
export interface WaitNode extends ActivityBase {
  kind: 'wait';
  for: { kind: 'timer'; due: Due } | { kind: 'fact'; fact: string; of?: 'ticket' | 'children'; /** May read `fact.data` beside all else. */ condition?: Rule };
}

/**
 * What the program does by itself (自动动作). Texts may hold {{variables}}: `ticket.number`, `fields.<key>`, `vars.<key>` and
 * whatever else a condition may read; in a URL they are percent-encoded.
 */
export type FlowAction =
  | { do: 'notify'; to: Performer[]; text: Words }
  | { do: 'set_fields'; /** Values by field key. */ fields?: Record<string, Rule>; /** Values of flow variables. */ vars?: Record<string, Rule>; ticket?: { priority?: Rule; team?: Rule; assignee?: Rule; addTags?: string[] } }
  | { do: 'http_call'; method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string; headers?: { name: string; value: string }[]; /** Properties of the JSON body; all that a condition may read of the ticket when absent (not for GET and DELETE). */ body?: Record<string, Rule>; /** Flow variable → dotted path in the answer. */ into?: Record<string, string>; timeoutSeconds?: number; attempts?: number }
  | { do: 'create_child'; /** Id or key of a ticket type; the default one when absent. */ type?: string; subject: string; description?: string; fields?: Record<string, Rule>; team?: string; /** Flow variable that gets the child's id. */ into?: string }
  | { do: 'request_parts'; lines: { part: string; quantity: Rule }[]; note?: string }
  | { do: 'ask_llm'; prompt: string; /** Flow variable that gets the answer as text. */ into: string; /** Flow variable → dotted path in the answer, which then has to be JSON. */ answers?: Record<string, string> };
export const actionKinds = ['notify', 'set_fields', 'http_call', 'create_child', 'request_parts', 'ask_llm'] as const;
export type ActionKind = (typeof actionKinds)[number];
/** Actions that are done outside of the transaction, by a job, and answered later. */
export const slowActions: readonly ActionKind[] = ['http_call', 'ask_llm'];

export interface ActionNode extends ActivityBase {
  kind: 'action';
  action: FlowAction;
  /** When it fails for good: held visibly until somebody tries again (when absent), or on by the outcome `failed`. Its other outcome is `done`. */
  whenFailed?: 'park' | 'continue';
}
/** Another flow carried out as one step (子流程), in the version that was published when this one was. */
export interface SubflowNode extends ActivityBase { kind: 'subflow'; /** Id of the flow. */ flow: string }
/** 结束: the token ends; the flow is over when none is left. 终止: all tokens end at once. */
export interface EndNode extends NodeBase { kind: 'end' | 'terminate'; status?: StatusSetting }

export type FlowNode = StartNode | TaskNode | ApprovalNode | GatewayNode | WaitNode | ActionNode | SubflowNode | EndNode;
export type HumanNode = TaskNode | ApprovalNode;
export type ActivityNode = TaskNode | ApprovalNode | WaitNode | ActionNode | SubflowNode;

/**
 * A way from one node to another (连线). Out of exclusive and inclusive gateways, conditions decide, in the order of the
 * list, and the default is taken where none holds. Out of an activity, edges without condition are always taken, others
 * when they hold. `outcome`: holds when the node ended with it. Both given, both have to hold.
 */
export interface FlowEdge {
  id: string;
  /** Id of a node or of a boundary timer. */
  from: string;
  to: string;
  name?: Words;
  condition?: Rule;
  outcome?: string;
  isDefault?: boolean;
  /** Bends, between the two ends. */
  points?: Point[];
}

/** A value a flow keeps for itself (流程变量), set by actions, read as `vars.<key>`. */
export interface FlowVariable { key: string; name: Words; kind: 'text' | 'number' | 'boolean' | 'any' }

/** A flow as data (流程定义). */
export interface FlowDefinition {
  nodes: FlowNode[];
  edges: FlowEdge[];
  variables?: FlowVariable[];
}

/** A node that a person acts on. */
export function isHuman(node: FlowNode): node is HumanNode {
  return node.kind === 'task' || node.kind === 'onsite_task' || node.kind === 'approval';
}

/** A node that takes time. */
export function isActivity(node: FlowNode): node is ActivityNode {
  return (activityKinds as readonly string[]).includes(node.kind);
}

/** The outcomes a node can end with; empty where it just ends. */
export function outcomesOf(node: FlowNode): readonly string[] {
  if (node.kind === 'approval') return ['approved', 'rejected'];
  if (node.kind === 'task' || node.kind === 'onsite_task') return (node.outcomes ?? []).map((outcome) => outcome.key);
  if (node.kind === 'action' && node.whenFailed === 'continue') return ['done', 'failed'];
  return [];
}

/** A time span in minutes, a day having 24 hours; working days are reckoned by the calendar instead. */
export function minutesOf(span: TimeSpan): number {
  return span.amount * (span.unit === 'minutes' ? 1 : span.unit === 'hours' ? 60 : 1_440);
}

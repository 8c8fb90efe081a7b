import type { Json } from '../conditions/json.ts';
import type { Performer, StatusSetting, TimeSpan } from './definition.ts';

/**
 * What a running flow is (流程实例的状态): tokens and what hangs on them. Plain JSON; step.ts alone makes a state from another.
 */

/** Somebody who may act: a person, or a team any member of which may. */
export interface Who { kind: 'person' | 'team'; id: string }

/** A place at an approval, or of a task (席位). */
export interface Seat {
  id: string;
  who: Who;
  vote?: 'approved' | 'rejected';
  /** Id of who voted: the person of the seat, a member of its team, or who covers for them. */
  by?: string;
  at?: string;
  comment?: string;
  /** Who added it (加签), and beside which seat; such a seat has to agree beside what the mode says. */
  addedBy?: string;
  beside?: string;
  /** Seats that have to vote before this one may. */
  waitsFor?: string[];
  /** Who had it before (转签). */
  from?: string;
}

/** A step by a person that a token has behind it. */
export interface TrailEntry {
  node: string;
  /** The activation it was. */
  activation: string;
  by: string | null;
  /** Something was done since that cannot be taken back. */
  passed?: boolean;
}

/** Why a token is held (停住的原因), until somebody tries again. */
export interface Hold { code: HoldCode; since: string; edge?: string; detail?: string }
export const holdWords = {
  no_way: { zh: '没有一条出路的条件成立', en: 'None of the ways out of here is open' },
  condition_failed: { zh: '条件无法计算：{detail}', en: 'A condition could not be evaluated: {detail}' },
  rule_failed: { zh: '表达式无法计算：{detail}', en: 'An expression could not be evaluated: {detail}' },
  quorum_unmet: { zh: '处理人不足以达到通过票数：{detail}', en: 'There are too few people for the quorum: {detail}' },
  nobody: { zh: '找不到处理人', en: 'There is nobody to act' },
  performer_left: { zh: '处理人“{detail}”已离职，请转交给别人，或重试以重新确定处理人', en: '“{detail}”, who has this step, has left: hand it over, or try again to find out anew who acts' },
  status_refused: { zh: '无法设置状态：{detail}', en: 'The status could not be set: {detail}' },
  action_failed: { zh: '动作没有成功：{detail}', en: 'The action did not succeed: {detail}' },
  not_configured: { zh: '尚未接入所需的服务：{detail}', en: 'The service it needs is not set up: {detail}' },
  too_many_instances: { zh: '多实例的个数不正确：{detail}', en: 'The number of instances is not possible: {detail}' },
  too_many_steps: { zh: '没有停顿地走了太多步，可能是无限循环', en: 'It went on without a pause for too long: this may be an endless loop' },
  too_many_tokens: { zh: '并行分支太多', en: 'There are too many parallel ways' },
  join_starved: { zh: '汇合等不到其余分支', en: 'The join waits for ways that nobody takes any more' },
  missing_subflow: { zh: '子流程不存在', en: 'The sub-flow does not exist' },
  too_deep: { zh: '子流程嵌套太深', en: 'Sub-flows stand in each other too deep' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type HoldCode = keyof typeof holdWords;

/**
 * Where a token is with its node.
 *
 * joining: at a gateway, waiting for others; status, performers, action: an instruction was given and has to be answered;
 * open: people have to act; waiting: for its timer or fact; child: its sub-flow runs; instances: its instances run;
 * leaving: done with the node, but held before an edge; entering: held before anything was done.
 */
export type Phase = 'entering' | 'joining' | 'status' | 'performers' | 'open' | 'waiting' | 'action' | 'child' | 'instances' | 'leaving';

export interface PendingTimer { id: string; dueAt: string; /** How often it still fires. */ left: number }

/** Where the flow stands (令牌). Its id names the activation of the node; another node, another id. */
export interface Token {
  id: string;
  /** '' is the flow itself, else the id of a {@link Scope}. */
  scope: string;
  node: string;
  phase: Phase;
  since: string;
  /** The edge it came by. */
  edge?: string;
  /** The border timer by which it leaves its node. */
  via?: string;
  fork: string | null;
  trail: TrailEntry[];
  hold?: Hold;
  /** Names the instruction that has to be answered: an answer to any other is stale. */
  ask?: number;
  outcome?: string;
  by?: string | null;
  seats?: Seat[];
  claimedBy?: string;
  /** Who of its seats has left the organization. */
  left?: string[];
  /** When its time limit passes. */
  limitAt?: string;
  overdue?: boolean;
  timers?: PendingTimer[];
  /** Due moment of a node that waits for one. */
  dueAt?: string;
  /** Of a node carried out several times. */
  instances?: { total: number; started: number; completed: number; outcomes: Record<string, number>; items: Json[] | null };
  /** The token whose instance this is. */
  instanceOf?: string;
  index?: number;
  item?: Json;
  /** Who did it before it was sent back, and does it again. */
  again?: Who;
}

/** A sub-flow that runs. */
export interface Scope { id: string; /** The flow it is. */ flow: string; /** The token that waits for it. */ owner: string }

/** Tokens that came from one (分叉), so that it can be told what lies before all of them. */
export interface Fork { id: string; parent: string | null; trail: TrailEntry[]; /** Tokens and forks directly in it. */ alive: number }

export interface FlowState {
  status: 'running' | 'completed' | 'terminated' | 'cancelled';
  sequence: number;
  /** Nodes entered since something came from outside. */
  burst: number;
  /** What rules have taken since then, in steps of their evaluation. */
  spent?: number;
  tokens: Token[];
  scopes: Scope[];
  forks: Fork[];
  vars: Record<string, Json>;
  /** How each step ended last. */
  steps: Record<string, { outcome: string | null; by: string | null; at: string; /** Rises with every step that ends. */ order: number }>;
  /** Ids of the latest events. */
  seen: string[];
}

/** What happens to a flow. `id` is applied once. */
export type FlowEvent = { id: string } & (
  | { kind: 'start' }
  | { kind: 'answer'; activation: string; ask: number; ok: true; seats?: Who[]; vars?: Record<string, Json> }
  | { kind: 'answer'; activation: string; ask: number; ok: false; reason: string; code?: HoldCode }
  | { kind: 'complete'; activation: string; by: string | null; outcome?: string }
  | { kind: 'vote'; activation: string; seat: string; by: string | null; vote: 'approved' | 'rejected'; comment?: string }
  | { kind: 'vacate'; activation: string; who: string; name: string }
  | { kind: 'claim'; activation: string; by: string }
  | { kind: 'release'; activation: string; by: string }
  | { kind: 'add_signer'; activation: string; seat: string; by: string; who: Who[]; position: 'before' | 'after' }
  | { kind: 'hand_over'; activation: string; seat?: string; by: string; to: Who }
  | { kind: 'return'; activation: string; by: string; to: string }
  | { kind: 'withdraw'; step: string; by: string }
  /** `dueAt`: which of its moments, where it fires several times. */
  | { kind: 'timer'; activation: string; timer: string; dueAt?: string }
  | { kind: 'fact'; activation: string; fact: { kind: string; data: Json } }
  | { kind: 'retry'; activation?: string }
  | { kind: 'cancel' }
);

/** An action with its texts and values put in. */
export type ReadyAction =
  | { do: 'notify'; to: Performer[]; text: { zh: string; en?: string } }
  | { do: 'set_fields'; fields: Record<string, Json>; ticket: { priority?: Json; team?: Json; assignee?: Json; addTags?: string[] } }
  | { do: 'http_call'; method: string; url: string; headers: { name: string; value: string }[]; body: Record<string, Json> | null; into: Record<string, string>; timeoutSeconds: number; attempts: number }
  | { do: 'create_child'; type: string | null; subject: string; description: string; fields: Record<string, Json>; team: string | null; into: string | null }
  | { do: 'request_parts'; lines: { part: string; quantity: number }[]; note: string }
  | { do: 'ask_llm'; prompt: string; into: string; answers: Record<string, string> };

/**
 * What has to be done in the transaction of the new state (效果). The first three are instructions: the token waits until
 * an `answer` with their `ask` comes, at once where the transaction can tell, later for slow actions.
 */
export type Effect =
  | { do: 'set_status'; activation: string; ask: number; node: string; scope: string; status: StatusSetting }
  | { do: 'find_performers'; activation: string; ask: number; node: string; scope: string; performers: Performer[]; item?: Json; again?: Who }
  | { do: 'act'; activation: string; ask: number; node: string; scope: string; action: ReadyAction }
  | { do: 'open_task'; activation: string; node: string; scope: string }
  | { do: 'change_task'; activation: string; change: 'claimed' | 'released' | 'voted' | 'signer_added' | 'handed_over' | 'reassigned' }
  | { do: 'close_task'; activation: string; node: string; scope: string; how: 'completed' | 'returned' | 'withdrawn' | 'interrupted' | 'superseded'; outcome: string | null; by: string | null; seats: Seat[] }
  | { do: 'set_timer'; activation: string; timer: string; dueAt: string }
  | { do: 'clear_timer'; activation: string; timer: string }
  | { do: 'await_fact'; activation: string; fact: string; of: 'ticket' | 'children' }
  | { do: 'stop_awaiting'; activation: string }
  | { do: 'remind'; activation: string; node: string; scope: string; to: Performer[] }
  | { do: 'hold'; activation: string; node: string; scope: string; hold: Hold }
  | { do: 'release_hold'; activation: string; node: string; scope: string }
  | { do: 'end'; status: 'completed' | 'terminated' | 'cancelled' };

/** One line of why it went so (说明); sentences: explain.ts. */
export interface Explanation { node: string | null; scope: string; code: string; params?: Readonly<Record<string, string | number>> }

/** What conditions read beside what the flow itself knows. */
export interface FlowView {
  fields: Readonly<Record<string, unknown>>;
  ticket: Readonly<Record<string, unknown>>;
  /** RFC 3339. */
  now: string;
  /** YYYY-MM-DD in the organization's time zone. */
  today: string;
  /** The instant by which a span of working time has passed; null when there is none. Elapsed time counts where absent. */
  addWorkingTime?: ((from: string, span: TimeSpan) => string | null) | undefined;
}

export const refusalsOfSteps = ['not_running', 'not_open', 'claimed', 'not_claimed', 'unknown_outcome', 'voted', 'not_your_turn', 'no_seat', 'too_many_seats', 'not_allowed', 'no_such_step', 'touched', 'not_held', 'started'] as const;
export type StepRefusal = (typeof refusalsOfSteps)[number];

/**
 * applied; duplicate: the very event was applied before; stale: what it is about is over; ignored: it did not fit (a fact
 * whose condition does not hold); refused: it may not happen, `reason` says why. Only the first changes anything.
 */
export interface StepResult {
  answer: 'applied' | 'duplicate' | 'stale' | 'ignored' | 'refused';
  reason?: StepRefusal;
  state: FlowState;
  effects: Effect[];
  explanations: Explanation[];
}

import { Type, type Static } from 'typebox';
import { slaLimits, slaMetrics, slaRecipientKinds, type SlaPolicy, type SlaTarget } from '../rules/sla/policy.ts';
import { breachReasons } from '../rules/sla/breach-reasons.ts';
import { DefinitionProblem } from './calendar.ts';
import { RuleDefinition } from './automation.ts';
import { FlowDefinition } from './flow.ts';
import { actionKinds, automationLimits } from '../rules/automation/definition.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { PriorityName, StatusName } from './ticket.ts';
import { Filter } from './view.ts';
import { waitingReasons } from '../rules/ticket/lifecycle.ts';

/** What a policy says (SLA 策略定义): for which tickets, and what is promised on them. */
export type PolicyDefinition = Pick<SlaPolicy, 'types' | 'priorities' | 'tiers' | 'condition' | 'targets'>;

const word = Type.String({ minLength: 1, maxLength: slaLimits.text });
const scope = {
  types: Type.Optional(Type.Array(word, { maxItems: slaLimits.list })),
  priorities: Type.Optional(Type.Array(PriorityName, { maxItems: 4 })),
  tiers: Type.Optional(Type.Array(word, { maxItems: slaLimits.list, description: 'Keys of customer tiers; `none`: customers without one' })),
};
// Wide on purpose: what is wrong with a number is said by the check, beside it.
const whole = (description: string) => Type.Integer({ minimum: -1_000_000_000, maximum: 1_000_000_000, description });
const Recipient = Type.Union([
  Closed({ kind: OneOf(slaRecipientKinds.slice(0, 5)) }),
  Closed({ kind: OneOf(slaRecipientKinds.slice(5)), id: word }),
]);
const rung = { whom: Type.Array(Recipient, { maxItems: slaLimits.recipients }), channels: Type.Optional(Type.Array(word, { maxItems: slaLimits.channels, description: 'Kinds of channels all of which are used at once; absent: as each person has it' })) };
const Target = Type.Unsafe<SlaTarget>(Closed({
  key: word, metric: OneOf(slaMetrics), party: OneOf(['customer', 'team']), team: Type.Optional(word), step: Type.Optional(word), ...scope,
  minutes: whole('Working minutes'), calendar: Type.String({ maxLength: slaLimits.text, description: 'Id of a business calendar' }), startsWith: Type.Optional(OneOf(['created', 'assigned', 'accepted'])),
  pauses: Type.Array(Type.Union([
    Closed({ status: StatusName, waitingFor: Type.Optional(Type.Array(OneOf(waitingReasons), { maxItems: 10 })) }), Closed({ statusId: word }),
  ]), { maxItems: slaLimits.pauses }),
  warnings: Type.Array(whole('Percent of the time'), { maxItems: slaLimits.warnings }),
  ladder: Type.Array(Type.Union([Closed({ afterMinutes: whole('Working minutes after the time is over'), ...rung }), Closed({ percent: whole('Percent of the time'), ...rung })]), { maxItems: slaLimits.rungs }),
  whenReopened: Type.Optional(OneOf(['go_on', 'start_anew'])), whenChanged: Type.Optional(OneOf(['keep_used', 'start_anew'])),
}, { title: 'SlaTarget' }));
export const PolicyDefinition = Type.Unsafe<PolicyDefinition>(Closed({ ...scope, condition: Type.Optional(Filter), targets: Type.Array(Target, { maxItems: slaLimits.targets }) }, { title: 'SlaPolicyDefinition' }));

/** An SLA policy (SLA 策略). Of all in use the first that fits a ticket counts. `definition` is what holds, `draft` what is being worked on. */
export const Policy = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()), position: Type.Integer(), enabled: Type.Boolean(), archived: Type.Boolean(),
  definition: Nullable(PolicyDefinition), draft: Nullable(PolicyDefinition), publishedVersion: Nullable(Type.Integer()),
  problems: Type.Array(DefinitionProblem, { description: 'Of the draft, or of what was published where there is none' }),
  neverReached: Nullable(Type.String({ description: 'The policy before it that takes every ticket it would' })),
  updatedAt: Timestamp, version: Type.Integer(),
}, { title: 'SlaPolicy' });
export type Policy = Static<typeof Policy>;
export const PolicyPage = Page(Policy);
export const Policies = Closed({ items: Type.Array(Policy) });
export const ListPolicies = Closed({ ...pageQuery, archived: Type.Optional(Type.Boolean({ description: 'true: those that are archived instead' })) });

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const nameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
export const CreatePolicy = Closed({ name, nameEn, definition: PolicyDefinition }, { title: 'CreateSlaPolicy', description: 'It begins as a draft, behind the others' });
export const UpdatePolicy = Closed({
  name: Type.Optional(name), nameEn, enabled: Type.Optional(Type.Boolean()), archived: Type.Optional(Type.Boolean({ description: 'Clocks that run by it go on as promised' })), draft: Type.Optional(Nullable(PolicyDefinition)),
}, { title: 'UpdateSlaPolicy', minProperties: 1 });
export const PublishPolicy = Closed({ note: Type.Optional(Type.String({ maxLength: 500 })), enable: Type.Optional(Type.Boolean({ description: 'Switches it on as well' })), running: Type.Optional(Type.Boolean({ description: 'Unfinished tickets come under this version, too; else they keep what they were promised' })) }, { title: 'PublishSlaPolicy' });
export const mostPolicies = 100;
export const OrderPolicies = Closed({ ids: Type.Array(Id, { maxItems: mostPolicies, uniqueItems: true, description: 'All policies in use, in their order' }) }, { title: 'OrderSlaPolicies' });

/** What a policy said at one of its versions (策略历史版本). */
export const PolicyVersion = Closed({
  number: Type.Integer(), name: Type.String(), definition: PolicyDefinition, note: Nullable(Type.String()), restored: Nullable(Type.Integer()),
  publishedBy: Nullable(Reference), publishedAt: Timestamp, current: Type.Boolean(),
}, { title: 'SlaPolicyVersion' });
export type PolicyVersion = Static<typeof PolicyVersion>;
export const PolicyVersionPage = Page(PolicyVersion);

const Reason = OneOf(breachReasons);
const Explained = Closed({ reason: Reason, note: Nullable(Type.String()), by: Nullable(Reference), at: Timestamp });

/** One clock of a ticket, and why it is due when it is (计时说明): interval by interval, in words and as a bar. */
export const ExplainedClock = Closed({
  key: Type.String(), metric: OneOf(slaMetrics), name: Type.String(), team: Nullable(Reference), step: Nullable(Type.String()),
  status: OneOf(['running', 'outside_hours', 'paused', 'met', 'cancelled']),
  startedAt: Timestamp, dueAt: NullableTimestamp, breachedAt: NullableTimestamp, endedAt: NullableTimestamp,
  minutes: Type.Integer({ description: 'What is promised: working minutes' }),
  usedMinutes: Type.Number(), remainingMinutes: Type.Number({ description: 'Less than 0 when it is over' }),
  summary: Type.String(),
  lines: Type.Array(Closed({ kind: Type.String(), from: Timestamp, to: NullableTimestamp, overdue: Type.Boolean(), ahead: Type.Boolean(), text: Type.String() })),
  picture: Closed({
    from: Timestamp, to: Timestamp,
    segments: Type.Array(Closed({ start: Type.Number(), width: Type.Number(), from: Timestamp, to: Timestamp, kind: OneOf(['running', 'outside_hours', 'paused', 'mixed']), overdue: Type.Boolean(), ahead: Type.Boolean() })),
    marks: Type.Array(Closed({ position: Type.Number(), at: Timestamp, kind: OneOf(['now', 'warning', 'due', 'escalation', 'promise', 'met', 'cancelled']), percent: Type.Optional(Type.Number()) })),
  }, { description: 'From 0 (its start) to 1 (its end, or what is foreseen)' }),
  reason: Nullable(Explained),
  asksReason: Type.Boolean({ description: 'The promise was broken and nobody said why' }),
}, { title: 'ExplainedClock' });
export type ExplainedClock = Static<typeof ExplainedClock>;
/** All clocks of a ticket, and how its policy was chosen (工单计时). */
export const TicketClocks = Closed({
  policy: Nullable(Closed({ id: Id, name: Type.String(), version: Type.Integer() })),
  choice: Type.Array(Type.String({ description: 'Every policy that would be looked at now, and why it was passed over or taken' })),
  clocks: Type.Array(ExplainedClock, { description: 'Running ones first' }),
}, { title: 'TicketClocks' });
export type TicketClocks = Static<typeof TicketClocks>;

export const ExplainBreach = Closed({ clock: Type.String({ minLength: 1, maxLength: 300, description: 'Key of the clock' }), reason: Reason, note: Type.Optional(Type.String({ maxLength: limits.reason })) }, { title: 'ExplainBreach' });
/** A promise that was broken, for the list of a team (超时记录). */
export const Breach = Closed({
  ticket: Closed({ id: Id, number: Type.String(), subject: Type.String(), status: StatusName, priority: PriorityName }),
  clock: Type.String(), metric: OneOf(slaMetrics), name: Type.String(), team: Nullable(Reference), assignee: Nullable(Reference), internal: Type.Boolean({ description: 'What a team promised its own house (OLA)' }),
  dueAt: NullableTimestamp, breachedAt: Timestamp, endedAt: NullableTimestamp, reason: Nullable(Explained),
}, { title: 'SlaBreach' });
export type Breach = Static<typeof Breach>;
export const BreachPage = Page(Breach);
const breachQuery = {
  team: Type.Optional(Type.String({ maxLength: 64, description: 'Team id or `mine`' })), explained: Type.Optional(Type.Boolean()), metric: Type.Optional(OneOf(slaMetrics)), reason: Type.Optional(Reason),
  from: Type.Optional(Timestamp), to: Type.Optional(Timestamp),
};
export const ListBreaches = Closed({ ...pageQuery, ...breachQuery });
/** How many promises were broken, by team and by reason (超时汇总). */
export const SummarizeBreaches = Closed(breachQuery);
export const BreachSummary = Closed({
  breached: Type.Integer(), unexplained: Type.Integer(),
  teams: Type.Array(Closed({ team: Nullable(Reference), breached: Type.Integer(), unexplained: Type.Integer() }), { description: 'Most first' }),
  reasons: Type.Array(Closed({ reason: Nullable(Reason), breached: Type.Integer() }), { description: 'Most first; null: nobody said why' }),
}, { title: 'SlaBreachSummary' });
export type BreachSummary = Static<typeof BreachSummary>;

/** The past played through a draft (模拟): nothing of it touches a ticket. */
export const RequestSimulation = Closed({
  from: Timestamp, to: Timestamp,
  policies: Type.Optional(Type.Array(Closed({ id: Type.Optional(Nullable(Id)), name, definition: PolicyDefinition }), { maxItems: mostPolicies, description: 'In their order; id: in whose place it is tried. Absent: those that hold' })),
  calendars: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 50, description: 'Definitions to be tried in the place of published calendars, by id' })),
  rules: Type.Optional(Type.Array(Closed({ id: Type.Optional(Nullable(Id)), name, definition: RuleDefinition, stopAfterMatch: Type.Optional(Type.Boolean()) }), { maxItems: automationLimits.rules, description: 'All rules there would be, in their order. What people did is played as it was; what rules did is reckoned anew, under those that hold and under these' })),
  flow: Type.Optional(Closed({ id: Id, definition: FlowDefinition }, { description: 'Tickets that went through this flow are played through this definition, each step answered as it was and after as long' })),
}, { title: 'RequestSimulation' });
const Attainment = Closed({ judged: Type.Integer(), met: Type.Integer(), breached: Type.Integer(), rate: Nullable(Type.Number()), running: Type.Integer(), void: Type.Integer() });
const Group = Closed({ key: Type.String(), name: Type.String(), before: Attainment, after: Attainment });
/** What a replay left out of its numbers, as nobody can know it (未知). */
const unknownReasons = ['macro', 'flow', 'person', 'condition', 'pace', 'never_asked', 'outcome', 'votes', 'call', 'fact', 'rule', 'step'] as const;
export type SimulationUnknown = (typeof unknownReasons)[number];
const Named = Closed({ key: Type.String(), name: Type.String() });
const Acted = Closed({ tickets: Type.Integer(), times: Type.Integer(), refused: Type.Integer({ description: 'Times its actions would have been refused' }) });
const RulesResult = Closed({
  rules: Type.Array(Closed({ key: Type.String(), name: Type.String(), before: Nullable(Acted), after: Nullable(Acted) }), { description: 'How often each acted; null on the side where there is no such rule' }),
  effects: Type.Array(Closed({ kind: OneOf(actionKinds), before: Type.Integer(), after: Type.Integer() }), { description: 'Actions that changed something or told somebody' }),
});
const Step = Nullable(Closed({ entered: Type.Integer(), minutes: Nullable(Type.Number({ description: 'Mean time until it ended' })) }));
const FlowResult = Closed({
  runs: Type.Integer({ description: 'That are known on both sides' }),
  before: Closed({ ended: Type.Integer(), minutes: Nullable(Type.Number({ description: 'Mean time from beginning to end' })) }), after: Closed({ ended: Type.Integer(), minutes: Nullable(Type.Number()) }),
  steps: Type.Array(Closed({ key: Type.String(), name: Type.String(), before: Step, after: Step })),
  teams: Type.Array(Closed({ key: Type.String(), name: Type.String(), before: Type.Integer(), after: Type.Integer() }), { description: 'Steps each team had' }),
});
const Side = Nullable(Closed({ dueAt: NullableTimestamp, breachedAt: NullableTimestamp, outcome: Nullable(Type.String()) }));
export const SimulationResult = Closed({
  tickets: Type.Integer(), affected: Type.Integer(), nowBreached: Type.Integer(), noLongerBreached: Type.Integer(),
  all: Group, byMetric: Type.Array(Group), byPriority: Type.Array(Group), byTeam: Type.Array(Group), internal: Type.Array(Group),
  load: Type.Array(Closed({ key: Type.String(), name: Type.String(), ticketsBefore: Type.Optional(Type.Integer()), tickets: Type.Integer({ description: 'That end with it under the draft; ticketsBefore: under what holds' }), before: Type.Integer({ description: 'Promises broken' }), after: Type.Integer() }), { description: 'Per team' }),
  unknown: Type.Optional(Type.Array(Closed({ why: OneOf(unknownReasons), key: Type.String(), name: Type.String({ description: 'Of the rule or the step' }), tickets: Type.Integer() }), { description: 'Tickets that are in none of the numbers, as what would have become of them cannot be known' })),
  unknownTickets: Type.Optional(Type.Integer()),
  rules: Type.Optional(Nullable(RulesResult)), flow: Type.Optional(Nullable(FlowResult)),
  examples: Type.Array(Closed({ id: Id, number: Type.String(), subject: Type.String(), effect: OneOf(['now_breached', 'no_longer_breached', 'both', 'other']), clocks: Type.Array(Closed({ key: Type.String(), name: Type.String(), before: Side, after: Side })),
    changes: Type.Optional(Type.Array(Closed({ property: OneOf(['team', 'assignee', 'priority', 'status', 'category', 'tags']), before: Nullable(Named), after: Nullable(Named) }))) }), { description: 'Those whose promises come out differently first; at most 200' }),
  seconds: Type.Number(),
}, { title: 'SimulationResult' });
export type SimulationResult = Static<typeof SimulationResult>;
export const Simulation = Closed({
  id: Id, state: OneOf(['waiting', 'running', 'done', 'failed', 'cancelled']), from: Timestamp, to: Timestamp, done: Type.Integer(), total: Nullable(Type.Integer()),
  result: Nullable(SimulationResult), createdBy: Nullable(Reference), createdAt: Timestamp, endedAt: NullableTimestamp,
}, { title: 'SlaSimulation' });
export type Simulation = Static<typeof Simulation>;
export const SimulationPage = Page(Simulation);

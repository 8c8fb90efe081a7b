import { Type, type Static } from 'typebox';
import { slaLimits, slaMetrics, slaRecipientKinds, type SlaPolicy, type SlaTarget } from '../rules/sla/policy.ts';
import { breachReasons } from '../rules/sla/breach-reasons.ts';
import { DefinitionProblem } from './calendar.ts';
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
export const ListBreaches = Closed({ ...pageQuery, team: Type.Optional(Type.String({ maxLength: 64, description: 'Team id or `mine`' })), explained: Type.Optional(Type.Boolean()), metric: Type.Optional(OneOf(slaMetrics)) });

/** The past played through a draft (模拟): nothing of it touches a ticket. */
export const RequestSimulation = Closed({
  from: Timestamp, to: Timestamp,
  policies: Type.Array(Closed({ id: Type.Optional(Nullable(Id)), name, definition: PolicyDefinition }), { maxItems: mostPolicies, description: 'In their order; id: in whose place it is tried' }),
  calendars: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 50, description: 'Definitions to be tried in the place of published calendars, by id' })),
}, { title: 'RequestSimulation' });
const Attainment = Closed({ judged: Type.Integer(), met: Type.Integer(), breached: Type.Integer(), rate: Nullable(Type.Number()), running: Type.Integer(), void: Type.Integer() });
const Group = Closed({ key: Type.String(), name: Type.String(), before: Attainment, after: Attainment });
const Side = Nullable(Closed({ dueAt: NullableTimestamp, breachedAt: NullableTimestamp, outcome: Nullable(Type.String()) }));
export const SimulationResult = Closed({
  tickets: Type.Integer(), affected: Type.Integer(), nowBreached: Type.Integer(), noLongerBreached: Type.Integer(),
  all: Group, byMetric: Type.Array(Group), byPriority: Type.Array(Group), byTeam: Type.Array(Group), internal: Type.Array(Group),
  load: Type.Array(Closed({ key: Type.String(), name: Type.String(), tickets: Type.Integer(), before: Type.Integer({ description: 'Promises broken' }), after: Type.Integer() }), { description: 'Per team' }),
  examples: Type.Array(Closed({ id: Id, number: Type.String(), subject: Type.String(), effect: OneOf(['now_breached', 'no_longer_breached', 'both', 'other']), clocks: Type.Array(Closed({ key: Type.String(), name: Type.String(), before: Side, after: Side })) }), { description: 'Those whose promises come out differently first; at most 200' }),
  seconds: Type.Number(),
}, { title: 'SimulationResult' });
export type SimulationResult = Static<typeof SimulationResult>;
export const Simulation = Closed({
  id: Id, state: OneOf(['waiting', 'running', 'done', 'failed', 'cancelled']), from: Timestamp, to: Timestamp, done: Type.Integer(), total: Nullable(Type.Integer()),
  result: Nullable(SimulationResult), createdBy: Nullable(Reference), createdAt: Timestamp, endedAt: NullableTimestamp,
}, { title: 'SlaSimulation' });
export type Simulation = Static<typeof Simulation>;
export const SimulationPage = Page(Simulation);

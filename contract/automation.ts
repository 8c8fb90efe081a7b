import { Type, type Static } from 'typebox';
import { actionKinds, automationFacts, automationLimits, countedBy, personExpressions, teamExpressions, type Definition as DefinitionRule } from '../rules/automation/definition.ts';
import { runOutcomes, skipReasons } from '../rules/automation/guard.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { PriorityName, TicketSummary } from './ticket.ts';
import { Filter } from './view.ts';
import { waitingReasons } from '../rules/ticket/lifecycle.ts';

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const description = Type.Optional(Nullable(Type.String({ maxLength: 500 })));
const Stretch = Closed({ n: Type.Integer({ minimum: 1, maximum: 100_000 }), unit: OneOf(['minute', 'hour', 'day', 'week']) });
const time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM by the organization’s clock' });
const Recurrence = Type.Union([
  Closed({ kind: Type.Literal('interval'), n: Type.Integer({ minimum: 1, maximum: 1_440 }), unit: OneOf(['minute', 'hour']) }),
  Closed({ kind: Type.Literal('daily'), at: time }),
  Closed({ kind: Type.Literal('weekly'), days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7, uniqueItems: true, description: 'Monday is 1' }), at: time }),
]);
const Trigger = Type.Union([
  Closed({ kind: Type.Literal('facts'), facts: Type.Array(OneOf(automationFacts), { maxItems: automationLimits.facts, uniqueItems: true }), after: Type.Optional(Stretch) }),
  Closed({ kind: Type.Literal('schedule'), every: Recurrence }),
  Closed({ kind: Type.Literal('untouched'), for: Stretch }),
]);
const Count = Closed({
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,30}$', description: 'Conditions name it count.<key>' }),
  same: OneOf(countedBy), within: Stretch, sameType: Type.Optional(Type.Boolean()),
});
const Whom = Type.Union([Closed({ person: Id }), Closed({ team: Id }), Closed({ expression: OneOf([...personExpressions, ...teamExpressions]) })]);
const whom = Type.Array(Whom, { maxItems: automationLimits.recipients });
const kind = <const Word extends (typeof actionKinds)[number]>(word: Word) => Type.Literal(word);
const long = { maxLength: limits.description };
// Sealed, a text is longer than what it says.
const header = Type.String({ maxLength: 6_000, pattern: '^(sealed:[A-Za-z0-9_-]{1,5990}|(?!sealed:)[\\x20-\\x7e]{0,1000})$', description: 'What is kept is sealed for the address it was written for, and shown as “sealed:…” alone; sent back like that, it stays as it is' });
const tags = Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: limits.tags, uniqueItems: true });
const Action = Type.Union([
  Closed({ kind: kind('set'), priority: Type.Optional(PriorityName), category: Type.Optional(Nullable(Type.String({ maxLength: 64 }))), fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 50 })) }),
  Closed({ kind: kind('status'), status: Type.String({ maxLength: 64, description: 'Id of an own status, or a class' }), for: Type.Optional(OneOf(waitingReasons)), reason: Type.Optional(Type.String({ maxLength: limits.reason })), resolution: Type.Optional(Type.String(long)) }),
  Closed({ kind: Type.Union([kind('tag'), kind('untag')]), tags }),
  Closed({ kind: kind('assign'), to: Whom, note: Type.Optional(Type.String({ maxLength: limits.reason })) }),
  Closed({ kind: kind('comment'), visibility: OneOf(['public', 'internal']), body: Type.String({ maxLength: limits.comment }) }),
  Closed({ kind: kind('notify'), whom, text: Type.String({ maxLength: limits.reason }) }),
  Closed({ kind: kind('watch'), whom }),
  Closed({ kind: kind('checklist'), items: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { maxItems: automationLimits.checklist })), template: Type.Optional(Id) }),
  Closed({ kind: kind('macro'), macro: Type.String({ maxLength: 64 }) }),
  Closed({ kind: kind('flow'), flow: Type.String({ maxLength: 64, description: 'Id of a published flow' }) }),
  Closed({
    kind: kind('create'), relation: OneOf(['child', 'related', 'none']), type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key; the default type when absent' })),
    subject: Type.String({ maxLength: limits.subject }), description: Type.Optional(Type.String(long)), priority: Type.Optional(PriorityName), category: Type.Optional(Id), team: Type.Optional(Id), tags: Type.Optional(tags),
  }),
  Closed({
    kind: kind('call'), method: OneOf(['POST', 'PUT', 'GET']), url: Type.String({ maxLength: 2_000 }),
    headers: Type.Optional(Type.Record(Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9-]+$' }), header, { maxProperties: automationLimits.headers })),
    body: Type.Optional(Type.String({ ...long, description: 'With variables; the ticket as JSON when absent' })),
  }),
]);

/** When, if, then (规则定义): what makes a rule look at a ticket, what has to hold, and what it does. */
export const RuleDefinition = Type.Unsafe<DefinitionRule>(Closed({
  trigger: Trigger,
  counts: Type.Optional(Type.Array(Count, { maxItems: automationLimits.counts })),
  conditions: Filter,
  actions: Type.Array(Action, { maxItems: automationLimits.actions }),
  once: Type.Optional(Closed({ per: OneOf(['ticket', 'asset', 'customer']), within: Type.Optional(Stretch) })),
}, { title: 'AutomationRuleDefinition' }));

/** What keeps a rule from being published, with its place in the definition. */
export const RuleProblem = Closed({ path: Type.String(), code: Type.String(), message: Type.String() }, { title: 'AutomationRuleProblem' });
export type RuleProblem = Static<typeof RuleProblem>;

/** An automation rule (自动化规则). `definition` is what holds, `draft` what is being worked on. */
export const AutomationRule = Closed({
  id: Id, name: Type.String(), description: Nullable(Type.String()), position: Type.Integer(),
  enabled: Type.Boolean(), stopAfterMatch: Type.Boolean({ description: 'When it acted, the rules after it are not asked about the same event' }), archived: Type.Boolean(),
  definition: Nullable(RuleDefinition), draft: Nullable(RuleDefinition), publishedVersion: Nullable(Type.Integer()),
  problems: Type.Array(RuleProblem, { description: 'Of the draft, or of what was published where there is none' }),
  suspended: Nullable(Closed({ at: Timestamp, reason: Type.String() }, { description: 'It failed too often and was switched off' })),
  failures: Type.Integer(), parked: Type.Integer({ description: 'Failed runs that wait for somebody' }),
  lastMatchedAt: NullableTimestamp, updatedAt: Timestamp, version: Type.Integer(),
}, { title: 'AutomationRule' });
export type AutomationRule = Static<typeof AutomationRule>;
export const AutomationRulePage = Page(AutomationRule);
export const ListAutomationRules = Closed({ ...pageQuery, archived: Type.Optional(Type.Boolean({ description: 'true: those that are archived instead' })) });

export const CreateAutomationRule = Closed({ name, description, definition: RuleDefinition, stopAfterMatch: Type.Optional(Type.Boolean()) }, { title: 'CreateAutomationRule', description: 'It begins as a draft' });
export const UpdateAutomationRule = Closed({
  name: Type.Optional(name), description, enabled: Type.Optional(Type.Boolean({ description: 'true takes a published rule into use, also one that was switched off for its failures' })),
  stopAfterMatch: Type.Optional(Type.Boolean()), archived: Type.Optional(Type.Boolean()), draft: Type.Optional(Nullable(RuleDefinition)),
}, { title: 'UpdateAutomationRule', minProperties: 1 });
export const PublishAutomationRule = Closed({ note: Type.Optional(Type.String({ maxLength: 500 })), enable: Type.Optional(Type.Boolean({ description: 'Switches it on as well' })) }, { title: 'PublishAutomationRule' });
export const OrderAutomationRules = Closed({ ids: Type.Array(Id, { maxItems: automationLimits.rules, uniqueItems: true, description: 'All rules in use, in their order' }) }, { title: 'OrderAutomationRules' });
export const AutomationRules = Closed({ items: Type.Array(AutomationRule) });

/** What a rule said at one of its versions (规则历史版本). */
export const AutomationRuleVersion = Closed({
  number: Type.Integer(), name: Type.String(), definition: RuleDefinition, note: Nullable(Type.String()), restored: Nullable(Type.Integer()),
  publishedBy: Nullable(Reference), publishedAt: Timestamp, current: Type.Boolean(),
}, { title: 'AutomationRuleVersion' });
export type AutomationRuleVersion = Static<typeof AutomationRuleVersion>;
export const AutomationRuleVersionPage = Page(AutomationRuleVersion);

export const PreviewAutomationRule = Closed({ definition: RuleDefinition, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })), cursor: pageQuery.cursor }, { title: 'PreviewAutomationRule' });
/** The tickets a rule would act on now, of those the reader may see, newest first (当前符合条件的工单). */
export const RulePreview = Closed({
  items: Type.Array(TicketSummary), nextCursor: Nullable(Type.String()),
  count: Type.Integer(), capped: Type.Boolean({ description: 'There are at least so many' }),
  leftOut: Type.Array(Type.String(), { description: 'Properties of what happens, which no ticket has now: conditions on them were taken as met' }),
  problems: Type.Array(RuleProblem),
}, { title: 'AutomationRulePreview' });
export type RulePreview = Static<typeof RulePreview>;

/** Why conditions hold or do not, part by part: {mode, holds, parts} or {property, operator, value, found, holds}; without `value` where it is `hidden`, being closed to the reader. */
export const ExplainedConditions = Type.Unsafe<import('../rules/automation/explain.ts').Explained>({ type: 'object', title: 'ExplainedConditions' });
export const Effect = Closed({
  kind: OneOf(actionKinds), done: Type.Boolean(), detail: Type.Record(Type.String(), Type.Unknown(), { description: 'What came of it: a ticket’s number, names, the call’s id' }),
}, { title: 'AutomationEffect' });
export type Effect = Static<typeof Effect>;
const Failure = Nullable(Closed({ code: Type.String(), message: Type.String(), action: Nullable(Type.Integer({ description: 'Which action, from 0; null for the conditions' })) }));

export const TryAutomationRule = Closed({ ticket: Type.String({ minLength: 1, maxLength: 64, description: 'Id or number' }), definition: Type.Optional(RuleDefinition) }, { title: 'TryAutomationRule' });
/** What a rule would do on a ticket now; nothing of it is kept (试运行). */
export const RuleTrial = Closed({ holds: Type.Boolean(), conditions: ExplainedConditions, effects: Type.Array(Effect), failure: Failure, leftOut: Type.Array(Type.String()) }, { title: 'AutomationRuleTrial' });
export type RuleTrial = Static<typeof RuleTrial>;

/**
 * Why a rule did something, or did not (规则运行记录). matched: it acted; missed: its conditions do not hold; skipped: they hold, but
 * see `reason`; parked: it failed and waits for somebody; retried: it failed, and somebody had it tried again.
 */
export const AutomationRun = Closed({
  id: Id, rule: Closed({ id: Id, name: Type.String(), version: Type.Integer(), counts: Type.Array(Count, { description: 'What it counted, at this version' }) }), ticket: Nullable(Closed({ id: Id, number: Type.String(), subject: Type.String() })),
  factKind: Nullable(Type.String()), outcome: OneOf(runOutcomes), reason: Nullable(OneOf(skipReasons)),
  conditions: Nullable(ExplainedConditions), effects: Type.Array(Effect), failure: Failure,
  chain: Type.Array(Closed({ id: Id, name: Nullable(Type.String()) }), { description: 'The rules that led here, oldest first' }),
  at: Timestamp,
}, { title: 'AutomationRun' });
export type AutomationRun = Static<typeof AutomationRun>;
export const AutomationRunPage = Page(AutomationRun);
export const ListAutomationRuns = Closed({
  ...pageQuery, rule: Type.Optional(Id), ticket: Type.Optional(Type.String({ maxLength: 64, description: 'Id or number' })), outcome: Type.Optional(OneOf(runOutcomes)),
});

const Secret = Type.String({ pattern: '^whsec_[A-Za-z0-9+/]+=*$' });
/** By which calls are signed (调用签名密钥): `whsec_` and the key in base64, as the Standard Webhooks specification writes it. */
export const AutomationSigning = Closed({
  secret: Secret,
  previous: Nullable(Closed({ secret: Secret, until: Timestamp }, { description: 'Signs as well until then' })),
  changedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'AutomationSigning' });
export type AutomationSigning = Static<typeof AutomationSigning>;
export const ChangeAutomationSigning = Closed({ keepPreviousDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 90, description: 'How long the key before signs as well; 7 days when absent, 0: not at all' })) }, { title: 'ChangeAutomationSigning' });

/** A call that a rule made to a system outside (外部调用). */
export const AutomationCall = Closed({
  id: Id, ruleId: Id, ticketId: Id, method: Type.String(), url: Type.String(), state: OneOf(['waiting', 'done', 'failed']), attempts: Type.Integer(),
  statusCode: Nullable(Type.Integer()), answer: Nullable(Type.String({ description: 'Its beginning' })), problem: Nullable(Type.String()), createdAt: Timestamp, settledAt: NullableTimestamp,
}, { title: 'AutomationCall' });
export type AutomationCall = Static<typeof AutomationCall>;
export const AutomationCallPage = Page(AutomationCall);

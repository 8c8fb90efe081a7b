import { Type, type Static } from 'typebox';
import { hardReasons, scoreFactors, type HardReason, type ScoreFactor } from '../rules/routing/propose.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Reference, Timestamp } from './common.ts';
import { TravelOrigin, travelSources } from './travel.ts';

/** Why somebody cannot be sent (不可派原因), in words. */
export const hardReasonNames: Record<HardReason, { zh: string; en: string }> = {
  off_duty: { zh: '这天不上班', en: 'Not at work that day' },
  not_required: { zh: '不在指定人员之列', en: 'Not one of the people asked for' },
  banned: { zh: '客户不接受', en: 'Not accepted by the customer' },
  territory: { zh: '不在服务区域内', en: 'Does not serve the area' },
  skill: { zh: '技能不够', en: 'Lacks a skill' },
  full: { zh: '已达接单上限', en: 'Has as much as they may have' },
  reserved: { zh: '剩下的时间留给急单', en: 'What is left is kept for urgent work' },
  no_gap: { zh: '这段时间排不下', en: 'No room in that time' },
};

/** Rules against which something is done only with a reason (违规派单要写原因): those that do not depend on the day, what a colleague holds, and what was promised. */
export const overrideNames = {
  not_required: hardReasonNames.not_required, banned: hardReasonNames.banned, territory: hardReasonNames.territory, skill: hardReasonNames.skill,
  person_locked: { zh: '人员已锁定', en: 'Held with somebody else' },
  time_locked: { zh: '时间已锁定', en: 'Held at another time' },
  promise: { zh: '不在承诺给客户的时段内', en: 'Outside of the window promised to the customer' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type OverrideRule = keyof typeof overrideNames;

/** What is weighed (评分项), in words. */
export const scoreFactorNames: Record<ScoreFactor, { zh: string; en: string }> = {
  travel: { zh: '路程', en: 'Travel' },
  promptness: { zh: '最早到达', en: 'How soon' },
  skill: { zh: '技能匹配', en: 'Skill' },
  load: { zh: '当前负荷', en: 'Load' },
  territory: { zh: '服务区域', en: 'Territory' },
  familiarity: { zh: '熟悉程度', en: 'Knows it' },
  preference: { zh: '客户偏好', en: 'Preferred' },
  fairness: { zh: '派单均衡', en: 'Fair share' },
};

/** Where somebody is reckoned to set out from (出发地依据). */
export const startSources = ['check_in', 'home', 'recent_work', 'unknown'] as const;
export type StartSource = (typeof startSources)[number];

export const dispatchLimits = { proposals: 20, ruledOut: 200, serviceMinutes: { minimum: 5, maximum: 1_440 }, usualServiceMinutes: 60, windowDays: 60, previewed: 12 } as const;

export const ProposeTechnicians = Closed({
  windowStart: Type.Optional(Type.String({ format: 'date-time', description: 'The window of the visit; without one: as soon as possible' })),
  windowEnd: Type.Optional(Type.String({ format: 'date-time' })),
  minutes: Type.Optional(Type.Integer({ ...dispatchLimits.serviceMinutes, description: 'How long the work takes; what the category says when left away' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: dispatchLimits.proposals })),
}, { title: 'ProposeTechnicians' });
export type ProposeTechnicians = Static<typeof ProposeTechnicians>;

/** Somebody who could be sent, with how that is reckoned (派单建议). */
export const TechnicianProposal = Closed({
  technician: Reference,
  score: Type.Number({ description: 'From 0 to 100' }),
  sheet: Type.Array(Closed({
    factor: OneOf(scoreFactors), title: Type.String(),
    value: Type.Number({ description: 'From 0 to 1, more is better' }),
    points: Type.Number({ description: 'What it adds to the score' }),
    most: Type.Number({ description: 'What it could add' }),
  }), { description: 'Factor by factor; the points add up to the score' }),
  begins: Type.String({ format: 'date-time', description: 'When they could be there' }),
  travelMinutes: Nullable(Type.Integer({ description: 'Travel more than without this visit; null where the place is not known' })),
  travelFrom: Nullable(TravelOrigin),
  before: Nullable(Closed({ ticketId: Id, number: Type.String() }, { description: 'Goes in before this visit of their day; null: after all of them' })),
  crew: Type.Array(Closed({ technician: Nullable(Reference), skills: Type.Array(Type.String()) }), { description: 'Who could come along at that moment, one for each whom the work needs beside them; null: nobody can' }),
  visits: Type.Integer({ description: 'What they have to do that day already' }),
  shift: Closed({ from: Timestamp, to: Timestamp }),
  startsFrom: OneOf(startSources),
}, { title: 'TechnicianProposal' });
export type TechnicianProposal = Static<typeof TechnicianProposal>;

export const TechnicianProposals = Closed({
  items: Type.Array(TechnicianProposal, { description: 'The best first' }),
  eligible: Type.Integer({ description: 'How many could be sent' }),
  ruledOut: Type.Array(Closed({ technician: Reference, reason: OneOf(hardReasons), title: Type.String(), detail: Nullable(Type.String()) }), { description: `Those who could not, those of the ticket’s team first; at most ${dispatchLimits.ruledOut}` }),
  ruledOutCount: Type.Integer(),
  basis: Closed({
    day: Type.String({ format: 'date', description: 'The day of the organization it is reckoned for' }),
    windowStart: NullableTimestamp, windowEnd: NullableTimestamp,
    minutes: Type.Integer(),
    minutesFrom: OneOf(['given', 'learned', 'category', 'usual'], { description: 'learned: from what it took before' }),
    skills: Type.Array(Closed({ skill: Reference, level: Type.Integer() })),
    people: Type.Integer({ description: 'How many have to come' }),
    place: Nullable(OneOf(['ticket', 'asset', 'customer'])),
    travel: Nullable(OneOf(travelSources, { description: 'Where the travel times come from' })),
  }, { description: 'What was looked for' }),
}, { title: 'TechnicianProposals' });
export type TechnicianProposals = Static<typeof TechnicianProposals>;

/** Factors that a team can weigh (可调评分项). */
export const weighedFactors = ['travel', 'promptness', 'skill', 'load', 'territory', 'familiarity', 'preference', 'fairness'] as const satisfies readonly ScoreFactor[];
export type WeighedFactor = (typeof weighedFactors)[number];
const weight = Type.Integer({ minimum: 0, maximum: 100 });
const Weights = Closed({ travel: weight, promptness: weight, skill: weight, load: weight, territory: weight, familiarity: weight, preference: weight, fairness: weight }, { description: 'What each counts against the others; what tells nobody from another, as where no territory is drawn, counts nothing' });
const GivenWeights = Closed({ ...Weights.properties, territory: Type.Optional(weight), preference: Type.Optional(weight) }, { description: 'What each counts against the others; not all 0. territory and preference as usual when absent' });

/** What a team weighs when somebody is looked for to be sent (派单权重). */
export const DispatchWeights = Closed({
  team: Reference, weights: Weights,
  own: Type.Boolean({ description: 'False while the team goes by the usual weights' }),
  version: Type.Integer({ description: '0 while nothing was ever entered' }),
}, { title: 'DispatchWeights' });
export type DispatchWeights = Static<typeof DispatchWeights>;
export const UpdateDispatchWeights = Closed({ weights: Nullable(GivenWeights) }, { title: 'UpdateDispatchWeights', description: 'Null: the usual weights again' });
export type UpdateDispatchWeights = Static<typeof UpdateDispatchWeights>;

export const PreviewDispatchWeights = Closed({ weights: GivenWeights }, { title: 'PreviewDispatchWeights' });
const Best = Nullable(Closed({ technician: Reference, score: Type.Number() }));
export const DispatchPreview = Closed({
  items: Type.Array(Closed({
    ticket: Closed({ id: Id, number: Type.String(), subject: Type.String() }),
    /** Who has it, or had it. */
    assignee: Nullable(Reference),
    now: Best, draft: Best,
  }), { description: 'The newest tickets of the team that somebody was sent to or could be' }),
  changed: Type.Integer({ description: 'How many would be proposed to somebody else' }),
}, { title: 'DispatchPreview', description: 'Reckoned with today’s people and their day, as nobody keeps what was on another' });
export type DispatchPreview = Static<typeof DispatchPreview>;

import { Type, type Static } from 'typebox';
import { dayRules, type DayRule } from '../rules/day-plan/broken-rules.ts';
import { leftOutReasons } from '../rules/day-plan/left-out.ts';
import { priorities } from '../rules/ticket/lifecycle.ts';
import { visitStatuses } from '../rules/ticket/visit-lifecycle.ts';
import { Closed, Id, limits, Nullable, NullableTimestamp, OneOf, Page, pageQuery, Reference, Timestamp, visible } from './common.ts';
import { startSources } from './dispatch.ts';
import { TravelOrigin, travelSources } from './travel.ts';

type Words = { zh: string; en: string };

export const dayPlanLimits = {
  technicians: 300, stops: 60, draftTechnicians: 50, teams: 50, tickets: 1_000, days: 60, seconds: { minimum: 1, maximum: 30 }, usualSeconds: 5,
  promiseMinutes: { minimum: 15, maximum: 480 }, query: 100,
} as const;

/** What of a visit must not be changed (锁定), in words. A range lets the work begin within it, whoever comes. */
export const lockKinds = ['person', 'time', 'both', 'range'] as const;
export type LockKind = (typeof lockKinds)[number];
export const lockNames: Record<LockKind, Words> = {
  person: { zh: '锁定人员', en: 'Person held' },
  time: { zh: '锁定时间', en: 'Time held' },
  both: { zh: '锁定人员和时间', en: 'Person and time held' },
  range: { zh: '锁定时间范围', en: 'Held within a range' },
};
export const VisitLock = Closed({
  kind: OneOf(lockKinds),
  from: NullableTimestamp, until: NullableTimestamp,
}, { title: 'VisitLock', description: 'time, both: begins at `from`, `until` is null; range: begins from `from` to `until`; person: neither' });
export type VisitLock = Static<typeof VisitLock>;

/** Where the minutes of work come from (工时依据), in words. */
export const durationSources = ['on_site', 'person', 'learned', 'category', 'usual'] as const;
export type DurationSource = (typeof durationSources)[number];
export const durationSourceNames: Record<DurationSource, Words> = {
  on_site: { zh: '按到场时间推算', en: 'Reckoned from the check-in' },
  person: { zh: '按此人以往用时', en: 'What it took this person before' },
  learned: { zh: '按以往用时', en: 'What it took before' },
  category: { zh: '按分类设置', en: 'As the category says' },
  usual: { zh: '默认时长', en: 'The usual time' },
};

export { dayRules };
export type { DayRule };
export const dayRuleCodes = Object.keys(dayRules) as [DayRule, ...DayRule[]];

const Place = Closed({
  text: Nullable(Type.String()), lat: Nullable(Type.Number()), lng: Nullable(Type.Number()),
}, { description: 'WGS-84; of the ticket, else of its asset, else of its customer' });

const Skills = Type.Array(Closed({ skill: Reference, level: Type.Integer() }));

/** What a day comes to (当天合计). */
export const DayFigures = Closed({
  visits: Type.Integer(), travelSeconds: Type.Integer(), travelMetres: Type.Integer(), workSeconds: Type.Integer(),
  idleSeconds: Type.Integer({ description: 'Of the shift: neither on the way nor at work nor at rest' }),
  overtimeSeconds: Type.Integer(), late: Type.Integer({ description: 'Visits that begin later than promised, or end later than their deadline' }),
}, { title: 'DayFigures' });
export type DayFigures = Static<typeof DayFigures>;

/** A visit in somebody's day, with its times as they are reckoned now (当天的一次上门). */
export const DayStop = Closed({
  visitId: Nullable(Id), ticketId: Nullable(Id),
  withheld: Type.Boolean({ description: 'Its ticket is not for the caller to read: only its times are told, and it cannot be moved' }),
  number: Type.String({ description: 'Empty when withheld' }), subject: Type.String({ description: 'Empty when withheld' }),
  priority: Nullable(OneOf(priorities)), category: Nullable(Type.Array(Type.String())), place: Nullable(Place),
  status: Nullable(OneOf(visitStatuses, { description: 'Null: a ticket that has no visit yet, in a draft or a plan' })),
  fixed: Type.Boolean({ description: 'Under way, over, or withheld: it cannot be moved' }),
  windowStart: NullableTimestamp, windowEnd: NullableTimestamp,
  dueAt: NullableTimestamp,
  lock: Nullable(VisitLock),
  plannedStart: Nullable(Type.String({ format: 'date-time', description: 'When it was planned to begin; it is not reckoned to begin sooner' })),
  arrivesAt: Timestamp, startsAt: Type.String({ format: 'date-time', description: 'As it is reckoned now; of what has happened, when it did' }), endsAt: Timestamp,
  travelSeconds: Type.Integer({ description: 'From the stop before' }), travelMetres: Type.Integer(), travelFrom: Nullable(TravelOrigin),
  serviceMinutes: Type.Integer(), serviceFrom: OneOf(durationSources),
  late: Type.Boolean(), lateSeconds: Type.Integer({ description: 'Behind the promised window or the deadline, whichever is worse; 0 in time' }),
  skills: Skills, missingSkills: Skills,
  members: Type.Array(Reference, { description: 'Who comes beside the one who leads' }),
  along: Type.Boolean({ description: 'This is somebody’s part in a visit that another one leads: it is moved with that' }),
  version: Type.Integer({ description: 'Of the visit, or of the ticket where there is none: what a draft was made from' }),
}, { title: 'DayStop', description: 'windowStart to windowEnd is what was promised to the customer' });
export type DayStop = Static<typeof DayStop>;

const Span = Closed({ from: Timestamp, to: Timestamp });

/** Somebody's day on the board (人员当天安排). */
export const DayTechnician = Closed({
  id: Id, name: Type.String(), teamIds: Type.Array(Id),
  onDuty: Type.Boolean(), shiftsKnown: Type.Boolean({ description: 'False: nobody has entered when they work, so they count as at work all day' }),
  shifts: Type.Array(Span), breaks: Type.Array(Span, { description: 'Between two shifts of the day' }), absences: Type.Array(Span),
  onCall: Type.Array(Span, { description: 'Can be called out for what is urgent, outside of their shifts' }),
  skills: Skills,
  home: Nullable(Closed({ lat: Type.Number(), lng: Type.Number() })),
  start: Nullable(Closed({ lat: Type.Number(), lng: Type.Number(), from: OneOf(startSources) }, { description: 'Where the first leg begins' })),
  position: Nullable(Closed({ lat: Type.Number(), lng: Type.Number(), at: Timestamp }, { description: 'Last known, during a visit only' })),
  stops: Type.Array(DayStop, { description: 'In order' }),
  returnsAt: Nullable(Type.String({ format: 'date-time', description: 'End of the last stop' })),
  figures: DayFigures,
}, { title: 'DayTechnician' });
export type DayTechnician = Static<typeof DayTechnician>;

export const ShowDay = Closed({
  date: Type.Optional(Type.String({ format: 'date', description: 'A day of the organization’s zone; today when absent' })),
  teamId: Type.Optional(Id),
}, { title: 'ShowDay' });

/** The day of everybody one may give work to (调度日视图). */
export const DispatchDay = Closed({
  date: Type.String({ format: 'date' }), zone: Type.String(), now: Timestamp,
  from: Timestamp, to: Timestamp,
  teams: Type.Array(Reference, { description: 'Those that the caller gives work to' }),
  technicians: Type.Array(DayTechnician, { description: `By name, at most ${dayPlanLimits.technicians}` }),
  technicianCount: Type.Integer(),
  figures: DayFigures, travel: OneOf(travelSources),
}, { title: 'DispatchDay' });
export type DispatchDay = Static<typeof DispatchDay>;

/** Open tickets that nobody has and that have no visit (待排工单). */
export const ListUnplanned = Closed({
  ...pageQuery,
  q: Type.Optional(Type.String({ maxLength: dayPlanLimits.query, description: 'Part of the number, the subject or the address' })),
  teamId: Type.Optional(Id),
  priority: Type.Optional(OneOf(priorities)),
}, { title: 'ListUnplanned' });
export const UnplannedTicket = Closed({
  ticketId: Id, number: Type.String(), subject: Type.String(), priority: OneOf(priorities), category: Nullable(Type.Array(Type.String())),
  team: Nullable(Reference), place: Nullable(Place), windowStart: NullableTimestamp, windowEnd: NullableTimestamp, dueAt: NullableTimestamp, createdAt: Timestamp,
  skills: Skills, serviceMinutes: Type.Integer(), serviceFrom: OneOf(durationSources), version: Type.Integer(),
}, { title: 'UnplannedTicket' });
export type UnplannedTicket = Static<typeof UnplannedTicket>;
export const UnplannedTicketPage = Page(UnplannedTicket);

const DraftStop = Closed({
  visitId: Type.Optional(Type.String({ format: 'uuid', description: 'Of that day, or of another one: then it is moved to that day' })),
  ticketId: Type.Optional(Type.String({ format: 'uuid', description: 'A ticket that has no visit yet; one of the two' })),
  asVisit: Type.Optional(Type.String({ format: 'uuid', description: 'With ticketId: a visit of it that was called off. It is arranged as that was: with what the customer was told, who came along, the note and what was held' })),
  startsAt: Type.Optional(Type.String({ format: 'date-time', description: 'Not sooner than this. When absent: a visit that stays with its technician not sooner than it was planned, any other as soon as can be' })),
  lock: Type.Optional(Nullable(VisitLock)),
  version: Type.Optional(Type.Integer({ minimum: 0, description: 'Of the visit, or of the ticket where there is none: with it the change is refused when somebody else changed it meanwhile' })),
});
const draftParts = {
  date: Type.String({ format: 'date' }),
  technicians: Type.Array(Closed({
    technicianId: Id,
    stops: Type.Array(DraftStop, { maxItems: dayPlanLimits.stops, description: 'In order. What they have that day beside these stays, where its planned time puts it' }),
  }), { maxItems: dayPlanLimits.draftTechnicians, description: 'Those whose day changes; the others stay as they are' }),
  released: Type.Optional(Type.Array(Closed({ visitId: Id, version: Type.Optional(Type.Integer({ minimum: 0 })) }), { maxItems: dayPlanLimits.stops, description: 'Visits that are called off, their tickets given back to the unplanned' })),
};

/** A day as somebody would have it (当天草案): what is changed of it. */
export const EvaluateDraft = Closed(draftParts, { title: 'EvaluateDayDraft' });
export type EvaluateDraft = Static<typeof EvaluateDraft>;

/** A rule that is broken, by what (违反规则). */
export const BrokenRule = Closed({
  code: OneOf(dayRuleCodes), title: Type.String({ description: 'In words' }), detail: Nullable(Type.String()),
  hard: Type.Boolean({ description: 'Saving it takes a reason' }), isNew: Type.Boolean({ description: 'Not broken as things stand without the draft' }),
  technicianId: Id, visitId: Nullable(Id), ticketId: Nullable(Id),
}, { title: 'BrokenRule' });
export type BrokenRule = Static<typeof BrokenRule>;

/** What a draft comes to (方案评估): times, travel, lateness, broken rules, and the difference to how things stand. Nothing is saved. */
export const DraftEvaluation = Closed({
  technicians: Type.Array(Closed({ technicianId: Id, stops: Type.Array(DayStop), returnsAt: NullableTimestamp, figures: DayFigures }), { description: 'Those whose day changes, also those who only lose something' }),
  broken: Type.Array(BrokenRule),
  before: DayFigures, after: DayFigures,
  difference: DayFigures,
  travel: OneOf(travelSources),
}, { title: 'DraftEvaluation', description: 'before, after and difference (after less before) are of those whose day changes' });
export type DraftEvaluation = Static<typeof DraftEvaluation>;

const promiseMinutes = Type.Optional(Nullable(Type.Integer({ ...dayPlanLimits.promiseMinutes, description: 'How long a window is told to customers who have none yet, from the quarter of an hour the visit begins in; nothing is promised when null or absent' })));

/** Saves a draft (保存安排): assigns, schedules, plans anew and calls off, all of it or nothing. */
export const SaveDraft = Closed({
  ...draftParts, promiseMinutes,
  reason: Type.Optional(Type.String({ maxLength: limits.reason, pattern: visible, description: 'Why a hard rule is broken; kept in the history of each ticket it concerns' })),
}, { title: 'SaveDayDraft' });
export type SaveDraft = Static<typeof SaveDraft>;
export const SavedDraft = Closed({ ...DraftEvaluation.properties, changed: Type.Array(Closed({ ticketId: Id, visitId: Nullable(Id), number: Type.String() })) }, { title: 'SavedDraft' });
export type SavedDraft = Static<typeof SavedDraft>;

/** What the planner leaves as it is (保持不变), in words. Windows promised to customers are kept by all. */
export const keepModes = ['promises', 'people', 'everything'] as const;
export type KeepMode = (typeof keepModes)[number];
export const keepModeNames: Record<KeepMode, Words> = {
  promises: { zh: '只保持向客户的承诺', en: 'Only what was promised to customers' },
  people: { zh: '保持已派人员', en: 'Also who comes' },
  everything: { zh: '保持已有安排，只排新的', en: 'All that is planned: only put in what is new' },
};

export const planStates = ['waiting', 'running', 'ready', 'failed', 'applied', 'withdrawn'] as const;
export type PlanState = (typeof planStates)[number];
export const planStateNames: Record<PlanState, Words> = {
  waiting: { zh: '等待计算', en: 'Waiting' },
  running: { zh: '正在计算', en: 'Being worked out' },
  ready: { zh: '可以应用', en: 'Ready' },
  failed: { zh: '未能算出', en: 'Failed' },
  applied: { zh: '已应用', en: 'Applied' },
  withdrawn: { zh: '已放弃', en: 'Given up' },
};

/** Why no plan came about (未能算出的原因), in words. */
export const planFailures = {
  nothing_to_plan: { zh: '没有需要安排的工单和上门', en: 'There is nothing to plan' },
  nobody_on_duty: { zh: '这些班组当天没有人上班', en: 'Nobody of these teams is at work that day' },
  too_much: { zh: '工单或人员太多，请分班组计算', en: 'Too many tickets or people at once: plan team by team' },
  broken: { zh: '程序出错，请再试一次', en: 'Something went wrong: please try again' },
  given_up: { zh: '计算多次中断，已停止；没有改动任何安排，请重新计算', en: 'It was broken off again and again, and given up; nothing was changed: please plan again' },
} as const satisfies Record<string, Words>;
export type PlanFailure = keyof typeof planFailures;
export const planFailureCodes = Object.keys(planFailures) as [PlanFailure, ...PlanFailure[]];

export const RequestDayPlan = Closed({
  date: Type.String({ format: 'date' }),
  teamIds: Type.Array(Id, { minItems: 1, maxItems: dayPlanLimits.teams, uniqueItems: true, description: 'Whose people are planned, and whose tickets' }),
  ticketIds: Type.Optional(Type.Array(Id, { maxItems: dayPlanLimits.tickets, uniqueItems: true, description: `These unplanned tickets; all of the teams when absent, the most pressing ${dayPlanLimits.tickets} of them` })),
  seconds: Type.Optional(Type.Integer({ ...dayPlanLimits.seconds, description: `How long is searched; ${dayPlanLimits.usualSeconds} when absent` })),
  keep: Type.Optional(OneOf(keepModes, { description: 'promises when absent' })),
  promiseMinutes,
}, { title: 'RequestDayPlan' });
export type RequestDayPlan = Static<typeof RequestDayPlan>;

/** What happened that a day is planned anew for (重排事由), in words. */
export const replanEvents = ['technician_absent', 'visit_late', 'urgent_ticket'] as const;
export type ReplanEvent = (typeof replanEvents)[number];
export const replanEventNames: Record<ReplanEvent, Words> = {
  technician_absent: { zh: '人员临时缺勤', en: 'Somebody cannot work' },
  visit_late: { zh: '上门延误', en: 'A visit runs late' },
  urgent_ticket: { zh: '紧急插单', en: 'An urgent ticket came in' },
};
export const RequestReplan = Closed({
  date: Type.String({ format: 'date' }),
  teamIds: Type.Array(Id, { minItems: 1, maxItems: dayPlanLimits.teams, uniqueItems: true }),
  event: OneOf(replanEvents),
  technicianId: Type.Optional(Type.String({ format: 'uuid', description: 'technician_absent: who' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'technician_absent: since when; now when absent' })),
  visitId: Type.Optional(Type.String({ format: 'uuid', description: 'visit_late: which' })),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_440, description: 'visit_late: by how much' })),
  ticketId: Type.Optional(Type.String({ format: 'uuid', description: 'urgent_ticket: which' })),
  promiseMinutes,
}, { title: 'RequestReplan' });
export type RequestReplan = Static<typeof RequestReplan>;

export const planChanges = ['new', 'person', 'time', 'kept', 'removed'] as const;
export type PlanChange = (typeof planChanges)[number];
export const planChangeNames: Record<PlanChange, Words> = {
  new: { zh: '新安排', en: 'Newly planned' },
  person: { zh: '换人', en: 'Somebody else' },
  time: { zh: '改时间', en: 'Another time' },
  kept: { zh: '不变', en: 'Unchanged' },
  removed: { zh: '没有人能去，退回待排', en: 'Nobody can come: given back' },
};

/** What became of an item when the plan was applied (应用结果), in words. */
export const planOutcomes = {
  applied: { zh: '已安排', en: 'Done' },
  given_back: { zh: '已退回待排', en: 'Given back' },
  unchanged: { zh: '无需改动', en: 'Nothing to change' },
  left: { zh: '未选择', en: 'Not chosen' },
  changed: { zh: '工单或上门已有变动，未改动', en: 'The ticket or visit was changed meanwhile: left alone' },
  taken: { zh: '已派给别人，未改动', en: 'Somebody else has it meanwhile: left alone' },
  ended: { zh: '工单已结束，未改动', en: 'The ticket has ended meanwhile: left alone' },
  begun: { zh: '工程师已出发，未改动', en: 'The technician has set out meanwhile: left alone' },
  not_permitted: { zh: '没有派单权限，未改动', en: 'Not yours to assign any more: left alone' },
  person_unavailable: { zh: '人员已不可派，未改动', en: 'The technician cannot be sent any more: left alone' },
  no_room: { zh: '此人当天已有变动，排不下，未改动', en: 'Their day has changed and has no room for it: left alone' },
  time_over: { zh: '计划时间已经过去，未改动', en: 'The time it was planned for is over: left alone' },
} as const satisfies Record<string, Words>;
export type PlanOutcome = keyof typeof planOutcomes;
export const planOutcomeCodes = Object.keys(planOutcomes) as [PlanOutcome, ...PlanOutcome[]];

const PlannedTimes = Closed({ technician: Reference, members: Type.Array(Reference), startsAt: Timestamp, endsAt: Timestamp });

/** One ticket in a plan: how it stands and how it would (计划明细). */
export const PlanItem = Closed({
  ticketId: Id, visitId: Nullable(Id), number: Type.String(), subject: Type.String(), priority: OneOf(priorities), place: Nullable(Place),
  change: OneOf(planChanges),
  before: Nullable(PlannedTimes), after: Nullable(PlannedTimes),
  travelSeconds: Type.Integer(), travelMetres: Type.Integer(), travelFrom: Nullable(TravelOrigin), serviceMinutes: Type.Integer(), serviceFrom: OneOf(durationSources), late: Type.Boolean(),
  breaks: Type.Array(Closed({ code: OneOf(dayRuleCodes), title: Type.String() }), { description: 'Hard rules that it breaks anew, as nobody can keep them: applying it takes a reason' }),
  outcome: Nullable(Closed({ code: OneOf(planOutcomeCodes), title: Type.String() })),
}, { title: 'PlanItem' });
export type PlanItem = Static<typeof PlanItem>;

export const blockCodes = Object.keys(leftOutReasons) as [keyof typeof leftOutReasons, ...(keyof typeof leftOutReasons)[]];
/** What would have to give way for a visit to be planned (最近的放宽), in words. */
export const relaxations = {
  later: { zh: '{name} 可以去，但要晚 {minutes} 分钟开始', en: '{name} could come, beginning {minutes} min later' },
  earlier: { zh: '{name} 可以去，但要早 {minutes} 分钟开始', en: '{name} could come, beginning {minutes} min earlier' },
  overtime: { zh: '{name} 加班 {minutes} 分钟可以做完', en: '{name} could do it with {minutes} min of overtime' },
  skill: { zh: '{name} 有空，但缺少技能“{skill}”', en: '{name} has time, but lacks the skill “{skill}”' },
  person: { zh: '{name} 有空，但不在可派人员之列', en: '{name} has time, but is not one who may be sent' },
  capacity: { zh: '{name} 动用 {minutes} 分钟应急预留可以做', en: '{name} could do it with {minutes} min of what is kept free for emergencies' },
  visits: { zh: '{name} 有空，但上门次数已满', en: '{name} has time, but as many visits as they may have' },
  second: { zh: '{name} 可以去，还缺同行人员', en: '{name} could come, but nobody is free to come along' },
  penalty: { zh: '{name} 可以去，但绕路太远', en: '{name} could come, but it is too far out of the way' },
} as const satisfies Record<string, Words>;
export type RelaxationKind = keyof typeof relaxations;
export const relaxationKinds = Object.keys(relaxations) as [RelaxationKind, ...RelaxationKind[]];

/** Why a ticket is not in a plan, and what would have to give way (未排原因与最近的放宽). */
export const PlanLeftOut = Closed({
  ticketId: Id, visitId: Nullable(Id), number: Type.String(), subject: Type.String(), priority: OneOf(priorities),
  reason: OneOf(blockCodes), title: Type.String({ description: 'The rule in words' }),
  relaxations: Type.Array(Closed({
    kind: OneOf(relaxationKinds), technician: Reference, minutes: Nullable(Type.Integer({ description: 'By how much' })), title: Type.String({ description: 'In words' }),
  }), { description: 'What would do, the nearest first' }),
}, { title: 'PlanLeftOut' });
export type PlanLeftOut = Static<typeof PlanLeftOut>;

/** A plan of a day (智能排程): worked out in the background, then applied or given up. */
export const DayPlan = Closed({
  id: Id, state: OneOf(planStates), title: Type.String({ description: 'The state in words' }),
  date: Type.String({ format: 'date' }), teams: Type.Array(Reference), event: Nullable(OneOf(replanEvents)),
  keep: OneOf(keepModes), seconds: Type.Integer(), promiseMinutes: Nullable(Type.Integer()),
  requestedBy: Nullable(Reference), requestedAt: Timestamp, startedAt: NullableTimestamp, readyAt: NullableTimestamp, endedAt: NullableTimestamp, endedBy: Nullable(Type.String()),
  failure: Nullable(Closed({ code: OneOf(planFailureCodes), title: Type.String() })),
  before: Nullable(DayFigures), after: Nullable(DayFigures),
  moved: Type.Integer({ description: 'Bookings with somebody else, at another time (by more than a quarter of an hour), or out of the plan' }),
  bookings: Type.Integer({ description: 'Of how many' }),
  items: Type.Array(PlanItem), leftOut: Type.Array(PlanLeftOut),
  aside: Nullable(Closed({
    beyond: Type.Integer({ description: `Beyond the most pressing ${dayPlanLimits.tickets}` }),
    gone: Type.Integer({ description: 'Asked for, but waiting no longer, or not the caller’s to give out' }),
    later: Type.Integer({ description: 'Promised for a later day' }),
  }, { description: 'How many tickets were not looked at, and why' })),
  travel: Nullable(OneOf(travelSources)), version: Type.Integer(),
}, { title: 'DayPlan', description: 'Items and what is left out are empty until it is ready, and in lists' });
export type DayPlan = Static<typeof DayPlan>;
export const DayPlanPage = Page(DayPlan);
export const ListDayPlans = Closed({ ...pageQuery, date: Type.Optional(Type.String({ format: 'date' })) }, { title: 'ListDayPlans' });

export const ApplyDayPlan = Closed({
  ticketIds: Type.Optional(Type.Array(Id, { maxItems: 2_000, uniqueItems: true, description: 'Only these; all when absent' })),
  reason: Type.Optional(Type.String({ maxLength: limits.reason, pattern: visible, description: 'Why hard rules are broken, where `breaks` of an item names some; kept in the history of each ticket it concerns' })),
}, { title: 'ApplyDayPlan' });
export type ApplyDayPlan = Static<typeof ApplyDayPlan>;

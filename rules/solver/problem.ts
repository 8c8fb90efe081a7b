/**
 * What is to be planned (排程问题), as plain data, so that it can be sent to another thread. Times are seconds from any
 * common origin, durations seconds; costs are in a unit of the caller's (seconds of travel do well). All indexes begin
 * at 0: a technician, visit or place is named by where it stands in its list.
 */
export interface PlanProblem {
  /** Number of places (地点). */
  places: number;
  /** Seconds of travel from place a to place b at [a * places + b] (路程时间); need not be symmetric. */
  durations: Float64Array;
  /** What a leg costs, in the same shape; the durations when absent. */
  costs?: Float64Array;
  /** The skills there are (技能); a visit that asks for another one is a mistake in the input. */
  skills?: readonly string[];
  visits: readonly PlanVisit[];
  technicians: readonly PlanTechnician[];
  weights?: PlanWeights;
}

/** What is wished for rather than demanded (软约束), in the unit of the costs; 0 when absent. */
export interface PlanWeights {
  /** Per level that somebody has above what a visit asks for: experts stay free for what only they can do. */
  overskill?: number;
}

/** From a second to another, both included. */
export type TimeWindow = readonly [start: number, end: number];

/** A skill a visit asks for. */
export interface SkillDemand {
  skill: string;
  /** At least this level (等级); 1 when absent. */
  level?: number;
  /** What sending somebody without it costs; it cannot be done without it when absent. */
  missingCost?: number;
}

/** Something to be done on site (上门服务). */
export interface PlanVisit {
  place: number;
  /** Seconds of work on site. */
  service: number;
  /** Seconds it takes single technicians, where that differs (人员工时). */
  serviceBy?: readonly (readonly [technician: number, seconds: number])[];
  /** When the work may begin, in any order; at any time when absent. */
  windows?: readonly TimeWindow[];
  /** What leaving it out costs (未排惩罚): it stays out only where that is cheaper. */
  penalty: number;
  skills?: readonly SkillDemand[];
  /** Nobody but these may do it (指定人员). */
  required?: readonly number[];
  /** Others cost `notPreferredCost` (优先人员). */
  preferred?: readonly number[];
  notPreferredCost?: number;
  /** These may not (禁派人员). */
  banned?: readonly number[];
  /** What it takes of each capacity of a shift. */
  demand?: readonly number[];
  /** Somebody else who has to be there all the while (第二人). */
  second?: PlanSecondPerson;
  lock?: PlanLock;
  promised?: PlanPromise;
}

/** Whom the second person of a visit may be; both begin at the same moment. */
export interface PlanSecondPerson {
  skills?: readonly SkillDemand[];
  required?: readonly number[];
  banned?: readonly number[];
}

/** What may not be changed (锁定): the person, the time, both, or a stretch of time. */
export interface PlanLock {
  technician?: number;
  /** The second person. */
  second?: number;
  /** Begins at this very moment. */
  begin?: number;
  /** Begins within, beside what the windows say. */
  range?: TimeWindow;
}

/** What has been agreed, and what going back on it costs (承诺与改动成本). */
export interface PlanPromise {
  technician?: number;
  /** Cost of somebody else. */
  technicianCost?: number;
  begin?: number;
  /** Seconds by which it may begin earlier or later and still counts as kept; 0 when absent. */
  tolerance?: number;
  /** Cost of beginning outside of that. */
  beginCost?: number;
}

export interface PlanTechnician {
  /** Level by skill; a skill not named is one they lack. */
  skills?: Readonly<Record<string, number>>;
  shifts: readonly PlanShift[];
}

/** One stretch of work, from leaving to being back (班次). Somebody's shifts do not overlap. */
export interface PlanShift {
  /** Place it begins at: home, depot, or where somebody now is. */
  start: number;
  /** Place it ends at; null: it ends where the last visit was. */
  end: number | null;
  /** Leaves not before, is back not after. */
  window: TimeWindow;
  breaks?: readonly PlanBreak[];
  /** Of each dimension (载量); a dimension not named is unlimited. */
  capacity?: readonly number[];
  /** Visits at most. */
  mostVisits?: number;
  /** What it costs that somebody goes out at all. */
  fixedCost?: number;
}

/** A rest (休息), taken wherever the technician then is; in a shift without visits it does not matter. */
export interface PlanBreak {
  /** When it may begin, in any order. */
  windows: readonly TimeWindow[];
  /** Seconds. */
  duration: number;
}

/** What stands in a route: a visit, the second person's part in one, or a break of the shift. */
export type StopKind = 'visit' | 'second' | 'break';

/** A stop without times, as somebody puts it on a board. */
export interface DraftStop {
  kind: StopKind;
  index: number;
  /** When two people have agreed to begin; without meaning for others. */
  begins?: number;
}

/** The work of one shift in order. */
export interface DraftRoute {
  technician: number;
  shift: number;
  stops: readonly DraftStop[];
}

/** A plan without times (草案): a person's, or one there was. Shifts not named are empty. */
export interface PlanDraft {
  routes: readonly DraftRoute[];
}

export interface PlanStop extends DraftStop {
  arrives: number;
  begins: number;
  ends: number;
}

export interface PlanRoute {
  technician: number;
  shift: number;
  stops: PlanStop[];
  /** When they are back at the place the shift ends at; the end of the last stop where it ends nowhere. */
  returns: number;
}

/** A plan (排程结果): a route for each shift that has visits. */
export interface Plan {
  routes: PlanRoute[];
  /** Visits left out, in order. */
  unassigned: number[];
  cost: PlanCost;
}

/** What a plan costs, by cause; `total` is their sum. */
export interface PlanCost {
  travel: number;
  fixed: number;
  /** Of sending this person rather than another: skill, preference. */
  suitability: number;
  /** Of promises changed. */
  changes: number;
  /** Of visits left out. */
  penalty: number;
  total: number;
}

/** How much there may be: beyond that the input is refused rather than chewed on. */
export const planLimits = { places: 6_000, visits: 5_000, technicians: 3_000, shifts: 10_000, windows: 50, dimensions: 8, breaks: 10 } as const;

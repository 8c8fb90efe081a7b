import type { Filter } from '../conditions/filter.ts';
import type { FilterRecord } from '../conditions/filter-to-logic.ts';
import type { Priority, TicketStatus, WaitingFor } from '../ticket/lifecycle.ts';

/**
 * SLA policies (SLA 策略) as data: for which tickets, and what is promised on them: by when, reckoned in which calendar,
 * paused by what, who is warned and who is called in.
 */

/** What can be promised. acceptance 接单 · first_response 首次响应 · next_response 后续响应 · arrival 到场 · step 环节时限 · resolution 解决. */
export const slaMetrics = ['acceptance', 'first_response', 'next_response', 'arrival', 'step', 'resolution'] as const;
export type SlaMetric = (typeof slaMetrics)[number];

export const slaMetricNames: Readonly<Record<SlaMetric, { zh: string; en: string }>> = {
  acceptance: { zh: '接单', en: 'Acceptance' },
  first_response: { zh: '首次响应', en: 'First response' },
  next_response: { zh: '后续响应', en: 'Next response' },
  arrival: { zh: '到场', en: 'Arrival' },
  step: { zh: '环节', en: 'Step' },
  resolution: { zh: '解决', en: 'Resolution' },
};

/** Which tickets are meant (适用范围): all that is given must hold, an absent list holds for any. */
export interface SlaScope {
  /** Ids of ticket types. */
  readonly types?: readonly string[];
  readonly priorities?: readonly Priority[];
  /** Tiers of the customer; `none`: a customer without one. */
  readonly tiers?: readonly string[];
}

export interface SlaPolicy extends SlaScope {
  readonly id: string;
  /** Rises with each publication; what runs keeps the version it began with. */
  readonly version: number;
  readonly name: string;
  readonly nameEn?: string | null;
  /** False: passed over. */
  readonly active: boolean;
  /** Anything else that must hold of the ticket, in the filter language. */
  readonly condition?: Filter;
  readonly targets: readonly SlaTarget[];
}

/** One promise (目标). For each metric (and team, and step) the first that fits the ticket counts. */
export interface SlaTarget extends SlaScope {
  /** Stable and of its own within the policy. */
  readonly key: string;
  readonly metric: SlaMetric;
  /**
   * customer 对客户: what the customer was promised · team 班组内部 (OLA): what a team promised its own house. A team's clock
   * runs while it has the ticket, and anew each time it gets it.
   */
  readonly party: 'customer' | 'team';
  /** Of a team's target: whose; absent: of every team. */
  readonly team?: string;
  /** Of a step's target: the step's key in the flow; absent: of every step. */
  readonly step?: string;
  /** Working minutes. */
  readonly minutes: number;
  /** The id of a business calendar. */
  readonly calendar: string;
  /** The clock begins with this rather than with the ticket (acceptance, arrival and resolution). */
  readonly startsWith?: 'created' | 'assigned' | 'accepted';
  /** What stops the clock for a while (暂停); nothing else does. */
  readonly pauses: readonly SlaPause[];
  /** Warnings (预警) when so much of the time is used: percentages from 1 to 99. */
  readonly warnings: readonly number[];
  /** Who is called in when (升级阶梯), in order of time. */
  readonly ladder: readonly SlaRung[];
  /** What becomes of a resolution when the ticket is reopened: its time goes on (the default), or a new promise begins. */
  readonly whenReopened?: 'go_on' | 'start_anew';
  /** What becomes of time that is used when this target takes another's place: it counts (the default), or counting begins anew. */
  readonly whenChanged?: 'keep_used' | 'start_anew';
}

/** A status of the ticket in which the clock stands still: a status class (waiting: for these only, when given), or one of the organization's own. */
export type SlaPause =
  | { readonly status: TicketStatus; readonly waitingFor?: readonly WaitingFor[] }
  | { readonly statusId: string };

/** One step of the ladder: so many working minutes after the time is over (0: at once), or when so much of it is used (1 to 1000 %). */
export type SlaRung = ({ readonly afterMinutes: number } | { readonly percent: number }) & {
  readonly whom: readonly SlaRecipient[];
  /** Kinds of channels all of which are used at once; absent: as each person has it. */
  readonly channels?: readonly string[];
};

export const slaRecipientKinds = ['assignee', 'team_lead', 'manager', 'department_head', 'watchers', 'staff', 'team', 'role'] as const;
/** Whom to tell: by their part in the ticket, or by id. */
export type SlaRecipient =
  | { readonly kind: 'assignee' | 'team_lead' | 'manager' | 'department_head' | 'watchers' }
  | { readonly kind: 'staff' | 'team' | 'role'; readonly id: string };

/** Limits of every policy. Ten years are no promise: a target is at most a year of round-the-clock time. */
export const slaLimits = { minutes: 527_040, percent: 1_000, targets: 100, pauses: 20, warnings: 10, rungs: 20, recipients: 20, list: 200, text: 200, channels: 10 } as const;

/** A ticket as clocks see it (计时所需的工单信息). */
export interface SlaTicket {
  readonly type: string;
  readonly priority: Priority;
  readonly tier: string | null;
  readonly team: string | null;
  readonly status: TicketStatus;
  readonly waitingFor: WaitingFor | null;
  /** One of the organization's own statuses. */
  readonly statusId: string | null;
  /** All its properties, for the conditions of policies ({@link SlaPolicy.condition}); absent: conditions hold for nothing. */
  readonly record?: FilterRecord;
}

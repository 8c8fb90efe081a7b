/**
 * Every kind of background job (后台任务): slow or outside work that a reader of the fact log hands on.
 * The program refuses to start unless each kind has exactly one handler in server/jobs.ts.
 *
 * `attempts`: how often it is tried again; `seconds`: how long a try may take. Calls to the outside count their own tries, and
 * decide themselves when it is enough: given up by the queue, whoever waits for an answer would wait for ever.
 */
export const jobKinds = {
  'file.make_thumbnail': { attempts: 3, seconds: 60 },
  'ticket.carry_to_children': { attempts: 10, seconds: 300 },
  'alarm.gather_storm': { attempts: 5, seconds: 60 },
  'ticket.run_bulk': { attempts: 10, seconds: 900 },
  'ticket.index_fields': { attempts: 10, seconds: 900 },
  'search.refresh_customer': { attempts: 10, seconds: 900 },
  'import.run': { attempts: 5, seconds: 60 },
  'sms.send_phone_code': { attempts: 5, seconds: 30 },
  'flow.call': { attempts: 1_000, seconds: 180 },
  'sla.refresh': { attempts: 10, seconds: 900 },
  'sla.simulate': { attempts: 5, seconds: 900 },
  'dispatch.plan_day': { attempts: 3, seconds: 120 },
  'dispatch.give_up_plan': { attempts: 10, seconds: 60 },
  'automation.call': { attempts: 1_000, seconds: 60 },
} as const satisfies Record<string, { attempts: number; seconds: number }>;

/** A kind of background job. */
export type JobKind = keyof typeof jobKinds;

/** Jobs that wait for others than us are carried out side by side (并行执行的任务): so many of a batch at once. All others one after the other. */
export const sideBySide: Readonly<Partial<Record<JobKind, number>>> = { 'flow.call': 16, 'automation.call': 16 };

/**
 * Who hears that a job was given up after its last attempt (放弃后的处理): a job of the second kind comes, told the same. Needed where somebody
 * waits for what came of it; a job that always took its program down with it could tell nobody by itself.
 */
export const givenUpTo: Readonly<Partial<Record<JobKind, JobKind>>> = { 'dispatch.plan_day': 'dispatch.give_up_plan' };

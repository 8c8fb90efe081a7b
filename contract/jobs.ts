/**
 * Every kind of background job (后台任务): slow or outside work that a reader of the fact log hands on.
 * The program refuses to start unless each kind has exactly one handler in server/jobs.ts.
 */
export const jobKinds = {
  'file.make_thumbnail': { attempts: 3, seconds: 60 },
  'ticket.carry_to_children': { attempts: 10, seconds: 300 },
  'ticket.run_bulk': { attempts: 10, seconds: 900 },
  'ticket.index_fields': { attempts: 10, seconds: 900 },
  'search.refresh_customer': { attempts: 10, seconds: 900 },
  'import.run': { attempts: 5, seconds: 60 },
  'sms.send_phone_code': { attempts: 5, seconds: 30 },
  'flow.call': { attempts: 12, seconds: 60 },
  'sla.refresh': { attempts: 10, seconds: 900 },
  'sla.simulate': { attempts: 5, seconds: 900 },
  'automation.call': { attempts: 6, seconds: 60 },
} as const satisfies Record<string, { attempts: number; seconds: number }>;

/** A kind of background job. */
export type JobKind = keyof typeof jobKinds;

import { jobKinds, type JobKind } from '../contract/jobs.ts';
import type { SendSms } from './channels/sms/send.ts';
import { carryToChildren } from './journey/process/carry-to-children.ts';
import { continueBulk } from './journey/process/bulk.ts';
import { giveUpPlan } from './journey/dispatch/day/plans/give-up-plan.ts';
import { workOutPlan } from './journey/dispatch/day/plans/work-out-plan.ts';
import { gatherStorm } from './journey/intake/gather-storm.ts';
import { startImport } from './journey/intake/import/run-import.ts';
import type { Services } from './platform/context.ts';
import type { JobHandler } from './platform/jobs/jobs.ts';
import { makeFlowCall } from './journey/process/flow/call.ts';
import { makeCall } from './reactions/automation/call.ts';
import { refreshCustomer } from './reactions/search/refresh-customer.ts';
import { refreshClocks } from './reactions/sla/refresh.ts';
import { runSimulation } from './reactions/sla/run-simulation.ts';
import { sendPhoneCode } from './records/access/send-phone-code.ts';
import { makeThumbnail } from './records/file/thumbnail-job.ts';
import { indexFields } from './records/ticket/index-fields-job.ts';

/** Every kind of job and the one who carries it out (任务表). */
export function jobHandlers(services: Services, sendSms: SendSms): Record<JobKind, JobHandler> {
  return {
    'file.make_thumbnail': (data) => makeThumbnail(services, data as { tenantId: string; fileId: string }),
    'ticket.carry_to_children': (data) => carryToChildren(services, data as { tenantId: string; position: number }),
    'alarm.gather_storm': (data) => gatherStorm(services, data as { tenantId: string; ticketId: string }),
    'ticket.run_bulk': (data) => continueBulk(services, data as { tenantId: string; runId: string }),
    'ticket.index_fields': (data) => indexFields(services, data as { tenantId: string; typeId: string }),
    'search.refresh_customer': (data) => refreshCustomer(services, data as { tenantId: string; customerId: string }),
    'import.run': (data) => startImport(services, data as { tenantId: string; importId: string }),
    'flow.call': (data) => makeFlowCall(services, data as { tenantId: string; callId: string }),
    'sla.refresh': (data) => refreshClocks(services, data as { tenantId: string; anew: boolean }),
    'sla.simulate': (data) => runSimulation(services, data as { tenantId: string; simulationId: string }),
    'automation.call': (data) => makeCall(services, data as { tenantId: string; callId: string }),
    'dispatch.give_up_plan': (data) => giveUpPlan(services, data as { tenantId: string; planId: string }),
    'dispatch.plan_day': (data) => workOutPlan(services, data as { tenantId: string; planId: string }),
    'sms.send_phone_code': (data, job) => sendPhoneCode(services, sendSms, data as { tenantId: string; sealed: string; requestedAt: string }, job.id),
  };
}

/** Throws unless each kind of job has exactly one handler. */
export function ensureEveryJobHandled(handlers: Record<string, JobHandler>): void {
  const missing = Object.keys(jobKinds).filter((kind) => !(kind in handlers));
  const strangers = Object.keys(handlers).filter((kind) => !(kind in jobKinds));
  if (missing.length > 0) throw new Error(`server/jobs.ts has no handler for: ${missing.join(', ')}`);
  if (strangers.length > 0) throw new Error(`server/jobs.ts handles jobs that contract/jobs.ts does not name: ${strangers.join(', ')}`);
}

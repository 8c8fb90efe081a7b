import type { FactKind } from '../../contract/facts.ts';
import type { JobKind } from '../../contract/jobs.ts';
import type { Fact } from '../platform/facts/fact.ts';
import type { Jobs } from '../platform/jobs/jobs.ts';

// Sent side by side, as the reader's place stays locked, and all writing is seen later, until the last one is in.
const together = 50;

// By then a request that still carries its own run out has ended, or has died.
const seconds = { behindRequest: 90 };

/** What is handed on: the kind of job, what it is told, and how long it waits. */
type HandedOn = [kind: JobKind, data: Record<string, unknown>, afterSeconds?: number];

/** Which job comes of which fact (任务对照表); null where this one leaves nothing to do. */
const jobsOf: Partial<Record<FactKind, (fact: Fact) => HandedOn | null>> = {
  'file.uploaded': ({ tenantId, subjectId, data: { mediaType } }) => (typeof mediaType === 'string' && mediaType.startsWith('image/') ? ['file.make_thumbnail', { tenantId, fileId: subjectId }] : null),
  'phone_code.requested': ({ tenantId, occurredAt, data: { sealed, language } }) => ['sms.send_phone_code', { tenantId, sealed, language, requestedAt: occurredAt.toISOString() }],
  'ticket.created': gatherStorm,
  'ticket.resolved': carryToChildren,
  'comment.added': carryToChildren,
  // One that is done within its request has nothing left by then, unless the program went down in the middle of it.
  'bulk_run.started': ({ tenantId, subjectId, data }) => ['ticket.run_bulk', { tenantId, runId: subjectId }, data['inBackground'] === true ? 0 : seconds.behindRequest],
  'customer.changed': refreshCustomer,
  'customer.merged': refreshTarget,
  'customer.unmerged': refreshTarget,
  'ticket_type.created': indexFields,
  'ticket_type.form_published': indexFields,
  'flow.call_requested': ({ tenantId, subjectId }) => ['flow.call', { tenantId, callId: subjectId }],
  'automation.call_requested': ({ tenantId, subjectId }) => ['automation.call', { tenantId, callId: subjectId }],
  'business_calendar.published': ({ tenantId }) => ['sla.refresh', { tenantId, anew: false }],
  'sla_policy.published': ({ tenantId, data }) => (data['running'] === true ? ['sla.refresh', { tenantId, anew: true }] : null),
  'sla.simulation_requested': ({ tenantId, subjectId }) => ['sla.simulate', { tenantId, simulationId: subjectId }],
  'dispatch.plan_requested': ({ tenantId, subjectId }) => ['dispatch.plan_day', { tenantId, planId: subjectId }],
  'import.requested': runImport,
  'import.resumed': runImport,
};

// Only alarms come as storms.
function gatherStorm({ tenantId, ticketId, data }: Fact): HandedOn | null {
  return data['channel'] === 'alarm' || (data['now'] as { channel?: unknown } | undefined)?.channel === 'alarm' ? ['alarm.gather_storm', { tenantId, ticketId }] : null;
}

// Most concern their own ticket only.
function carryToChildren({ tenantId, position, data }: Fact): HandedOn | null {
  return Array.isArray(data['childIds']) ? ['ticket.carry_to_children', { tenantId, position }] : null;
}

function indexFields({ tenantId, subjectId }: Fact): HandedOn {
  return ['ticket.index_fields', { tenantId, typeId: subjectId }];
}

// Tickets are found by the name of their customer, and by nothing else of theirs.
function refreshCustomer({ tenantId, subjectId, data: { before, after } }: Fact): HandedOn | null {
  const nameIn = (part: unknown) => (part as { name?: unknown } | undefined)?.name;
  return nameIn(before) === nameIn(after) ? null : ['search.refresh_customer', { tenantId, customerId: subjectId }];
}

// It may have taken the name of the other, or given it back.
function refreshTarget({ tenantId, subjectId, data: { target } }: Fact): HandedOn | null {
  return (target as { id?: unknown } | undefined)?.id === subjectId ? ['search.refresh_customer', { tenantId, customerId: subjectId }] : null;
}

function runImport({ tenantId, subjectId }: Fact): HandedOn {
  return ['import.run', { tenantId, importId: subjectId }];
}

/**
 * Hands what is slow or outside from the fact log to the job queue (转交任务). A job's identity follows from its fact,
 * so that a batch that is taken twice makes no job twice.
 */
export function handOn(jobs: Jobs): { name: string; kinds: ReadonlySet<FactKind>; react(transaction: unknown, facts: readonly Fact[]): Promise<void> } {
  return {
    name: 'jobs',
    kinds: new Set(Object.keys(jobsOf) as FactKind[]),
    async react(_transaction, facts) {
      for (let start = 0; start < facts.length; start += together) {
        await Promise.all(facts.slice(start, start + together).map((fact) => send(jobs, fact)));
      }
    },
  };
}

async function send(jobs: Jobs, fact: Fact): Promise<void> {
  const jobOf = jobsOf[fact.kind];
  // Passed over, it would be lost: the reader's place moves on behind it.
  if (!jobOf) throw new Error(`no job is known for ${fact.kind}`);
  const handed = jobOf(fact);
  if (handed) await jobs.send(handed[0], `${fact.tenantId} ${fact.position}`, handed[1], handed[2]);
}

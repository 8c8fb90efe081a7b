import type { Fact } from '../platform/facts/fact.ts';
import type { Jobs } from '../platform/jobs/jobs.ts';
import type { Logger } from '../platform/log.ts';

// Sent side by side, as the reader's place stays locked, and all writing is seen later, until the last one is in.
const together = 50;

/**
 * Hands what is slow or outside from the fact log to the job queue (转交任务). A job's identity follows from its fact,
 * so that a batch that is taken twice makes no job twice.
 */
export function handOn(jobs: Jobs, log: Logger): { name: string; react(transaction: unknown, facts: readonly Fact[]): Promise<void> } {
  return {
    name: 'jobs',
    async react(_transaction, facts) {
      for (let start = 0; start < facts.length; start += together) {
        await Promise.all(facts.slice(start, start + together).map((fact) => send(jobs, log, fact)));
      }
    },
  };
}

async function send(jobs: Jobs, log: Logger, fact: Fact): Promise<void> {
  const origin = `${fact.tenantId} ${fact.position}`;
  if (fact.kind === 'file.uploaded') {
    const { mediaType } = fact.data;
    if (typeof mediaType === 'string' && mediaType.startsWith('image/')) await jobs.send('file.make_thumbnail', origin, { tenantId: fact.tenantId, fileId: fact.subjectId });
  } else if (fact.kind === 'phone_code.requested') {
    const { sealed, language } = fact.data;
    await jobs.send('sms.send_phone_code', origin, { tenantId: fact.tenantId, sealed, language, requestedAt: fact.occurredAt.toISOString() });
  } else if (fact.kind === 'ticket.resolved' || fact.kind === 'comment.added') {
    // Most concern their own ticket only.
    if (Array.isArray(fact.data['childIds'])) await jobs.send('ticket.carry_to_children', origin, { tenantId: fact.tenantId, position: fact.position });
  } else if (fact.kind === 'bulk_run.started') {
    // One that was done within its request has nothing left to do.
    if (fact.data['inBackground'] === true) await jobs.send('ticket.run_bulk', origin, { tenantId: fact.tenantId, runId: fact.subjectId });
  } else if (fact.kind === 'ticket_type.created' || fact.kind === 'ticket_type.form_published') {
    await jobs.send('ticket.index_fields', origin, { tenantId: fact.tenantId, typeId: fact.subjectId });
  } else if (fact.kind === 'import.requested' || fact.kind === 'import.resumed') {
    await jobs.send('import.run', origin, { tenantId: fact.tenantId, importId: fact.subjectId });
  } else {
    log.error({ kind: fact.kind }, 'no job is known for this fact');
  }
}

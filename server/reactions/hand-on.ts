import type { Fact } from '../platform/facts/fact.ts';
import type { Jobs } from '../platform/jobs/jobs.ts';
import type { Logger } from '../platform/log.ts';

/**
 * Hands what is slow or outside from the fact log to the job queue (转交任务). A job's identity follows from its fact,
 * so that a batch that is taken twice makes no job twice.
 */
export function handOn(jobs: Jobs, log: Logger): { name: string; react(transaction: unknown, facts: readonly Fact[]): Promise<void> } {
  return {
    name: 'jobs',
    async react(_transaction, facts) {
      for (const fact of facts) {
        const origin = `${fact.tenantId} ${fact.position}`;
        if (fact.kind === 'file.uploaded') {
          const { mediaType } = fact.data;
          if (typeof mediaType === 'string' && mediaType.startsWith('image/')) await jobs.send('file.make_thumbnail', origin, { tenantId: fact.tenantId, fileId: fact.subjectId });
        } else if (fact.kind === 'phone_code.requested') {
          await jobs.send('sms.send_phone_code', origin, { tenantId: fact.tenantId, sealed: fact.data['sealed'], requestedAt: fact.occurredAt.toISOString() });
        } else {
          log.error({ kind: fact.kind }, 'no job is known for this fact');
        }
      }
    },
  };
}

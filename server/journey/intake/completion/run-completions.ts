import type { Services } from '../../../platform/context.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../../platform/process/keep-doing.ts';
import { claimCompletions, ofWords, onCompletionAsked, postponeCompletion, type DueCompletion } from '../../../records/completion/completions.ts';
import { completeTicket } from './ask-connector.ts';
import { understandTicket } from './understand.ts';

const batch = 16;
const pollMilliseconds = 1_000;
// Another system that does not answer must not keep the program from ending.
const farewellMilliseconds = 5_000;
const mostAttempts = 6;

/**
 * Completes the tickets that are due (工单补全): after they are there, so that nobody who reports something waits for it.
 *
 * @returns how many there were
 */
export async function completeDue(services: Services): Promise<number> {
  const due = await claimCompletions(services.database, services.clock.now(), batch);
  await Promise.all(due.map((one) => completeOne(services, one)));
  return due.length;
}

async function completeOne(services: Services, due: DueCompletion): Promise<void> {
  try {
    await (due.source === ofWords ? understandTicket(services, due) : completeTicket(services, due));
  } catch (error) {
    services.log.error({ error, tenantId: due.tenant_id, ticket: due.ticket_id, source: due.source }, 'a ticket could not be completed; it will be tried again');
    const later = new Date(services.clock.now().getTime() + Math.min(3_600, 10 * 4 ** Math.min(due.attempts, mostAttempts)) * 1_000);
    await services.database.transact(due.tenant_id, (transaction) => postponeCompletion(transaction, due, later, { code: 'internal_error', detail: 'see the log of the program' })).catch(() => {});
  }
}

/** Keeps completing until stopped; woken when a ticket is to be completed. */
export function runCompletions(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await completeDue(services) >= batch ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'tickets to complete could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  );
  onCompletionAsked(work.wake);
  return stoppedWithin(work, farewellMilliseconds);
}

import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import { outsideTools, SendFailure } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, noteChannel, openChannel } from '../../records/channel/accounts.ts';
import { keepMessages } from '../../records/channel/inbox.ts';
import { duePulls, moveCursor, onPullAsked, postponePull, type PullRow } from '../../records/channel/pulls.ts';

const batch = 8;
const pollMilliseconds = 1_000;
// A platform that does not answer must not keep the program from ending.
const farewellMilliseconds = 5_000;
const pauses = [5, 15, 60, 300];
// Should the call that says that there is something have been lost.
const lookAnyway = 600_000;
const never = new Date('9999-01-01T00:00:00Z');

/**
 * Asks for what there is where calls only said that there is something (拉取消息): page by page, each kept in the transaction that moves the
 * cursor on, so that a program that dies in between asks for it again, and nobody finds it twice.
 *
 * @returns how many were asked
 */
export async function pullDue(services: Services): Promise<number> {
  const due = await duePulls(services.database, services.clock.now(), batch);
  await Promise.all(due.map((row) => pullOne(services, row).catch((error: unknown) => {
    services.log.error({ error, tenantId: row.tenant_id, account: row.account_id }, 'a channel could not be asked for its messages; it will be tried again');
  })));
  return due.length;
}

async function pullOne(services: Services, row: PullRow): Promise<void> {
  const { database, clock, secrets } = services;
  const [channel] = await database.transact(row.tenant_id, (transaction) => findChannels(transaction, [row.account_id]));
  const account = channel ? openChannel(secrets, channel) : null;
  const adapter = channel ? inboundAdapters[channel.kind] : undefined;
  const later = (failure: string, next: Date) => database.transact(row.tenant_id, (transaction) => postponePull(transaction, row, failure, next));
  if (!channel?.active || channel.archived_at || !account || !adapter?.pull) return void await later('the channel is off', channel?.archived_at ? never : new Date(clock.now().getTime() + lookAnyway));
  try {
    const page = await adapter.pull(account, row.place, row.cursor, row.hint, outsideTools(clock, services.privateHosts ?? []));
    const now = clock.now();
    await database.transact(row.tenant_id, async (transaction) => {
      if (!await moveCursor(transaction, row, page.cursor, page.more ? now : new Date(now.getTime() + lookAnyway), now)) return;
      if (page.messages.length > 0) await keepMessages(transaction, row.account_id, page.messages, page.raw, now);
    });
    if (page.messages.length > 0) await noteChannel.received(database, row.tenant_id, row.account_id, now);
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    const seconds = error.retryAfterSeconds ?? pauses[Math.min(row.attempts, pauses.length - 1)]!;
    await later(error.message, new Date(clock.now().getTime() + seconds * 1_000));
    await noteChannel.refused(database, row.tenant_id, row.account_id, clock.now(), `account: ${error.message}`);
  }
}

/** Keeps asking until stopped; woken when a call says that there is something. */
export function runPulls(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await pullDue(services) > 0 ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'what is to be asked for could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  );
  onPullAsked(work.wake);
  return stoppedWithin(work, farewellMilliseconds);
}

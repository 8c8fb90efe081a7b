import { actorOf, type Caller, type Context, type Services } from '../../platform/context.ts';
import { build, isDatabaseError, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { loadActive } from '../../records/access/subjects.ts';
import { findRun, finish, keep, settle, takeItem, type BulkRunRow, type KeptRefusal, type Outcome } from '../../records/bulk/runs.ts';
import { actOn } from './bulk-act.ts';

/** Opens the context in which the run's owner does something to one ticket, in a transaction of its own. */
export type InTransaction = <Result>(work: (context: Context) => Promise<Result>) => Promise<Result>;

/** Undoes what was done in a transaction, and brings out what it would have been. */
class Undone extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('undone');
    this.outcome = outcome;
  }
}

/** What doing something to a ticket would come to (预演): it is done, and undone again. */
export async function tryOn(inTransaction: InTransaction, ticketId: string, action: BulkRunRow['action']): Promise<{ outcome: Outcome; refusal: KeptRefusal | null }> {
  try {
    return await inTransaction(async (context) => {
      throw new Undone(await actOn(context, ticketId, action));
    });
  } catch (error) {
    if (error instanceof Undone) return { outcome: error.outcome, refusal: null };
    if (error instanceof Refusal) return { outcome: 'refused', refusal: keep(error) };
    return { outcome: 'failed', refusal: null };
  }
}

/**
 * Carries a run on, ticket after ticket, each in a transaction that also says what became of it: whatever breaks it off,
 * nothing is done twice and nothing is left out. One that is refused, or fails, does not hold up the others.
 *
 * @param isStopping asked before each ticket
 * @returns whether the run came to its end
 */
export async function carryOn(inTransaction: InTransaction, run: BulkRunRow, services: Pick<Services, 'log'>, isStopping: () => boolean = () => false): Promise<boolean> {
  let behind = 0;
  for (;;) {
    if (isStopping()) return false;
    const item = await step(inTransaction, run, behind, services);
    if (!item) break;
    behind = item;
  }
  return inTransaction((context) => finish(context, run.id));
}

/** Does the next ticket; returns its place, or undefined when there is none left. */
async function step(inTransaction: InTransaction, run: BulkRunRow, behind: number, { log }: Pick<Services, 'log'>): Promise<number | undefined> {
  let place: number | undefined;
  const attempt = () => inTransaction(async (context) => {
    const item = await takeItem(context.transaction, run.id, behind);
    place = item?.place;
    if (item) await settle(context.transaction, run.id, item.place, await actOn(context, item.ticketId, run.action), null);
  });
  try {
    // Who lost a race sees, the second time, what the other one wrote.
    await attempt().catch((error: unknown) => (['23505', '40P01', '40001'].some((code) => isDatabaseError(error, code)) ? attempt() : Promise.reject(error)));
  } catch (error) {
    if (place === undefined) throw error;
    if (!(error instanceof Refusal)) log.error({ error, run: run.id, place }, 'a ticket of a bulk run failed');
    const settled = place;
    await inTransaction(({ transaction }) => settle(transaction, run.id, settled, error instanceof Refusal ? 'refused' : 'failed', error instanceof Refusal ? keep(error) : null));
  }
  return place;
}

/** The job that carries on what is too much for a request (后台批量任务): with what its owner may do at the moment. */
export async function continueBulk(services: Services, { tenantId, runId }: { tenantId: string; runId: string }): Promise<void> {
  const { database } = services;
  const run = await database.transact(tenantId, (transaction) => findRun(transaction, runId));
  if (run?.state !== 'running') return;
  const inTransaction: InTransaction = (work) => database.transact(tenantId, async (transaction) => work(await contextOf(services, transaction, run)));
  await carryOn(inTransaction, run, services);
}

/** What a request of the run's owner would bring now. Somebody who has left may do nothing any more. */
async function contextOf(services: Services, transaction: Transaction, run: BulkRunRow): Promise<Context> {
  const now = services.clock.now();
  const person = (await loadActive(transaction, [run.staff_id], now)).get(run.staff_id);
  const subject = person?.subject ?? { staffId: run.staff_id, teamIds: [], departmentIds: [], grants: [] };
  const organization = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', run.tenant_id));
  const caller: Caller = {
    kind: 'staff', via: run.via === 'api_key' ? 'api_key' : 'session', name: person?.name ?? '', credentialId: run.id, expiresAt: null,
    subject: run.only_permissions ? { ...subject, onlyPermissions: new Set(run.only_permissions) } : subject,
  };
  return {
    tenantId: run.tenant_id, transaction, now, caller, actor: actorOf(caller), language: 'zh-CN', requestId: run.id, remoteAddress: '', csrfToken: null, userAgent: '',
    configurationVersion: organization?.configuration_version ?? 0, services,
  };
}

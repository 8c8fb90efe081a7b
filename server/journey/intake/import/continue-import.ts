import { systemActor } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { setTimer, type TimerHandler } from '../../../platform/timers/timers.ts';
import { unfinished } from '../../../records/import/store.ts';

const graceSeconds = 10;

/**
 * Nobody has been heard of who works on an import (续跑导入): the program was killed, or never came to it. A fact says so,
 * and whoever carries out jobs takes it up where it was left.
 */
export const continueImport: TimerHandler = async (transaction, timer, now) => {
  const row = await transaction.first(build.selectFrom('import_job').select(['id', 'status', 'leased_until', 'attempts', 'kind', 'file_name'])
    .where('tenant_id', '=', timer.tenantId).where('id', '=', timer.subjectId));
  if (!row || !(unfinished as readonly string[]).includes(row.status)) return;
  const alive = row.leased_until !== null && row.leased_until > now;
  await setTimer(transaction, { kind: 'import.continue', subjectId: row.id, dueAt: new Date((alive ? row.leased_until! : now).getTime() + (alive ? graceSeconds : 6 * graceSeconds) * 1_000) });
  if (alive) return;
  await recordFact(transaction, { kind: 'import.resumed', actor: systemActor, data: { importKind: row.kind, fileName: row.file_name }, occurredAt: now, recordedAt: now, subjectId: row.id });
};

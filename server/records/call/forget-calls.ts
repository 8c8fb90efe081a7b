import { systemActor, type Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { standardIntake } from '../completion/intake-setting.ts';
import { tellOnTicket } from '../ticket/change.ts';
import { lockTicket } from '../ticket/find.ts';

const batch = 100;
// A day's worth of a busy house; what is left waits for the next time.
const mostBatches = 100;

interface OldCall {
  id: string;
  ticket_id: string | null;
  file_id: string | null;
  storage_key: string | null;
}

const findKeeping = statement<{ tenant_id: string; days: number }>('call.keeping', `
  SELECT o.tenant_id, coalesce(s.call_days, ${standardIntake.call_days}) AS days FROM organization o LEFT JOIN intake_setting s ON s.tenant_id = o.tenant_id`);
const findOld = statement<OldCall>('call.find_old', `
  SELECT c.id, c.ticket_id, f.id AS file_id, f.storage_key FROM call c LEFT JOIN file f ON f.tenant_id = c.tenant_id AND f.id = c.recording_file_id
  WHERE c.tenant_id = $1 AND c.started_at < $2 ORDER BY c.started_at LIMIT ${batch}`);
// In one statement: the foreign key of the recording is looked at once it is over. What was given another recording meanwhile stays for the next time.
const forget = statement<{ id: string; file_id: string | null }>('call.forget', `
  WITH gone AS (
    DELETE FROM call c USING unnest($2::uuid[], $3::uuid[]) AS old (id, file_id)
    WHERE c.tenant_id = $1 AND c.id = old.id AND c.recording_file_id IS NOT DISTINCT FROM old.file_id RETURNING c.id, c.recording_file_id AS file_id),
  recordings AS (DELETE FROM file f USING gone WHERE f.tenant_id = $1 AND f.id = gone.file_id)
  SELECT id, file_id FROM gone`);

/**
 * Forgets calls that were kept as long as the organization says (通话清理): recording, words, note and all. Their tickets say so, and are not found by those words any
 * longer; how many they were stands in the audit trail. The bytes go first: should the rest fail, the call is still there to be found next time.
 *
 * @returns how many calls were forgotten
 */
export async function forgetCalls({ blobs, database }: Pick<Services, 'blobs' | 'database'>, now: Date): Promise<number> {
  let forgotten = 0;
  for (const { tenant_id: tenantId, days } of await database.transact(everyTenant, (transaction) => transaction.query(findKeeping, []))) {
    const before = new Date(now.getTime() - days * 86_400_000);
    for (let turn = 0; turn < mostBatches; turn += 1) {
      const old = await database.transact(tenantId, (transaction) => transaction.query(findOld, [tenantId, before]));
      if (old.length === 0) break;
      await Promise.all(old.flatMap(({ storage_key: key }) => (key === null ? [] : [blobs.remove(key)])));
      forgotten += await database.transact(tenantId, async (transaction) => {
        const context = { tenantId, transaction, now, actor: systemActor };
        const ofTickets = Map.groupBy(old.filter((call) => call.ticket_id !== null), (call) => call.ticket_id!);
        // In one order, before anything is written: whoever locks several tickets does so.
        const tickets = [];
        for (const id of [...ofTickets.keys()].sort()) tickets.push(await lockTicket(context, id));
        const gone = new Map((await transaction.query(forget, [tenantId, old.map((call) => call.id), old.map((call) => call.file_id)])).map((call) => [call.id, call]));
        if (gone.size === 0) return 0;
        for (const ticket of tickets) {
          const count = ticket ? ofTickets.get(ticket.id)!.filter((call) => gone.has(call.id)).length : 0;
          if (ticket && count > 0) await tellOnTicket(context, ticket, { kind: 'call.forgotten', data: { count }, quiet: true });
        }
        const recordings = [...gone.values()].filter((call) => call.file_id !== null).length;
        await recordFact(transaction, { kind: 'call.purged', actor: systemActor, occurredAt: now, recordedAt: now, data: { count: gone.size, recordings, before: before.toISOString(), days } });
        return gone.size;
      });
      if (old.length < batch) break;
    }
  }
  return forgotten;
}

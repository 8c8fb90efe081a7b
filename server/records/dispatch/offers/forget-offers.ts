import type { Services } from '../../../platform/context.ts';
import { statement } from '../../../platform/db/database.ts';
import { batch, inBatches, older } from '../../channel/forget-old-messages.ts';

const ended = `offer o LEFT JOIN intake_setting s ON s.tenant_id = o.tenant_id WHERE o.ended_at IS NOT NULL AND ${older('message_days', 'o.ended_at')}`;
const forgetCandidates = statement<{ id: string }>('offer_candidate.forget', `
  WITH old AS MATERIALIZED (
    SELECT c.tenant_id, c.offer_id, c.staff_id FROM (SELECT o.tenant_id, o.id FROM ${ended}) o JOIN offer_candidate c ON c.tenant_id = o.tenant_id AND c.offer_id = o.id
    WHERE EXISTS (SELECT 1 FROM offer_candidate later WHERE later.tenant_id = c.tenant_id AND later.staff_id = c.staff_id AND (later.offered_at, later.offer_id) > (c.offered_at, c.offer_id)) LIMIT ${batch})
  DELETE FROM offer_candidate f USING old WHERE f.tenant_id = old.tenant_id AND f.offer_id = old.offer_id AND f.staff_id = old.staff_id RETURNING f.staff_id AS id`);
const forgetEmpty = statement<{ id: string }>('offer.forget', `
  WITH old AS MATERIALIZED (
    SELECT o.tenant_id, o.id FROM ${ended} AND NOT EXISTS (SELECT 1 FROM offer_candidate c WHERE c.tenant_id = o.tenant_id AND c.offer_id = o.id) LIMIT ${batch})
  DELETE FROM offer f USING old WHERE f.tenant_id = old.tenant_id AND f.id = old.id RETURNING f.id`);

/**
 * Forgets offers that ended long ago and whom they were made to (派单记录清理), after as many days as the organization keeps messages. The last one of
 * everybody stays: whose turn it is goes by it. What became of them stands on their tickets and stays there.
 */
export async function forgetOffers({ database }: Pick<Services, 'database'>, now: Date): Promise<{ candidates: number; offers: number }> {
  return { candidates: await inBatches(database, forgetCandidates, now), offers: await inBatches(database, forgetEmpty, now) };
}

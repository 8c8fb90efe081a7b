import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { batch, inBatches, older } from '../channel/forget-old-messages.ts';

const forgetNews = statement<{ id: string }>('customer_news.forget', `
  DELETE FROM customer_news f USING (
    SELECT n.tenant_id, n.id FROM customer_news n LEFT JOIN intake_setting s ON s.tenant_id = n.tenant_id
    WHERE n.state <> 'waiting' AND ${older('message_days', 'n.settled_at')} ORDER BY n.settled_at LIMIT ${batch} FOR UPDATE OF n SKIP LOCKED) AS old
  WHERE f.tenant_id = old.tenant_id AND f.id = old.id RETURNING f.id`);

/** Forgets long after what customers were told, and why they were not (通报记录清理); the messages stay on their tickets. */
export const forgetOldNews = ({ database }: Pick<Services, 'database'>, now: Date): Promise<number> => inBatches(database, forgetNews, now);

import { statement } from '../../platform/db/database.ts';
import type { Reader } from '../../platform/facts/readers.ts';

const write = statement<never>('customer_message.write', `
  INSERT INTO customer_message (tenant_id, customer_id, created_at, message_id, ticket_id)
  SELECT m.tenant_id, t.customer_id, m.created_at, m.id, t.id
  FROM message m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
  WHERE m.tenant_id = $1 AND m.id = ANY($2::uuid[]) AND t.customer_id IS NOT NULL
  ON CONFLICT DO NOTHING`);

/** Keeps the messages of each customer in the order of time (客户沟通记录), whatever tickets they stand on. */
export const keepCustomerMessages: Reader = {
  name: 'customer messages',
  kinds: new Set(['comment.added']),
  async react(transaction, facts) {
    const byTenant = [...Map.groupBy(facts, (fact) => fact.tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [tenantId, ofTenant] of byTenant) {
      const ids = ofTenant.map((fact) => fact.subjectId).filter((id) => id !== null);
      if (ids.length > 0) await transaction.query(write, [tenantId, ids]);
    }
  },
};

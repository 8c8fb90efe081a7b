import { statement, type Transaction } from '../../platform/db/database.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';

const write = statement<never>('customer_message.write', `
  INSERT INTO customer_message (tenant_id, customer_id, created_at, message_id, ticket_id)
  SELECT m.tenant_id, t.customer_id, m.created_at, m.id, t.id
  FROM message m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
  WHERE m.tenant_id = $1 AND m.id = ANY($2::uuid[]) AND t.customer_id IS NOT NULL
  ON CONFLICT DO NOTHING`);

const forget = statement<never>('customer_message.forget', `
  DELETE FROM customer_message m USING unnest($2::uuid[], $3::uuid[]) AS gone (customer_id, ticket_id)
  WHERE m.tenant_id = $1 AND m.customer_id = gone.customer_id AND m.ticket_id = gone.ticket_id`);
const writeOf = statement<never>('customer_message.write_ticket', `
  INSERT INTO customer_message (tenant_id, customer_id, created_at, message_id, ticket_id)
  SELECT m.tenant_id, t.customer_id, m.created_at, m.id, t.id
  FROM ticket t JOIN message m ON m.tenant_id = t.tenant_id AND m.ticket_id = t.id
  WHERE t.tenant_id = $1 AND t.id = ANY($2::uuid[]) AND t.customer_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM fact f WHERE f.tenant_id = $1 AND f.ticket_id = t.id AND f.kind = 'comment.added' AND f.subject_id = m.id)
  ON CONFLICT DO NOTHING`);

/** Keeps the messages of each customer in the order of time (客户沟通记录), whatever tickets they stand on. */
export const keepCustomerMessages: Reader = {
  name: 'customer messages',
  kinds: new Set(['comment.added', 'ticket.changed']),
  async react(transaction, facts) {
    const byTenant = [...Map.groupBy(facts, (fact) => fact.tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [tenantId, ofTenant] of byTenant) {
      const ids = ofTenant.filter((fact) => fact.kind === 'comment.added').map((fact) => fact.subjectId).filter((id) => id !== null);
      if (ids.length > 0) await transaction.query(write, [tenantId, ids]);
      await follow(transaction, tenantId, ofTenant);
    }
  },
};

/** A ticket that turned out to be somebody else's takes what was said on it along. */
async function follow(transaction: Transaction, tenantId: string, facts: readonly Fact[]): Promise<void> {
  const handed = facts.flatMap(({ kind, ticketId, data }) => {
    const { before, after } = data as { before?: { customerId?: string | null }; after?: object };
    return kind === 'ticket.changed' && ticketId !== null && after !== undefined && 'customerId' in after ? [{ ticketId, from: before?.customerId ?? null }] : [];
  });
  if (handed.length === 0) return;
  const left = handed.filter(({ from }) => from !== null);
  await transaction.query(forget, [tenantId, left.map(({ from }) => from), left.map(({ ticketId }) => ticketId)]);
  await transaction.query(writeOf, [tenantId, [...new Set(handed.map(({ ticketId }) => ticketId))]]);
}

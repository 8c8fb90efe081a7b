import { bigramVector } from '../../../rules/text/bigrams.ts';
import { marksOf } from '../../../rules/text/marks.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { maskPhone } from '../../platform/masking.ts';

// Of each ticket at most this many characters are searched; beyond it the oldest messages are left out. Whatever they
// are, their words stay below the 1 MiB that a tsvector may hold.
const longestText = 100_000;

interface TicketText {
  id: string;
  number: string;
  created_at: Date;
  text: string;
  contact_phone: string | null;
  messages: string | null;
}

// Messages newest first, as long as they fit: what was said last is what people look for.
const findTexts = statement<TicketText>('ticket_search.texts', `
  SELECT t.id, t.number, t.created_at, t.contact_phone, m.messages,
    concat_ws(E'\\n', t.subject, t.contact_name, c.name, t.address, i.number, t.resolution, t.description) AS text
  FROM ticket t
  LEFT JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id
  -- The number it had elsewhere, before it was imported.
  LEFT JOIN LATERAL (
    SELECT substr(key, 4) AS number FROM imported_record WHERE tenant_id = $1 AND record_id = t.id AND kind = 'tickets' AND key LIKE 'id:%' LIMIT 1) i ON true
  LEFT JOIN LATERAL (
    SELECT string_agg(body, E'\\n' ORDER BY id DESC) AS messages
    FROM (
      SELECT id, body, sum(length(body) + 1) OVER (ORDER BY id DESC) - length(body) AS start
      FROM (
        SELECT id, body FROM message WHERE tenant_id = $1 AND ticket_id = t.id
        -- Whoever reads the ticket reads the conversations beside it; nobody else finds it.
        UNION ALL SELECT id, concat_ws(E'\\n', subject, address_name, address) FROM side_conversation WHERE tenant_id = $1 AND ticket_id = t.id
        -- What was said on the telephone, and noted of it.
        UNION ALL SELECT id, concat_ws(E'\\n', note, transcript_text) FROM call WHERE tenant_id = $1 AND ticket_id = t.id
        UNION ALL SELECT m.id, m.body FROM side_conversation s JOIN side_message m ON m.tenant_id = s.tenant_id AND m.conversation_id = s.id WHERE s.tenant_id = $1 AND s.ticket_id = t.id
      ) said
    ) message WHERE start <= $3
  ) m ON true
  WHERE t.tenant_id = $1 AND t.id = ANY($2::uuid[])
  ORDER BY t.id`);

const writeWords = statement<never>('ticket_search.write', `
  INSERT INTO ticket_search AS present (tenant_id, ticket_id, created_at, words)
  SELECT $1::uuid, id, created_at, words::tsvector FROM unnest($2::uuid[], $3::timestamptz[], $4::text[]) AS fresh (id, created_at, words)
  ON CONFLICT (tenant_id, ticket_id) DO UPDATE SET words = excluded.words WHERE present.words <> excluded.words`);

/** Keeps the words by which tickets are found (全文检索): one query and one write for all tickets of a batch. */
export const indexTickets: Reader = {
  name: 'search',
  kinds: new Set(['ticket.created', 'ticket.changed', 'ticket.resolved', 'comment.added', 'side_conversation.opened', 'side_conversation.replied', 'call.linked', 'call.unlinked', 'call.transcribed', 'call.forgotten']),
  async react(transaction, facts) {
    const byTenant = [...Map.groupBy(facts, (fact) => fact.tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [tenantId, ofTenant] of byTenant) {
      const ids = new Set(ofTenant.map((fact) => fact.ticketId).filter((id) => id !== null));
      await writeWordsOf(transaction, tenantId, [...ids]);
    }
  },
};

/** Writes down the words of tickets as they are now. Two who do so at once may leave what the earlier one read: whoever is not the reader holds its place meanwhile. */
export async function writeWordsOf(transaction: Transaction, tenantId: string, ids: readonly string[]): Promise<void> {
  const tickets = await transaction.query(findTexts, [tenantId, [...ids], longestText]);
  await transaction.query(writeWords, [
    tenantId, tickets.map((ticket) => ticket.id), tickets.map((ticket) => ticket.created_at), tickets.map((ticket) => vectorOf(tenantId, ticket)),
  ]);
}

// Of the phone number only what masking shows is found by itself, and the number as a whole.
function vectorOf(tenantId: string, { number, text, messages, contact_phone: phone, created_at: createdAt }: TicketText): string {
  const shown = /\d+$/.exec(maskPhone(phone) ?? '')?.[0];
  const words = [...shown === undefined ? [] : [shown], text, ...messages === null ? [] : [messages]].join('\n').slice(0, longestText);
  return bigramVector(words, { numbers: phone === null ? [] : [phone.replace(/\D/g, '')], ticketNumber: number, marks: marksOf(tenantId, createdAt.getTime()) });
}

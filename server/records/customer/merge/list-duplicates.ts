import { sql, type RawBuilder } from 'kysely';
import { Closed, Id } from '../../../../contract/common.ts';
import { DuplicateList, type DuplicateCandidate } from '../../../../contract/customer.ts';
import { compareCustomers, leastScore, type Comparable } from '../../../../rules/customers/duplicates.ts';
import { contactsSaid } from '../../../../rules/customers/said-contacts.ts';
import { textQuery } from '../../../../rules/text/record-words.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { familiesOf, familyOf } from '../family.ts';
import { masksOf } from '../personal-data/masks.ts';
import { eachWordIn, idWithWords, rowsOf, walked } from '../search/branches.ts';
import { keepApart, keptApart } from '../../ticket/kept-apart.ts';
import { viewCustomers, type CustomerRow } from '../view-customer.ts';

const mostOfEach = 100;
const mostShown = 20;
const ticketsRead = 200;
const textsRead = 50;
const longestSaid = 2_000;

/**
 * Customers who may be the same person (疑似重复客户), the likeliest first, each with its reasons. Numbers that were typed
 * on a customer's tickets count as theirs, so that somebody who was entered twice, once without a number, is found.
 */
export const listDuplicates = useCase({
  summary: 'Propose duplicates of a customer',
  params: Closed({ id: Id }),
  answer: DuplicateList,
  async run(context, { params }) {
    const { transaction, tenantId } = context;
    const row = await transaction.first(build.selectFrom('customer').selectAll().where('tenant_id', '=', tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    const family = await familyOf(context, row.id);
    const [own] = await comparables(context, [row], true);
    const apart = await keptApart(context, 'customer', row.id);
    const candidates = (await findCandidates(context, row, own!)).filter((candidate) => !family.includes(candidate.id) && !apart.has(candidate.id));
    const compared = (await comparables(context, candidates, false)).map((other, index) => ({ row: candidates[index]!, ...compareCustomers(own!, other) }))
      .filter(({ score }) => score >= leastScore).sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? -1 : 1)).slice(0, mostShown);
    const [shown, masks] = await Promise.all([viewCustomers(context, compared.map((one) => one.row)), masksOf(context)]);
    return {
      items: compared.map((one, index): DuplicateCandidate => ({
        customer: shown[index]!, score: one.score,
        reasons: one.reasons.map(({ reason, points, value }) => ({ reason, points, detail: value === null ? null : reason === 'same_phone' || reason === 'said_phone' ? masks.show('phone', value) : reason === 'same_email' || reason === 'said_email' ? masks.show('email', value) : value })),
      })),
    };
  },
});

/** Remembers that two customers are two people (不是同一个人): they are proposed no more. */
export const keepCustomersApart = useCase({
  summary: 'Say that another customer is somebody else',
  params: Closed({ id: Id, other: Id }),
  answer: null,
  async run(context, { params: { id, other } }) {
    const rows = await context.transaction.run(build.selectFrom('customer').select(['id', 'name']).where('tenant_id', '=', context.tenantId).where('id', 'in', [id, other]));
    if (id === other || rows.length !== 2) throw new Refusal('not_found');
    if (!await keepApart(context, 'customer', id, other)) return;
    await recordFact(context.transaction, { kind: 'customer.kept_apart', subjectId: id, actor: context.actor, occurredAt: context.now, recordedAt: context.now, data: { name: rows.find((row) => row.id === id)!.name, from: { id: other, name: rows.find((row) => row.id === other)!.name } } });
  },
});

async function comparables(context: Context, rows: readonly CustomerRow[], withTickets: boolean): Promise<Comparable[]> {
  if (rows.length === 0) return [];
  const { transaction, tenantId } = context;
  const families = await familiesOf(context, rows.map((row) => row.id));
  const everybody = [...families.values()].flat();
  const contacts = await transaction.run(build.selectFrom('contact_point').select(['customer_id', 'kind', 'value']).where('tenant_id', '=', tenantId).where('customer_id', 'in', everybody).where('kind', 'in', ['phone', 'email']));
  const typed = !withTickets ? [] : await rowsOf<{ customer_id: string; phone: string | null; email: string | null }>(transaction, sql`select DISTINCT t.customer_id, t.contact_phone AS phone, t.contact_email AS email FROM (
    SELECT customer_id, contact_phone, contact_email FROM ticket WHERE tenant_id = ${tenantId} AND customer_id = ANY(${everybody}::uuid[]) ORDER BY created_at DESC LIMIT ${ticketsRead}) t`);
  const texts = !withTickets ? [] : await rowsOf<{ said: string }>(transaction, sql`select said FROM (
    (SELECT left(concat_ws(' ', subject, description), ${longestSaid}::int) AS said, created_at FROM ticket WHERE tenant_id = ${tenantId} AND customer_id = ANY(${everybody}::uuid[]) ORDER BY created_at DESC LIMIT ${textsRead})
    UNION ALL (SELECT left(m.body, ${longestSaid}::int), m.created_at FROM ticket t JOIN message m ON m.tenant_id = ${tenantId} AND m.ticket_id = t.id AND m.direction = 'inbound' AND m.author_id = ANY(${everybody}::uuid[])
      WHERE t.tenant_id = ${tenantId} AND t.customer_id = ANY(${everybody}::uuid[]) ORDER BY m.created_at DESC LIMIT ${textsRead})) t`);
  const said = texts.length === 0 ? undefined : contactsSaid(texts.map((one) => one.said).join('\n'));
  return rows.map((row) => {
    const ids = families.get(row.id)!;
    const values = (kind: 'phone' | 'email') => [...new Set([
      ...contacts.filter((contact) => contact.kind === kind && ids.includes(contact.customer_id)).map((contact) => contact.value),
      ...typed.filter((one) => ids.includes(one.customer_id)).map((one) => one[kind]).filter((value) => value !== null),
    ])];
    return { name: row.name, address: row.address, accountId: row.account_id, phones: values('phone'), emails: values('email'), idNumber: row.id_number_digest?.toString('hex') ?? null, ...(said ? { said } : {}) };
  });
}

/** Everybody who shares something with a customer, whoever stands for them, and no more than can be compared at once. */
async function findCandidates(context: Context, row: CustomerRow, own: Comparable): Promise<CustomerRow[]> {
  const { transaction, tenantId } = context;
  const tails = [...own.phones, ...own.said?.phones ?? []].map((phone) => phone.slice(-4)).filter((tail) => tail.length === 4);
  const emails = [...new Set([...own.emails, ...own.said?.emails ?? []].flatMap((email) => [email, email.replace(/\+[^@]*(?=@)/, '')]))];
  const living = sql`c.tenant_id = ${tenantId} AND c.merged_into IS NULL AND c.archived_at IS NULL AND c.id <> ${row.id}`;
  const newest = sql`ORDER BY c.created_at DESC, c.id DESC LIMIT ${mostOfEach}`;
  const near = (condition: RawBuilder<boolean>) => sql`select c.* FROM (SELECT c.* FROM customer c WHERE ${living} ORDER BY c.created_at DESC, c.id DESC LIMIT ${walked}) c WHERE ${condition} ${newest}`;
  const far = (words: string, condition: RawBuilder<boolean>) => sql`select c.* FROM customer c WHERE ${idWithWords(sql`c.id`, tenantId, 'customer', words)} AND ${living} AND ${condition} ${newest}`;
  const alike = (text: string | null, column: RawBuilder<unknown>) => {
    const words = text === null ? null : textQuery(text);
    return words === null ? [] : [near(eachWordIn(text!, [column])), far(words, sql<boolean>`TRUE`)];
  };
  const queries = [
    ...(tails.length === 0 && emails.length === 0 ? [] : [sql`select c.* FROM customer c WHERE c.id IN (
      WITH RECURSIVE way AS (
        SELECT m.id, m.merged_into FROM customer m WHERE m.tenant_id = ${tenantId} AND m.id IN (
          (SELECT customer_id FROM contact_point WHERE tenant_id = ${tenantId} AND tail = ANY(${tails}::text[]) LIMIT ${mostOfEach * 5})
          UNION SELECT customer_id FROM contact_point WHERE tenant_id = ${tenantId} AND kind = 'email' AND value = ANY(${emails}::text[]))
        UNION
        SELECT m.id, m.merged_into FROM way w JOIN customer m ON m.tenant_id = ${tenantId} AND m.id = w.merged_into)
      SELECT id FROM way WHERE merged_into IS NULL) AND ${living} LIMIT ${mostOfEach * 5}`]),
    ...(row.id_number_digest === null ? [] : [sql`select c.* FROM customer c WHERE c.id_number_digest = ${row.id_number_digest} AND ${living} ${newest}`]),
    ...alike(row.name, sql`c.name`), ...alike(row.address, sql`c.address`),
    ...(row.account_id === null ? [] : [sql`select c.* FROM customer c WHERE c.account_id = ${row.account_id} AND ${living} ${newest}`]),
  ];
  const found = await Promise.all(queries.map((query) => rowsOf<CustomerRow>(transaction, query)));
  return [...new Map(found.flat().map((one) => [one.id, one])).values()];
}

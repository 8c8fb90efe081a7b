import { sql } from 'kysely';
import type { Highlight, TicketLine } from '../../../contract/view.ts';
import { holds } from '../../../rules/access/policy.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { highlight } from '../../../rules/text/highlight.ts';
import type { SearchQuery } from '../../../rules/text/search-query.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { masksOf } from '../customer/personal-data/masks.ts';
import { configurationOf } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import { referencesIn } from './field-values.ts';
import type { TicketRow } from './row.ts';
import { closedOf, maskedIn } from './shown-fields.ts';
import { showFields, withoutKeys } from './view-fields.ts';
import { viewSummaries } from './view.ts';

/**
 * Tickets as the lines of a list (列表行): their summaries, the fields among the columns, and where what was looked for
 * stands in them.
 */
export async function viewLines(context: Context, rows: readonly TicketRow[], { columns = [], query = null }: { columns?: readonly string[]; query?: SearchQuery | null }): Promise<TicketLine[]> {
  const keys = columns.filter((column) => column.startsWith('fields.')).map((column) => column.slice('fields.'.length));
  const [summaries, fields, highlights] = await Promise.all([
    viewSummaries(context, rows),
    keys.length === 0 ? null : fieldsOf(context, rows, keys),
    query === null ? null : highlightsOf(context, rows, query),
  ]);
  return summaries.map((summary, index) => ({
    ...summary,
    ...fields ? { fields: fields.values[index]!, fieldNames: pickNames(fields.names, fields.references[index]!) } : {},
    ...highlights ? { highlights: highlights[index]! } : {},
  }));
}

/** Some fields of many tickets, without those closed to the caller, masked ones masked, with the names of what they refer to. */
export async function fieldsOf(context: Context, rows: readonly TicketRow[], keys: readonly string[]): Promise<{ values: Record<string, unknown>[]; references: string[][]; names: ReadonlyMap<string, string> }> {
  const configuration = await configurationOf(context);
  const ids = { person: new Set<string>(), customer: new Set<string>(), asset: new Set<string>(), file: new Set<string>() };
  const values: Record<string, unknown>[] = [];
  const references: string[][] = [];
  const forms = new Map(await Promise.all(rows.map(async (row): Promise<[TicketRow, Form]> => [row, await formOf(context, configuration, row.type_id, row.form_version)])));
  const closed = await closedOf(context, configuration, rows.map((ticket) => ({ ticket, form: forms.get(ticket)! })));
  for (const row of rows) {
    const stored = withoutKeys(row.fields as Record<string, unknown>, closed.get(row.id) ?? []);
    const some = Object.fromEntries(keys.filter((key) => Object.hasOwn(stored, key)).map((key) => [key, stored[key]]));
    if (Object.keys(some).length === 0) {
      values.push({});
      references.push([]);
      continue;
    }
    const form = forms.get(row)!;
    const named = referencesIn(form, some);
    for (const { kind, id } of named) ids[kind === 'signature' ? 'file' : kind].add(id);
    references.push(named.map(({ id }) => id));
    values.push(await showFields(context, maskedIn(configuration, row, form), some));
  }
  const subject = staffOf(context);
  const names = async (table: 'staff' | 'customer' | 'asset' | 'file', wanted: ReadonlySet<string>) => (wanted.size === 0 ? []
    : context.transaction.run(sql<{ id: string; name: string }>`select id::text, name FROM ${sql.table(table)} WHERE tenant_id = ${context.tenantId} AND id::text = ANY(${[...wanted]}::text[])`));
  const found = await Promise.all([
    names('staff', ids.person), names('customer', holds(subject, 'customer.read') ? ids.customer : new Set()), names('asset', holds(subject, 'asset.read') ? ids.asset : new Set()), names('file', ids.file),
  ]);
  return { values, references, names: new Map(found.flat().map((row) => [row.id, row.name])) };
}

function pickNames(names: ReadonlyMap<string, string>, ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.filter((id) => names.has(id)).map((id) => [id, names.get(id)!]));
}

// A ticket has one from elsewhere; of very many that were merged into it the newest are looked at.
const mostFormer = 20;

/** The numbers by which tickets were known before: elsewhere, where they were imported, and those of tickets merged into them. */
async function formerNumbers(context: Context, rows: readonly TicketRow[]): Promise<Map<string, string[]>> {
  if (rows.length === 0) return new Map();
  const found = await context.transaction.run(sql<{ id: string; number: string }>`select t.id, former.number FROM unnest(${rows.map((row) => row.id)}::uuid[]) AS t (id) CROSS JOIN LATERAL (
      (SELECT substr(key, 4) AS number FROM imported_record WHERE tenant_id = ${context.tenantId} AND record_id = t.id AND kind = 'tickets' AND key LIKE 'id:%' LIMIT 1)
      UNION ALL (SELECT source.number FROM ticket source WHERE source.tenant_id = ${context.tenantId} AND source.merged_into = t.id ORDER BY source.id DESC LIMIT ${mostFormer})) former`);
  const numbers = new Map<string, string[]>();
  for (const { id, number } of found) numbers.set(id, [...numbers.get(id) ?? [], number]);
  return numbers;
}

/** The former number that was typed, or the part of it. */
function formerHighlight(numbers: readonly string[], query: SearchQuery): Highlight | null {
  for (const number of numbers) {
    const snippet = (/^\d{8}-\d+$/.test(number) ? numberHighlight(number, query) : null) ?? highlight(number, query) ?? wholeOf(number, query);
    if (snippet) return { ...snippet, property: 'formerNumber' };
  }
  return null;
}

function wholeOf(number: string, { whole }: SearchQuery): { text: string; ranges: [number, number][] } | null {
  return number.toLowerCase() === whole.toLowerCase() ? { text: number, ranges: [[0, number.length]] } : null;
}

interface MatchingMessage {
  /** Of a comment; null where it was said beside the ticket. */
  id: string | null;
  ticket_id: string;
  body: string;
}

// Of a long conversation the newest part is looked through.
const messagesLookedAt = 100;

/** Where what was looked for stands in each ticket: of the texts that hold it, a piece with the places marked. */
async function highlightsOf(context: Context, rows: readonly TicketRow[], query: SearchQuery): Promise<Highlight[][]> {
  const customerIds = [...new Set(rows.map((row) => row.customer_id).filter((id) => id !== null))];
  const customers = customerIds.length === 0 ? [] : await context.transaction.run(sql<{ id: string; name: string }>`select id, name FROM customer WHERE tenant_id = ${context.tenantId} AND id = ANY(${customerIds}::uuid[])`);
  const nameOf = new Map(customers.map((row) => [row.id, row.name]));
  const [former, masks] = await Promise.all([formerNumbers(context, rows), masksOf(context)]);
  const found = rows.map((row) => {
    const customer = nameOf.get(row.customer_id ?? '') ?? null;
    const texts: [Highlight['property'], string | null][] = [
      ['subject', row.subject], ['requester', row.contact_name], ['customer', customer === row.contact_name ? null : customer], ['location', row.address], ['resolution', row.resolution], ['description', row.description],
    ];
    return [numberHighlight(row.number, query), formerHighlight(former.get(row.id) ?? [], query), phoneHighlight(row.contact_phone, masks.show('phone', row.contact_phone), query), ...texts.map(([property, text]): Highlight | null => {
      const snippet = text === null ? null : highlight(text, query);
      return snippet ? { property, ...snippet } : null;
    })].filter((one) => one !== null);
  });
  const silent = rows.filter((_row, index) => !found[index]!.some((one) => one.property === 'subject' || one.property === 'description'));
  if (silent.length > 0 && query.marked.length > 0) {
    const messages = await matchingMessages(context, silent.map((row) => row.id), query.marked);
    const messageOf = new Map(messages.map((message) => [message.ticket_id, message]));
    rows.forEach((row, index) => {
      const message = messageOf.get(row.id);
      const snippet = message ? highlight(message.body, query) : null;
      if (message && snippet) found[index]!.push(message.id === null ? { property: 'sideConversation', ...snippet } : { property: 'comment', ...snippet, commentId: message.id });
    });
  }
  return found;
}

/** Of each ticket the newest message that holds one of the terms; one of the conversations beside it where no comment does. */
function matchingMessages(context: Context, ticketIds: readonly string[], terms: readonly string[]): Promise<MatchingMessage[]> {
  const holding = sql`EXISTS (SELECT 1 FROM unnest(${terms}::text[]) term WHERE position(term in lower(normalize(newest.body, NFKC))) > 0)`;
  return context.transaction.run(sql<MatchingMessage>`select found.id, t.id AS ticket_id, found.body FROM unnest(${ticketIds}::uuid[]) AS t (id) CROSS JOIN LATERAL (
      (SELECT id, body, 0 AS beside FROM (SELECT id, body FROM message WHERE tenant_id = ${context.tenantId} AND ticket_id = t.id ORDER BY id DESC LIMIT ${messagesLookedAt}) newest
      WHERE ${holding} ORDER BY id DESC LIMIT 1)
      UNION ALL
      (SELECT NULL, body, 1 FROM (SELECT m.id, concat_ws(E'\\n', s.subject, m.body) AS body FROM side_conversation s JOIN side_message m ON m.tenant_id = s.tenant_id AND m.conversation_id = s.id
        WHERE s.tenant_id = ${context.tenantId} AND s.ticket_id = t.id ORDER BY m.id DESC LIMIT ${messagesLookedAt}) newest
      WHERE ${holding} ORDER BY newest.id DESC LIMIT 1)
      ORDER BY beside LIMIT 1) found`);
}

/** The part of a ticket's number that was typed. */
function numberHighlight(number: string, { whole }: SearchQuery): Highlight | null {
  const [day = '', count = ''] = number.split('-');
  const typed = whole.replace(/-0+(?=\d)/, '-');
  const short = `${day}-${Number(count)}`;
  if (!/^\d+(-\d+)?$/.test(whole)) return null;
  const isEnd = /-/.test(whole) ? short.endsWith(typed) : Number(whole) === Number(count);
  if (!isEnd) return null;
  const start = /-/.test(whole) ? day.length - typed.indexOf('-') : number.length - count.length;
  return start < 0 ? null : { property: 'number', text: number, ranges: [[start, number.length]] };
}

/** The phone number as the caller sees it, when they see any of it and all of it or what the mask shows of it was typed. */
function phoneHighlight(phone: string | null, shown: string | null, { whole }: SearchQuery): Highlight | null {
  const digits = whole.replaceAll(/[\s-]/g, '');
  if (phone === null || shown === null || !/^\d{4,}$/.test(digits)) return null;
  if (phone.replaceAll(/\D/g, '') === digits) return { property: 'phone', text: shown, ranges: [[0, shown.length]] };
  return shown.endsWith(shown === phone ? digits : `*${digits}`) ? { property: 'phone', text: shown, ranges: [[shown.length - digits.length, shown.length]] } : null;
}

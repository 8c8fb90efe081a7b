import type pg from 'pg';

/** What writes one ticket, or one message, to be run as one transaction: a statement for each row. */
export type BareInserts = readonly string[];

/** SQL for what differs from ticket to ticket. */
export interface Varying {
  id: string;
  number: string;
}

const samples = 16;

/**
 * The bare inserts of one ticket: the very rows that the program wrote, column by column as they lie in the database,
 * with only id, number and time made anew. So they go through the same indexes and foreign keys, and stay the same rows
 * when the program's schema changes. What each table fills in by itself (the fact's position and transaction) is left to it.
 *
 * @returns the inserts of several tickets, as subjects and customers differ
 */
export async function bareInserts(client: pg.Client, varying: Varying): Promise<BareInserts[]> {
  const tickets = await client.query<{ id: string }>(`SELECT id FROM ticket WHERE customer_id IS NOT NULL ORDER BY md5(id::text) LIMIT ${samples}`);
  const inserts: BareInserts[] = [];
  for (const { id } of tickets.rows) {
    inserts.push([
      await insertLike(client, 'ticket', `id = '${id}'`, { id: varying.id, number: varying.number, created_at: 'now()', updated_at: 'now()' }),
      await insertLike(client, 'fact', `ticket_id = '${id}' AND ticket_position = 1`, {
        ticket_id: varying.id, occurred_at: 'now()', recorded_at: 'now()', position: null, transaction: null,
      }),
    ]);
  }
  return inserts;
}

/** The bare insert of one message that came in, likewise: its row in the inbox as the program wrote it, waiting. */
export async function bareMessages(client: pg.Client, varying: Varying): Promise<BareInserts[]> {
  const messages = await client.query<{ id: string }>(`SELECT id FROM inbox_message WHERE raw IS NOT NULL ORDER BY md5(id::text) LIMIT ${samples}`);
  const inserts: BareInserts[] = [];
  for (const { id } of messages.rows) {
    inserts.push([await insertLike(client, 'inbox_message', `id = '${id}'`, {
      id: varying.id, external_id: varying.number, thread: varying.number, call_id: varying.id, occurred_at: 'now()', received_at: 'now()', due_at: "'infinity'", state: "'waiting'", outcome: 'NULL', ticket_id: 'NULL', settled_at: 'NULL',
    })]);
  }
  return inserts;
}

/** An INSERT of a row like one that is there; `changed` gives the SQL for some columns, null for their default. */
async function insertLike(client: pg.Client, table: string, condition: string, changed: Readonly<Record<string, string | null>>): Promise<string> {
  const columns = await client.query<{ name: string }>(
    'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = \'\' ORDER BY attnum', [table]);
  const written = columns.rows.map(({ name }) => name).filter((name) => changed[name] !== null);
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT ${written.map((name) => `"${name}"::text AS "${name}"`).join(', ')} FROM ${table} WHERE ${condition}`);
  const row = rows[0];
  if (!row) throw new Error(`${table} has no row to write another like it: ${condition}`);
  const values = written.map((name) => changed[name] ?? literal(row[name] ?? null));
  return `INSERT INTO ${table} (${written.map((name) => `"${name}"`).join(', ')}) VALUES (${values.join(', ')});`;
}

/** Any text as a constant, on one line and without a colon, before which pgbench would look for a variable. */
function literal(text: string | null): string {
  if (text === null) return 'NULL';
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}

import type pg from 'pg';
import { bigramVector } from '../../rules/text/bigrams.ts';
import type { Program } from '../program.ts';
import { makeReaders, type Readers } from './readers.ts';
import { names, pick, places, problems } from '../texts.ts';

/** What the tickets are about and who works on them; made once, through the API. */
export interface Company {
  tenantId: string;
  /** The administrator, as whom the benchmark calls. */
  ownId: string;
  staffIds: string[];
  teamIds: string[];
  /** First level, each with four of the leaves below it. */
  parentIds: string[];
  /** One for each problem. */
  leafIds: string[];
  /** Only a handful of tickets belong here. */
  rareId: string;
  readers: Readers;
}

/** A word that stands only in the tickets of the rare category, and one that stands in many. */
export const rareText = ['鹅卵石小径塌陷', '{}中心花园的鹅卵石小径塌陷了一块，孩子容易摔倒，请安排修补。'] as const;
export const rareTickets = 20;
const customers = 5_000;
const leavesPerParent = 4;

/** Tickets that have a whole story to open: the newest ones. */
export const toldTickets = 200;
const factsOfTold = 9;
/** Of these the newest have a long one, half of it comments. */
export const longTickets = 20;
export const factsOfLong = 200;
/** Each in so many tickets: a tag, a channel, what a technician has to do with. */
const rareThings = 20;
export const rareTag = '消防';
/** In every tenth ticket; in every third of the oldest tenth, and in no other. */
export const frequentTag = '回访';
export const bygoneTag = '旧系统';

/** Makes teams, colleagues and categories. */
export async function makeCompany(program: Program): Promise<Company> {
  const { items: departments } = await program.call<{ items: { id: string }[] }>('GET', '/departments');
  const { items: teams } = await program.call<{ items: { id: string }[] }>('GET', '/teams');
  const { staff: own } = await program.call<{ staff: { id: string; organization: { id: string } } }>('GET', '/session');
  const create = async (path: string, body: unknown) => (await program.call<{ id: string }>('POST', path, body)).id;
  const teamIds = teams.map((team) => team.id);
  for (const name of ['强电班', '弱电班', '综合维修班']) teamIds.push(await create('/teams', { name, departmentId: departments[0]!.id }));
  const staffIds: string[] = [];
  for (let index = 0; index < 40; index += 1) {
    staffIds.push(await create('/staff', { name: pick(names, index * 7), email: `staff${index}@bench.example`, job: 'technician', departmentId: departments[0]!.id, teamIds: [pick(teamIds, index)] }));
  }
  const parentIds: string[] = [];
  for (const [index, name] of ['给排水', '供配电', '电梯', '暖通', '房屋', '秩序与环境'].entries()) parentIds.push(await create('/categories', { name, teamId: pick(teamIds, index) }));
  const leafIds: string[] = [];
  for (const [index, [subject]] of problems.entries()) leafIds.push(await create('/categories', { name: subject, parentId: parentIds[Math.floor(index / leavesPerParent)] }));
  const rareId = await create('/categories', { name: rareText[0], teamId: teamIds[0] });
  const readers = await makeReaders(program);
  return { tenantId: own.organization.id, ownId: own.id, staffIds, teamIds, parentIds, leafIds, rareId, readers };
}

/**
 * Replaces all tickets by so many others, past the program: by SQL, with foreign keys off and indexes made anew, in one
 * transaction that also moves the readers of the fact log past what it writes.
 *
 * The newest 1,000 are a busy desk (60 % unfinished); of those before them fewer and fewer are unfinished.
 */
export async function fill(client: pg.Client, company: Company, size: number): Promise<void> {
  await client.query('BEGIN');
  await client.query("SET LOCAL session_replication_role = 'replica'");
  await client.query("SET LOCAL maintenance_work_mem = '512MB'");
  await client.query('TRUNCATE ticket, fact CASCADE');
  const indexes = await dropIndexes(client, ['ticket', 'fact', 'ticket_search']);
  await makeChoices(client, company);
  const { readers } = company;
  await client.query(insertTickets(size), [company.tenantId, company.ownId, size, spanOf(size), readers.technician.id, readers.teams[0], readers.teams[1]]);
  await client.query(`INSERT INTO ticket_tag (tenant_id, tag, created_at, ticket_id) SELECT tenant_id, tag, created_at, id FROM ticket CROSS JOIN unnest(tags) tag`);
  await client.query(`INSERT INTO ticket_participant (tenant_id, staff_id, created_at, ticket_id) SELECT tenant_id, staff_id, created_at, id FROM ticket CROSS JOIN unnest(participant_ids) staff_id`);
  await client.query(insertSearch, [company.tenantId]);
  await client.query(insertFirstFacts, [company.tenantId, company.ownId]);
  await tellStories(client, company);
  for (const definition of indexes) await client.query(definition);
  await client.query(`UPDATE fact_reader SET transaction = pg_current_xact_id(), position = (SELECT max(position) FROM fact)`);
  await client.query('COMMIT');
  await client.query('DROP TABLE bench_text, bench_choice');
  await client.query('VACUUM (ANALYZE) ticket, ticket_search, ticket_tag, ticket_participant, fact, customer, contact_point, message, visit');
  await client.query('CHECKPOINT');
}

/** Over how many days the tickets are spread. */
function spanOf(size: number): number {
  if (size <= 1_000) return 14;
  return size <= 100_000 ? 365 : 730;
}

/** Drops the indexes that belong to no constraint and returns the statements that make them again. */
async function dropIndexes(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid = ANY ($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`, [tables]);
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

/** Texts with their words, categories with their teams, customers: what the tickets are put together from. */
async function makeChoices(client: pg.Client, company: Company): Promise<void> {
  const texts = [...problems, rareText].flatMap(([subject, description], problem) => places.map((place) => ({
    problem, place, subject: `${place}${subject}`, description: description.replace('{}', `${place}业主家中，`),
  })));
  await client.query(`
    CREATE TEMP TABLE bench_text AS
    SELECT problem, row_number() OVER (PARTITION BY problem) - 1 AS variant, place, subject, description, words::tsvector AS words
    FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS t (problem, place, subject, description, words)`, [
    texts.map((text) => text.problem), texts.map((text) => text.place), texts.map((text) => text.subject), texts.map((text) => text.description),
    texts.map((text) => bigramVector(`${text.subject}\n${text.description}`)),
  ]);
  await client.query(`
    CREATE TEMP TABLE bench_choice AS
    SELECT problem - 1 AS problem, id, (SELECT coalesce(c.team_id, p.team_id) FROM category c LEFT JOIN category p ON p.tenant_id = c.tenant_id AND p.id = c.parent_id
      WHERE c.tenant_id = $2 AND c.id = t.id) AS team_id
    FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, problem)`, [[...company.leafIds, company.rareId], company.tenantId]);
  await client.query(`CREATE OR REPLACE FUNCTION pg_temp.dice(n bigint, salt bigint, sides int) RETURNS int LANGUAGE sql IMMUTABLE
    AS 'SELECT ((hashint8extended($1, $2) & 9223372036854775807) % $3)::int'`);
  await client.query(`CREATE OR REPLACE FUNCTION pg_temp.customer_id(n int) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$`);
  await client.query(`INSERT INTO customer (tenant_id, id, name, created_at)
    SELECT $1, pg_temp.customer_id(n), ($2::text[])[n % cardinality($2::text[]) + 1] || n, now() FROM generate_series(0, ${customers - 1}) n ON CONFLICT DO NOTHING`, [company.tenantId, names]);
  await client.query(`INSERT INTO contact_point (tenant_id, kind, value, customer_id, created_at)
    SELECT $1, 'phone', '139' || lpad(n::text, 8, '0'), pg_temp.customer_id(n), now() FROM generate_series(0, ${customers - 1}) n ON CONFLICT DO NOTHING`, [company.tenantId]);
  await client.query('CREATE TEMP TABLE bench_staff ON COMMIT DROP AS SELECT place - 1 AS place, id FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, place)', [company.staffIds]);
}

/** The id of the customer with the longest history: one ticket in twenty is theirs. */
export const largestCustomer = '01900000-0000-7000-8000-000000000000';

// n counts from the newest ticket back, and the oldest is written first. Ids are UUIDv7 of the time of creation, as the program makes them.
const insertTickets = (size: number) => `
  INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, waiting_for, priority, priority_explanation, channel,
    category_id, department_id, team_id, assignee_id, accepted_at, customer_id, contact_name, contact_phone, address, lat, lng,
    tags, participant_ids, created_by_kind, created_by_id, created_at, updated_at, resolved_at, closed_at, version, history_length)
  SELECT $1::uuid, (lpad(to_hex((extract(epoch FROM t.created_at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid,
    to_char(t.created_at, 'YYYYMMDD') || '-' || lpad(n::text, 7, '0'), (SELECT id FROM ticket_type WHERE tenant_id = $1 AND is_default),
    text.subject, text.description, t.status, CASE WHEN t.status = 'waiting' THEN 'customer' END,
    CASE WHEN d.urgency < 10 THEN 1 WHEN d.urgency < 30 THEN 2 WHEN d.urgency < 85 THEN 3 ELSE 4 END, '{"score": 0, "factors": [], "overridden": false}',
    CASE WHEN n % r.every = 5 THEN 'alarm' ELSE (ARRAY['phone', 'portal', 'wechat', 'api', 'console'])[pg_temp.dice(n, 7, 5) + 1] END, choice.id, team.department_id, team.id,
    CASE WHEN t.status = 'new' THEN NULL WHEN n % r.every IN (11, 12) THEN $5::uuid WHEN pg_temp.dice(n, 9, 100) < 15 THEN $2::uuid ELSE staff.id END,
    CASE WHEN t.status = 'new' THEN NULL ELSE t.created_at + interval '20 minutes' END,
    pg_temp.customer_id(d.customer), NULL, '139' || lpad(d.customer::text, 8, '0'), text.place || (d.customer % 28 + 1) || '号楼', 30.2 + d.customer % 97 / 1000.0, 120.1 + d.customer % 89 / 1000.0,
    array_remove(ARRAY[CASE WHEN n % r.every = 9 THEN '${rareTag}' END, CASE WHEN n % 10 = 0 THEN '${frequentTag}' END, CASE WHEN n > $3::int * 0.9 AND n % 3 = 0 THEN '${bygoneTag}' END], NULL),
    CASE WHEN n % r.every = 13 THEN ARRAY[$5::uuid] ELSE '{}' END,
    'api_key', CASE WHEN n % r.every = 14 THEN $5::uuid ELSE $2::uuid END, t.created_at, t.created_at + interval '1 hour' * pg_temp.dice(n, 10, 72),
    CASE WHEN t.status IN ('resolved', 'closed') THEN t.created_at + interval '5 hours' END, CASE WHEN t.status = 'closed' THEN t.created_at + interval '3 days' END,
    h.length, h.length
  FROM generate_series($3::int, 1, -1) n
  CROSS JOIN LATERAL (
    SELECT pg_temp.dice(n, 1, 1000) AS luck, pg_temp.dice(n, 2, 100) AS urgency, CASE WHEN pg_temp.dice(n, 3, 20) = 0 THEN 0 ELSE pg_temp.dice(n, 4, ${customers}) END AS customer,
      CASE WHEN n % ${Math.floor(size / rareTickets)} = 7 THEN ${problems.length}
        ELSE floor(${problems.length} * power(pg_temp.dice(n, 5, 10000) / 10000.0, 1.5))::int END AS problem
  ) d
  CROSS JOIN LATERAL (
    SELECT date_trunc('milliseconds', now() - make_interval(secs => $4::int * 86400.0 * n / $3::int)) AS created_at,
      CASE WHEN d.luck < CASE WHEN n <= 1000 THEN 600 WHEN n <= 20000 THEN 40 ELSE 2 END
        THEN (ARRAY['new', 'new', 'new', 'new', 'open', 'open', 'open', 'open', 'open', 'waiting'])[pg_temp.dice(n, 6, 10) + 1]
        ELSE CASE WHEN pg_temp.dice(n, 6, 100) < 3 THEN 'cancelled' WHEN n <= 5000 AND pg_temp.dice(n, 6, 100) < 30 THEN 'resolved' ELSE 'closed' END END AS status
  ) t
  CROSS JOIN LATERAL (SELECT greatest($3::int / ${rareThings}, 16) AS every) r
  CROSS JOIN LATERAL (SELECT CASE WHEN n <= ${longTickets} THEN ${factsOfLong} WHEN n <= ${toldTickets} THEN ${factsOfTold} ELSE 1 END AS length) h
  JOIN bench_choice choice ON choice.problem = d.problem
  JOIN bench_text text ON text.problem = d.problem AND text.variant = pg_temp.dice(n, 8, ${places.length})
  JOIN bench_staff staff ON staff.place = pg_temp.dice(n, 11, 40)
  JOIN team ON team.tenant_id = $1 AND team.id = CASE n % 100 WHEN 3 THEN $6::uuid WHEN 53 THEN $7::uuid ELSE choice.team_id END`;

// As reactions/search/index-tickets.ts writes them.
const insertSearch = `
  INSERT INTO ticket_search (tenant_id, ticket_id, created_at, words)
  SELECT ticket.tenant_id, ticket.id, ticket.created_at,
    text.words || array_to_tsvector(ARRAY['-' || n.count, '-' || right(n.day, 4) || '-' || n.count, '-' || n.day || '-' || n.count, '-' || n.day, '#' || ticket.contact_phone, right(ticket.contact_phone, 4),
      m.mark, m.mark || '/' || floor(extract(epoch FROM ticket.created_at) / 2764800)::int])
  FROM ticket JOIN bench_text text ON text.subject = ticket.subject CROSS JOIN (SELECT '~' || replace($1::text, '-', '') AS mark) m
  CROSS JOIN LATERAL (SELECT split_part(ticket.number, '-', 1) AS day, ltrim(split_part(ticket.number, '-', 2), '0') AS count) n WHERE ticket.tenant_id = $1::uuid
  ORDER BY ticket.created_at`;

// In the order of time, as they would have been written.
const insertFirstFacts = `
  INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at)
  SELECT tenant_id, 'ticket.created', id, 1, 'api_key', $2, '管理员',
    jsonb_build_object('number', number, 'subject', subject, 'channel', channel, 'priority', priority, 'categoryId', category_id), created_at, created_at
  FROM ticket WHERE tenant_id = $1 ORDER BY created_at`;

/** Gives the newest tickets the rest of their stories: four messages, a visit, and the facts that tell of them. */
async function tellStories(client: pg.Client, { tenantId, ownId }: Company): Promise<void> {
  const told = `(SELECT * FROM ticket WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT ${toldTickets}) AS ticket`;
  await client.query(`
    INSERT INTO message (tenant_id, id, ticket_id, direction, visibility, author_kind, author_id, author_name, body, channel, created_at)
    SELECT $1, gen_random_uuid(), ticket.id, CASE WHEN k % 2 = 0 THEN 'inbound' ELSE 'outbound' END, 'public', 'staff', $2, '管理员',
      '已联系业主，约定' || k || '点上门，师傅会带好配件，请家里留人。', 'console', ticket.created_at + make_interval(mins => k)
    FROM ${told} CROSS JOIN generate_series(1, 4) k`, [tenantId, ownId]);
  await client.query(`
    INSERT INTO visit (tenant_id, id, ticket_id, technician_id, status, created_at)
    SELECT $1, gen_random_uuid(), ticket.id, (SELECT id FROM bench_staff WHERE place = 1), 'scheduled', ticket.created_at FROM ${told}`, [tenantId]);
  await client.query(`
    INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at)
    SELECT $1, kind, ticket.id, k + 1, CASE WHEN kind = 'comment.added' THEN (SELECT message.id FROM message WHERE message.tenant_id = $1 AND message.ticket_id = ticket.id ORDER BY created_at OFFSET k - 3 LIMIT 1) END,
      'staff', $2, '管理员', '{"number": "0", "note": "按预约时间上门"}', ticket.created_at + make_interval(mins => k::int), ticket.created_at + make_interval(mins => k::int)
    FROM ${told}
    CROSS JOIN unnest(ARRAY['ticket.assigned', 'ticket.accepted', 'comment.added', 'comment.added', 'comment.added', 'comment.added', 'visit.scheduled', 'ticket.changed']) WITH ORDINALITY AS story (kind, k)`,
  [tenantId, ownId]);
  const long = `(SELECT * FROM ticket WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT ${longTickets}) AS ticket`;
  await client.query(`
    WITH said AS (
      INSERT INTO message (tenant_id, id, ticket_id, direction, visibility, author_kind, author_id, author_name, body, channel, created_at)
      SELECT $1, gen_random_uuid(), ticket.id, 'internal', 'internal', 'staff', $2, '管理员', '第 ' || k || ' 次跟进：已联系业主与师傅，确认进度，等待配件到货后上门。', 'console', ticket.created_at + make_interval(mins => 10 + k)
      FROM ${long} CROSS JOIN generate_series(${factsOfTold + 1}, ${factsOfLong}, 2) k RETURNING id, ticket_id, created_at)
    INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at)
    SELECT $1, CASE WHEN said.id IS NULL THEN 'ticket.changed' ELSE 'comment.added' END, ticket.id, k, said.id, 'staff', $2, '管理员',
      CASE WHEN said.id IS NULL THEN '{"number": "0", "before": {"priority": 3}, "after": {"priority": 2}}' ELSE '{"number": "0", "visibility": "internal", "fileIds": []}' END::jsonb,
      ticket.created_at + make_interval(mins => 10 + k), ticket.created_at + make_interval(mins => 10 + k)
    FROM ${long} CROSS JOIN generate_series(${factsOfTold + 1}, ${factsOfLong}) k
    LEFT JOIN said ON said.ticket_id = ticket.id AND said.created_at = ticket.created_at + make_interval(mins => 10 + k)`, [tenantId, ownId]);
}

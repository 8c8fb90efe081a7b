import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { hashToken } from '../../server/platform/secrets.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { randomFrom, type Random } from '../../rules/solver/random.ts';
import { openConnection, requestBytes } from '../http-client.ts';
import type { Program } from '../program.ts';
import { names, pick, places, problems } from '../texts.ts';

/** Minutes of a day in which somebody works. */
export type Hours = readonly (readonly [from: number, to: number])[];

export interface Crew {
  tenantId: string;
  teamId: string;
  technicians: { id: string; token: string; skills: string[] }[];
  /** Of each trade one, which asks for its skill. */
  categories: string[];
}

const middle = { lat: 31.23, lng: 121.47 };
const trades = ['电梯', '暖通', '弱电', '给排水'];
const connections = 16;

/** Somewhere in a city of twenty kilometres, more often in its middle. */
export function somewhere(random: Random): { lat: number; lng: number } {
  const off = () => (random() + random() - 1) * 10;
  return { lat: middle.lat + off() / 111.2, lng: middle.lng + off() / 95.1 };
}

/** Makes a team of so many technicians who may sign in, each with two trades of four: trades through the API, people past it. */
export async function makeCrew(program: Program, client: pg.Client, count: number, hours: Hours): Promise<Crew> {
  const random = randomFrom(1);
  const { items: departments } = await program.call<{ items: { id: string }[] }>('GET', '/departments');
  const { staff: own } = await program.call<{ staff: { organization: { id: string } } }>('GET', '/session');
  const tenantId = own.organization.id;
  const teamId = (await program.call<{ id: string }>('POST', '/teams', { name: '上门服务班', departmentId: departments[0]!.id })).id;
  const skills: string[] = [];
  const categories: string[] = [];
  for (const name of trades) {
    const { id } = await program.call<{ id: string }>('POST', '/skills', { name, nameEn: name });
    skills.push(id);
    categories.push((await program.call<{ id: string }>('POST', '/categories', { name, teamId, serviceMinutes: 45, skills: [{ skillId: id, level: 1 }] })).id);
  }
  const technicians = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(), token: newToken('session', tenantId), skills: [skills[index % skills.length]!, skills[(index + 1 + Math.floor(random() * 3)) % skills.length]!],
  }));
  const windows = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => hours.map(([startsMinute, endsMinute]) => ({ weekday, startsMinute, endsMinute })));
  const ids = technicians.map(({ id }) => id);
  const homes = technicians.map(() => somewhere(random));
  await client.query('BEGIN');
  await client.query(`INSERT INTO staff (tenant_id, id, name, email, job, department_id, created_at, home_lat, home_lng)
    SELECT $1, id, name, id || '@bench.example', 'technician', $2, now(), lat, lng FROM unnest($3::uuid[], $4::text[], $5::float8[], $6::float8[]) AS given (id, name, lat, lng)`,
  [tenantId, departments[0]!.id, ids, ids.map((_, index) => `${pick(names, index * 7)}${index}`), homes.map(({ lat }) => lat), homes.map(({ lng }) => lng)]);
  await client.query(`INSERT INTO staff_role (tenant_id, staff_id, role_id) SELECT $1, id, (SELECT id FROM role WHERE tenant_id = $1 AND key = 'technician') FROM unnest($2::uuid[]) AS given (id)`, [tenantId, ids]);
  await client.query('INSERT INTO team_member (tenant_id, team_id, staff_id) SELECT $1, $2, id FROM unnest($3::uuid[]) AS given (id)', [tenantId, teamId, ids]);
  await client.query('INSERT INTO staff_skill (tenant_id, staff_id, skill_id, level) SELECT $1, staff, skill, 1 + length(staff::text || skill::text) % 3 FROM unnest($2::uuid[], $3::uuid[]) AS given (staff, skill)',
    [tenantId, technicians.flatMap(({ id, skills: both }) => both.map(() => id)), technicians.flatMap(({ skills: both }) => both)]);
  await client.query(`INSERT INTO session (tenant_id, token_hash, id, staff_id, created_at, last_seen_at, expires_at)
    SELECT $1, hash, gen_random_uuid(), id, now(), now(), now() + interval '1 day' FROM unnest($2::uuid[], $3::bytea[]) AS given (id, hash)`, [tenantId, ids, technicians.map(({ token }) => hashToken(token))]);
  await client.query("INSERT INTO work_schedule (tenant_id, owner_id, owner_kind, windows, updated_at) VALUES ($1, $2, 'team', $3, now()) ON CONFLICT (tenant_id, owner_id) DO UPDATE SET windows = excluded.windows", [tenantId, teamId, JSON.stringify(windows)]);
  await client.query('COMMIT');
  await client.query('ANALYZE staff, team_member, staff_skill, session');
  return { tenantId, teamId, technicians, categories };
}

/** Makes so many tickets of a crew's team, through the API. */
export async function makeTickets(program: Program, { teamId, categories }: Crew, count: number): Promise<string[]> {
  const random = randomFrom(2);
  const requests = Array.from({ length: count }, (_, index) => {
    const [subject] = pick(problems, index);
    return requestBytes(new URL('/api/v1/tickets', program.url), program.apiKey, JSON.stringify({
      subject: `${pick(places, index)}${subject}`, category: pick(categories, Math.floor(random() * categories.length)), team: teamId,
      priority: (['urgent', 'high', 'normal', 'normal', 'normal', 'low'] as const)[Math.floor(random() * 6)], location: { address: pick(places, index), ...somewhere(random) },
    }));
  });
  return (await exchangeAll(program, requests, connections)).answers.map((body) => (JSON.parse(body.toString()) as { id: string }).id);
}

/** Sends requests over so many connections, each after the answer before; the times are milliseconds. */
export async function exchangeAll(program: Program, requests: readonly Buffer[], lines: number): Promise<{ answers: Buffer[]; times: number[] }> {
  const { hostname, port } = new URL(program.url);
  const open = await Promise.all(Array.from({ length: lines }, () => openConnection(hostname, Number(port))));
  const answers: Buffer[] = [];
  const times: number[] = [];
  let next = 0;
  await Promise.all(open.map(async (connection) => {
    for (let index = next++; index < requests.length; index = next++) {
      const sent = performance.now();
      const { status, body } = await connection.exchange(requests[index]!);
      times[index] = performance.now() - sent;
      if (status >= 300) throw new Error(`a request answered ${status}: ${body.toString().slice(0, 500)}`);
      answers[index] = body;
    }
    connection.close();
  }));
  return { answers, times };
}

/** Gives each technician so many visits of the next hours, past the program. */
export async function giveVisits(client: pg.Client, { tenantId, technicians }: Crew, ticketIds: readonly string[], status: 'scheduled' | 'travelling'): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(`
    INSERT INTO visit (tenant_id, id, ticket_id, technician_id, status, window_start, window_end, created_at, travel_started_at)
    SELECT $1, gen_random_uuid(), ticket, technician, $4, now() + interval '2 hours' * turn, now() + interval '2 hours' * turn + interval '2 hours', now(), CASE WHEN $4 = 'travelling' THEN now() END
    FROM unnest($2::uuid[], $3::uuid[], $5::int[]) AS given (ticket, technician, turn) RETURNING id`,
  [tenantId, ticketIds, ticketIds.map((_, index) => technicians[index % technicians.length]!.id), status, ticketIds.map((_, index) => 1 + Math.floor(index / technicians.length))]);
  await client.query('ANALYZE visit, ticket');
  return rows.map(({ id }) => id);
}

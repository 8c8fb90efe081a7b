import type pg from 'pg';
import { newId } from '../../server/platform/db/uuid.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { newToken } from '../../server/records/access/tokens.ts';

/** Somebody hired for a test, with the header that speaks for them. */
export interface Hired {
  id: string;
  headers: { authorization: string };
}

/** Where the tests of faults send people to. */
export const there = { lat: 31.23, lng: 121.47 };

/**
 * Hires technicians into the team of an organization that was just founded, each some hundred metres further away, and signs them in. Before anything has asked for the
 * roster: whoever is not hired over HTTP is not in it before it is read anew.
 */
export async function hireTechnicians(client: pg.Client, count: number): Promise<{ teamId: string; hired: Hired[] }> {
  const { rows: [home] } = await client.query<{ tenant_id: string; team_id: string; department_id: string; role_id: string }>(`
    SELECT t.tenant_id, t.id AS team_id, t.department_id, r.id AS role_id FROM team t JOIN role r ON r.tenant_id = t.tenant_id AND r.key = 'technician' ORDER BY t.id LIMIT 1`);
  const { tenant_id: tenantId, team_id: teamId, department_id: departmentId, role_id: roleId } = home!;
  const hired: Hired[] = [];
  for (let index = 0; index < count; index += 1) {
    const [id, token] = [newId(), newToken('session', tenantId)];
    await client.query("INSERT INTO staff (tenant_id, id, name, email, job, department_id, created_at, home_lat, home_lng) VALUES ($1, $2, $3, $4, 'technician', $5, now(), $6, $7)", [tenantId, id, `师傅 ${index}`, `${id}@faults.example`, departmentId, there.lat + index / 300, there.lng]);
    await client.query('INSERT INTO staff_role (tenant_id, staff_id, role_id) VALUES ($1, $2, $3)', [tenantId, id, roleId]);
    await client.query('INSERT INTO team_member (tenant_id, team_id, staff_id) VALUES ($1, $2, $3)', [tenantId, teamId, id]);
    await client.query("INSERT INTO session (tenant_id, token_hash, id, staff_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, now(), now(), now() + interval '30 days')", [tenantId, hashToken(token), newId(), id]);
    hired.push({ id, headers: { authorization: `Bearer ${token}` } });
  }
  return { teamId, hired };
}

import { build, everyTenant, statement, type Database } from '../../platform/db/database.ts';
import type { Caller, Services } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Identified, Identify } from '../../platform/http/server.ts';
import { hashToken } from '../../platform/secrets.ts';
import type { Subject } from '../../../rules/access/policy.ts';
import { openChatDoors } from '../chat/doors.ts';
import { readCodeToken, readTicketToken } from './links.ts';
import { loadSubjects } from './subjects.ts';
import { readToken } from './tokens.ts';

interface CredentialRow {
  token_hash: Buffer;
  id: string;
  staff_id: string | null;
  customer_id: string | null;
  name: string;
  active: boolean;
  permissions: string[] | null;
  last_seen_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  configuration_version: number;
  covers_for: string[] | null;
  covers_change_at: Date | null;
  password_change_due: boolean;
}

// Whom a member of staff stands in for now, and when that next changes. Looked up with every request: no job starts or ends it.
const covers = (staff: string) => `
  LEFT JOIN LATERAL (
    SELECT array_agg(a.staff_id) FILTER (WHERE a.starts_at <= $3) AS covers_for, min(CASE WHEN a.starts_at > $3 THEN a.starts_at ELSE a.ends_at END) AS covers_change_at
    FROM absence a WHERE a.tenant_id = $1 AND a.cover_id = ${staff} AND a.cancelled_at IS NULL AND a.ends_at > $3) c ON true`;

const findSessions = statement<CredentialRow>('session.find', `
  SELECT s.token_hash, s.id, s.staff_id, s.customer_id, coalesce(st.name, cu.name) AS name, coalesce(st.active, true) AS active,
    NULL::text[] AS permissions, s.last_seen_at, s.expires_at, s.revoked_at, o.configuration_version, c.covers_for, c.covers_change_at, coalesce(st.password_change_due, false) AS password_change_due
  FROM session s JOIN organization o ON o.tenant_id = s.tenant_id
    LEFT JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
    LEFT JOIN customer cu ON cu.tenant_id = s.tenant_id AND cu.id = s.customer_id${covers('s.staff_id')}
  WHERE s.tenant_id = $1 AND s.token_hash = ANY($2::bytea[])`);

const findKeys = statement<CredentialRow>('api_key.find', `
  SELECT k.token_hash, k.id, k.staff_id, NULL::uuid AS customer_id, st.name, st.active,
    k.permissions, k.last_used_at AS last_seen_at, k.expires_at, k.revoked_at, o.configuration_version, c.covers_for, c.covers_change_at, false AS password_change_due
  FROM api_key k JOIN organization o ON o.tenant_id = k.tenant_id
    JOIN staff st ON st.tenant_id = k.tenant_id AND st.id = k.staff_id${covers('k.staff_id')}
  WHERE k.tenant_id = $1 AND k.token_hash = ANY($2::bytea[])`);

const touchSession = statement<never>('session.touch', 'UPDATE session SET last_seen_at = $3 WHERE tenant_id = $1 AND token_hash = $2');
const touchKey = statement<never>('api_key.touch', 'UPDATE api_key SET last_used_at = $3 WHERE tenant_id = $1 AND token_hash = $2');
const touchEveryMilliseconds = 300_000;
const mostKept = 10_000;

/**
 * Tells who is asking (身份识别), from the database at every request, so that a revoked session ends at once on every
 * node. Requests that arrive together share one look-up; what a person's roles amount to is kept for as long as the
 * organization's configuration version stands.
 */
export function openIdentify(services: Pick<Services, 'database' | 'clock' | 'secrets' | 'log'>): Identify {
  const { database, clock, secrets } = services;
  const lookUp = { session: batched(database, findSessions, clock), api_key: batched(database, findKeys, clock) };
  const subjects = new Map<string, { version: number; subject: Subject }>();
  // The organization of a key that names none; a key never changes its organization.
  const tenantsOfKeys = new Map<string, string>();

  async function tenantOfKey(hash: Buffer): Promise<string | null> {
    const known = tenantsOfKeys.get(hash.toString('hex'));
    if (known) return known;
    const row = await database.transact(everyTenant, (transaction) =>
      transaction.first(build.selectFrom('api_key').select('tenant_id').where('token_hash', '=', hash)));
    if (!row) return null;
    tenantsOfKeys.set(hash.toString('hex'), row.tenant_id);
    return row.tenant_id;
  }

  async function subjectOf(tenantId: string, staffId: string, version: number): Promise<Subject> {
    const key = `${tenantId} ${staffId}`;
    const present = subjects.get(key);
    if (present?.version === version) return present.subject;
    const subject = (await database.transact(tenantId, (transaction) => loadSubjects(transaction, [staffId], version))).get(staffId)!;
    if (subjects.size >= mostKept) subjects.delete(subjects.keys().next().value!);
    subjects.set(key, { version, subject });
    return subject;
  }

  async function configurationVersion(tenantId: string): Promise<number | null> {
    const row = await database.transact(tenantId, (transaction) =>
      transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', tenantId)));
    return row?.configuration_version ?? null;
  }

  return {
    async byToken(token) {
      const now = clock.now();
      const said = readToken(token);
      const hash = hashToken(token);
      const tenantId = said?.tenantId ?? (token.length >= 24 ? await tenantOfKey(hash) : null);
      if (!tenantId) throw new Refusal('not_signed_in');
      const kind = said?.kind ?? 'api_key';
      const row = await lookUp[kind](tenantId, hash);
      if (!row) throw new Refusal('not_signed_in');
      if (row.revoked_at || !row.active || (row.expires_at && row.expires_at <= now)) throw new Refusal(kind === 'api_key' ? 'api_key_ended' : 'session_expired');
      if (!row.last_seen_at || now.getTime() - row.last_seen_at.getTime() > touchEveryMilliseconds) {
        // Not worth waiting for: when it is lost, the next request does it.
        database.transact(tenantId, (transaction) => transaction.query(kind === 'session' ? touchSession : touchKey, [tenantId, hash, now]))
          .catch((error: unknown) => services.log.warn({ error }, 'could not note that a credential was used'));
      }
      let caller: Caller;
      if (row.customer_id !== null) {
        caller = { kind: 'customer', customerId: row.customer_id, name: row.name, credentialId: row.id, expiresAt: row.expires_at! };
      } else {
        const subject = await subjectOf(tenantId, row.staff_id!, row.configuration_version);
        caller = {
          kind: 'staff', via: kind, name: row.name, credentialId: row.id, expiresAt: row.expires_at, accessChangesAt: row.covers_change_at, passwordChangeDue: row.password_change_due,
          subject: { ...subject, ...(row.covers_for ? { coversFor: row.covers_for } : {}), ...(row.permissions ? { onlyPermissions: new Set(row.permissions) } : {}) },
        };
      }
      return { tenantId, caller, configurationVersion: row.configuration_version };
    },
    async byOrganization(slug) {
      // What cannot be a name is not looked for: not every text can be sent to the database.
      if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(slug)) throw new Refusal('not_found');
      const row = await database.transact(everyTenant, (transaction) =>
        transaction.first(build.selectFrom('organization').select(['tenant_id', 'configuration_version']).where('slug', '=', slug)));
      if (!row) throw new Refusal('not_found');
      return { tenantId: row.tenant_id, caller: { kind: 'nobody' }, configurationVersion: row.configuration_version };
    },
    async byLink(token) {
      const link = readTicketToken(secrets, token, clock.now());
      return link ? identifiedBy(link.tenantId, { kind: 'link', ticketId: link.ticketId, handedOnBy: link.handedOnBy }) : refuseLink();
    },
    async byScan(token) {
      const scan = readCodeToken(secrets, token, clock.now());
      return scan ? identifiedBy(scan.tenantId, { kind: 'nobody' }) : refuseLink();
    },
    ...openChatDoors(database, secrets, () => clock.now()),
  };

  async function identifiedBy(tenantId: string, caller: Caller): Promise<Identified> {
    const version = await configurationVersion(tenantId);
    return version === null ? refuseLink() : { tenantId, caller, configurationVersion: version };
  }
}

function refuseLink(): never {
  throw new Refusal('link_invalid');
}

/** Look-ups of one organization that are asked for in the same turn of the event loop go as one query. */
function batched(database: Database, find: typeof findSessions, clock: Services['clock']): (tenantId: string, hash: Buffer) => Promise<CredentialRow | null> {
  const asked = new Map<string, { hash: Buffer; resolve: (row: CredentialRow | null) => void; reject: (error: unknown) => void }[]>();
  return (tenantId, hash) => new Promise((resolve, reject) => {
    const together = asked.get(tenantId);
    if (together) {
      together.push({ hash, resolve, reject });
      return;
    }
    asked.set(tenantId, [{ hash, resolve, reject }]);
    setImmediate(() => {
      const all = asked.get(tenantId)!;
      asked.delete(tenantId);
      const hashes = [...new Map(all.map((one) => [one.hash.toString('hex'), one.hash])).values()];
      database.look(tenantId, find, [tenantId, hashes, clock.now()]).then(
        (rows) => {
          const found = new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
          for (const one of all) one.resolve(found.get(one.hash.toString('hex')) ?? null);
        },
        (error: unknown) => {
          for (const one of all) one.reject(error);
        },
      );
    });
  });
}

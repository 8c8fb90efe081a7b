import { ConfigurationError, type AdministratorConfig } from '../platform/config/config.ts';
import type { Clock } from '../platform/clock/clock.ts';
import { systemActor } from '../platform/context.ts';
import { build, everyTenant, type Database, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import { Refusal } from '../platform/errors/refusal.ts';
import { recordFact } from '../platform/facts/fact.ts';
import { hashToken, type Secrets } from '../platform/secrets.ts';
import { hashPassword } from '../records/access/passwords.ts';
import { raiseConfigurationVersion } from '../records/organization/configuration.ts';
import { foundOrganization, type Foundation } from './found-organization.ts';
import { demoPassword, insertDemo } from './insert-demo.ts';

export interface Founding {
  database: Database;
  clock: Clock;
  secrets: Secrets;
  demo: boolean;
  administrator: AdministratorConfig | undefined;
  publicUrl: string;
  say: (line: string) => void;
}

/** How people sign in after a start: shown on the console. */
export interface SignInHints {
  slug: string | null;
  demoAccounts: { role: string; email: string }[];
  demoPassword: string | null;
}

/**
 * Makes an empty database usable (首次启动): the demonstration company, or an organization of one department and team
 * for the administrator who was named. On later starts it only sees to it that this administrator exists.
 */
export async function ensureFounded(founding: Founding): Promise<SignInHints> {
  const { database, clock, demo, administrator } = founding;
  // Several nodes may start at once on an empty database: one founds, the others wait for it.
  return database.transact(everyTenant, async (transaction) => {
    // It only holds the lock while another one founds, which takes its time on a slow machine.
    await transaction.query({ name: 'founding.patience', text: 'SET LOCAL idle_in_transaction_session_timeout = 0' }, []);
    await transaction.query({ name: 'founding.lock', text: 'SELECT pg_advisory_xact_lock($1)' }, [7_214_410_923]);
    let organizations = await transaction.run(build.selectFrom('organization').select(['tenant_id', 'slug']).orderBy('created_at').limit(50));
    if (organizations.length === 0) {
      if (demo) await foundDemo(founding);
      else if (administrator) await foundPlain(founding);
      organizations = await transaction.run(build.selectFrom('organization').select(['tenant_id', 'slug']).orderBy('created_at').limit(50));
    }
    const first = organizations[0];
    if (administrator && first) await ensureAdministrator(database, first.tenant_id, administrator, clock.now());
    const demoAccounts = await transaction.run(build.selectFrom('staff').select(['job', 'email']).where('email', 'like', '%@anju.example').where('active', '=', true)
      .where('email', 'in', ['admin', 'manager', 'dispatcher', 'agent', 'engineer'].map((name) => `${name}@anju.example`)));
    return {
      slug: first?.slug ?? null,
      demoAccounts: demoAccounts.map((account) => ({ role: account.job, email: account.email! })),
      demoPassword: demo && demoAccounts.length > 0 ? demoPassword : null,
    };
  });
}

function foundationFor(founding: Founding, slug: string, name: string): Foundation {
  const { hostname } = new URL(founding.publicUrl);
  return { slug, name, timeZone: 'Asia/Shanghai', host: hostname === '127.0.0.1' || hostname === '[::1]' ? 'localhost' : hostname, now: founding.clock.now() };
}

async function foundDemo(founding: Founding): Promise<void> {
  founding.say('第一次启动：正在准备演示企业（约需十几秒） · First start: preparing the demonstration company');
  const tenantId = newId();
  await founding.database.transact(tenantId, async (transaction) => {
    await insertDemo(transaction, founding.secrets, (slug, name) => foundationFor(founding, slug, name));
  });
}

async function foundPlain(founding: Founding): Promise<void> {
  const tenantId = newId();
  const now = founding.clock.now();
  await founding.database.transact(tenantId, async (transaction) => {
    await foundOrganization(transaction, foundationFor(founding, 'main', '我的企业'));
    const departmentId = newId();
    await transaction.run(build.insertInto('department').values({ tenant_id: tenantId, id: departmentId, name: '总部', name_en: 'Headquarters', created_at: now }));
    await transaction.run(build.insertInto('team').values({ tenant_id: tenantId, id: newId(), department_id: departmentId, name: '服务班组', name_en: 'Service team', created_at: now }));
    await recordFact(transaction, { kind: 'department.created', actor: systemActor, data: { name: '总部' }, occurredAt: now, recordedAt: now, subjectId: departmentId });
  });
}

async function ensureAdministrator(database: Database, tenantId: string, administrator: AdministratorConfig, now: Date): Promise<void> {
  const email = administrator.email.toLowerCase();
  await database.transact(tenantId, async (transaction) => {
    const present = await transaction.first(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('email', '=', email));
    const staffId = present?.id ?? await insertAdministrator(transaction, email, await hashAdministratorsPassword(administrator.password), now);
    if (administrator.apiKey !== undefined) await ensureApiKey(transaction, staffId, administrator.apiKey, now);
  });
}

async function hashAdministratorsPassword(password: string): Promise<string> {
  return hashPassword(password).catch((error: unknown) => {
    throw error instanceof Refusal ? new ConfigurationError('ADMIN_PASSWORD must be at least 10 characters and not a common password.') : error;
  });
}

async function insertAdministrator(transaction: Transaction, email: string, passwordHash: string, now: Date): Promise<string> {
  const tenant = transaction.tenantId;
  const id = newId();
  const [department, team, role] = await Promise.all([
    transaction.first(build.selectFrom('department').select('id').where('tenant_id', '=', tenant).where('parent_id', 'is', null).orderBy('id').limit(1)),
    transaction.first(build.selectFrom('team').select('id').where('tenant_id', '=', tenant).orderBy('id').limit(1)),
    transaction.first(build.selectFrom('role').select('id').where('tenant_id', '=', tenant).where('key', '=', 'administrator')),
  ]);
  await raiseConfigurationVersion(transaction);
  await transaction.run(build.insertInto('staff').values({ tenant_id: tenant, id, name: '管理员', email, job: 'administrator', department_id: department?.id ?? null, password_hash: passwordHash, created_at: now }));
  if (role) await transaction.run(build.insertInto('staff_role').values({ tenant_id: tenant, staff_id: id, role_id: role.id }));
  if (team) await transaction.run(build.insertInto('team_member').values({ tenant_id: tenant, team_id: team.id, staff_id: id }));
  await recordFact(transaction, { kind: 'staff.created', actor: systemActor, data: { name: '管理员', email }, occurredAt: now, recordedAt: now, subjectId: id });
  return id;
}

async function ensureApiKey(transaction: Transaction, staffId: string, key: string, now: Date): Promise<void> {
  const name = 'ADMIN_API_KEY';
  const made = await transaction.run(build.insertInto('api_key').values({
    tenant_id: transaction.tenantId, id: newId(), staff_id: staffId, name, token_hash: hashToken(key), prefix: `…${key.slice(-4)}`, permissions: null, created_at: now,
  }).onConflict((conflict) => conflict.columns(['tenant_id', 'token_hash']).doNothing()).returning('id'));
  for (const { id } of made) await recordFact(transaction, { kind: 'api_key.created', actor: systemActor, data: { name, permissions: null }, occurredAt: now, recordedAt: now, subjectId: id });
}

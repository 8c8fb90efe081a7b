import { channelLimits } from '../../contract/channel.ts';
import { openHistoryKey } from '../../server/platform/facts/history-key.ts';
import { receiveCalls } from '../../server/journey/intake/receive-call.ts';
import { addHooks } from '../../server/platform/http/hooks.ts';
import { receiveReceipts } from '../../server/reactions/notices/receive-receipts.ts';
import { receiptPath } from '../../server/records/notice/receipt-address.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { foundOrganization } from '../../server/founding/found-organization.ts';
import { rollUp } from '../../server/journey/insight/roll-up.ts';
import { systemClock, type Clock } from '../../server/platform/clock/clock.ts';
import type { Services } from '../../server/platform/context.ts';
import { build, openDatabase, type Database } from '../../server/platform/db/database.ts';
import { migrate } from '../../server/platform/db/migrate.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { openFolderStore } from '../../server/platform/files/folder-store.ts';
import { addApiDocumentation } from '../../server/platform/http/pages.ts';
import { buildServer, type ServerOptions } from '../../server/platform/http/server.ts';
import { openLog } from '../../server/platform/log.ts';
import { openHub } from '../../server/platform/realtime/hub.ts';
import { hashToken, openSecrets } from '../../server/platform/secrets.ts';
import { indexTickets } from '../../server/reactions/search/index-tickets.ts';
import { reactionsTo, readersOf } from '../../server/reactions.ts';
import { openIdentify } from '../../server/records/access/identify.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { routes } from '../../server/routes.ts';
import { openTestCluster } from './postgres.ts';

/** Standard people of a test organization; each holds the role of the same name. */
export type Person = 'administrator' | 'manager' | 'dispatcher' | 'agent' | 'technician' | 'stranger';

export interface TestOrganization {
  tenantId: string;
  slug: string;
  typeId: string;
  departmentId: string;
  otherDepartmentId: string;
  teamId: string;
  otherTeamId: string;
  categoryId: string;
  /** Staff ids. `stranger` has no role at all. */
  staff: Record<Person, string>;
  /** Bearer tokens of sessions. */
  tokens: Record<Person, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
  text: string;
}

export interface TestProgram {
  app: FastifyInstance;
  database: Database;
  services: Services;
  connectionString: string;
  organization: TestOrganization;
  /** Another organization in the same database. */
  foundAnother(slug: string): Promise<TestOrganization>;
  call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, options?: { as?: Person | { token: string }; body?: unknown; headers?: Record<string, string>; of?: TestOrganization }): Promise<Answer>;
  inject(options: InjectOptions): Promise<Answer>;
  /** Lets the readers of the fact log (search, insight) take everything there is. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

/** A clock that tests move on by hand; it starts at the present moment, to the millisecond, and stands still between. */
export interface TestClock extends Clock {
  advance(by: { seconds?: number; minutes?: number; days?: number }): void;
}

export function testClock(): TestClock {
  let time = Date.now();
  return {
    now: () => new Date(time),
    advance: ({ seconds = 0, minutes = 0, days = 0 }) => {
      time += (seconds + minutes * 60 + days * 86_400) * 1_000;
    },
  };
}

/**
 * The program without a port, on a database of its own: the real server, routes, policy and readers. Every answer is
 * checked against its schema. The password of everybody is `correct horse battery`.
 */
export async function openTestProgram(options: Partial<Pick<ServerOptions, 'limits'>> & { smsConfigured?: boolean; mailConfigured?: boolean; clock?: Clock } = {}): Promise<TestProgram> {
  const cluster = await openTestCluster(migrate);
  const clone = await cluster.cloneDatabase();
  const secrets = openSecrets('a secret key for tests, of forty letters');
  const database = openDatabase({ connection: clone.connection, role: cluster.migrated.role, connections: 8, historyKey: openHistoryKey(secrets) });
  const files = await mkdtemp(join(tmpdir(), 'bihuan-test-files-'));
  const log = openLog(process.env['TEST_LOG_LEVEL'] ?? 'silent');
  const clock = options.clock ?? systemClock;
  const services: Services = {
    database, log, clock, secrets, blobs: openFolderStore(files),
    hub: openHub(), publicUrl: 'http://bihuan.test', smsConfigured: options.smsConfigured ?? true, mailConfigured: options.mailConfigured ?? true,
  };
  const app = await buildServer({ routes, services, identify: openIdentify(services), log, trustProxy: false, secureCookies: false, checkAnswers: true, ...(options.limits ? { limits: options.limits } : {}) });
  await addApiDocumentation(app);
  await addHooks(app, '/hooks/:channel/:account', channelLimits.body, receiveCalls(services));
  await addHooks(app, `${receiptPath}/:account`, channelLimits.body, receiveReceipts(services));
  const organization = await foundForTests(database, 'first', clock);
  // The readers as the table has them, but for the one that hands jobs to the queue.
  const readers: Reader[] = readersOf(reactionsTo(services, { send: async () => {}, work: async () => {}, stop: async () => {} })).filter((reader) => [indexTickets.name, rollUp.name].includes(reader.name));
  for (const reader of readers) await registerReader(database, reader.name);

  const inject = async (request: InjectOptions): Promise<Answer> => {
    const response = await program.app.inject(request);
    let body: unknown;
    try {
      body = JSON.parse(response.body);
    } catch {
      body = undefined;
    }
    return { status: response.statusCode, headers: response.headers, body, text: response.body };
  };
  const program: TestProgram = {
    app, database, services, organization, inject, connectionString: clone.connectionString,
    foundAnother: (slug) => foundForTests(database, slug, clock),
    call: (method, path, { as, body, headers = {}, of = organization } = {}) => inject({
      method, url: path.startsWith('/api/') ? path : `/api/v1${path}`,
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${typeof as === 'string' ? of.tokens[as] : as.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }), 'accept-language': 'en', ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
    async catchUp() {
      for (const reader of readers) while (await advance(database, reader) > 0);
    },
    async close() {
      await program.app.close();
      // A test file holds its program to the end of the process; a hundred servers with all their routes would go on with it.
      (program as { app?: FastifyInstance }).app = undefined;
      await database.close();
      await clone.drop();
      await rm(files, { recursive: true, force: true });
    },
  };
  return program;
}

// The hash of the password, so that founding an organization does not take a second.
const passwordHash = (await import('@node-rs/argon2')).hash('correct horse battery', { memoryCost: 8_192, timeCost: 1, parallelism: 1 });

async function foundForTests(database: Database, slug: string, clock: Clock): Promise<TestOrganization> {
  const tenantId = newId();
  const now = clock.now();
  const hash = await passwordHash;
  return database.transact(tenantId, async (transaction) => {
    const tenant_id = tenantId;
    const { roleIds, typeId } = await foundOrganization(transaction, { slug, name: `Test ${slug}`, timeZone: 'Asia/Shanghai', host: 'localhost', now });
    const departmentId = newId();
    const otherDepartmentId = newId();
    const teamId = newId();
    const otherTeamId = newId();
    const categoryId = newId();
    await transaction.run(build.insertInto('department').values([{ tenant_id, id: departmentId, name: '工程部', created_at: now }, { tenant_id, id: otherDepartmentId, name: '客服部', created_at: now }]));
    await transaction.run(build.insertInto('team').values([{ tenant_id, id: teamId, department_id: departmentId, name: '水电班', created_at: now }, { tenant_id, id: otherTeamId, department_id: otherDepartmentId, name: '客服班', created_at: now }]));
    await transaction.run(build.insertInto('category').values({ tenant_id, id: categoryId, level: 1, name: '水电', team_id: teamId, created_at: now }));
    const people: Person[] = ['administrator', 'manager', 'dispatcher', 'agent', 'technician', 'stranger'];
    const staff = Object.fromEntries(people.map((person) => [person, newId()])) as Record<Person, string>;
    const tokens = Object.fromEntries(people.map((person) => [person, newToken('session', tenantId)])) as Record<Person, string>;
    const expires = new Date(now.getTime() + 86_400_000);
    await transaction.run(build.insertInto('staff').values(people.map((person, index) => ({
      tenant_id, id: staff[person], name: `${person} ${slug}`, email: `${person}@${slug}.example`, phone: `1390000${index}${String(slug.length).padStart(3, '0')}`, job: person === 'stranger' ? 'agent' : person,
      department_id: person === 'agent' || person === 'stranger' ? otherDepartmentId : departmentId, password_hash: hash, created_at: now,
    }))));
    await transaction.run(build.insertInto('staff_role').values(people.filter((person) => person !== 'stranger').map((person) => ({ tenant_id, staff_id: staff[person], role_id: roleIds[person]! }))));
    await transaction.run(build.insertInto('team_member').values([{ tenant_id, team_id: teamId, staff_id: staff.technician }, { tenant_id, team_id: otherTeamId, staff_id: staff.agent }]));
    await transaction.run(build.insertInto('session').values(people.map((person) => ({
      tenant_id, token_hash: hashToken(tokens[person]), id: newId(), staff_id: staff[person], customer_id: null, created_at: now, last_seen_at: now, expires_at: expires,
    }))));
    return { tenantId, slug, typeId, departmentId, otherDepartmentId, teamId, otherTeamId, categoryId, staff, tokens };
  });
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { actorOf, systemActor, type Caller, type Context, type Services } from '../../platform/context.ts';
import { build, openDatabase } from '../../platform/db/database.ts';
import { migrate } from '../../platform/db/migrate.ts';
import { newId } from '../../platform/db/uuid.ts';
import { openFolderStore } from '../../platform/files/folder-store.ts';
import { loadImages } from '../../platform/files/image.ts';
import { openLog } from '../../platform/log.ts';
import { openHub } from '../../platform/realtime/hub.ts';
import { openSecrets } from '../../platform/secrets.ts';
import { insertNewTicket } from '../ticket/insert.ts';
import { keepFile, storeFile } from './store-file.ts';
import type { FilePurpose, FileRow, FileVisibility } from './row.ts';

/** A database, a store and an organization for tests of files. */
export interface SampleDesk {
  services: Services;
  folder: string;
  tenantId: string;
  staffId: string;
  typeId: string;
  /** The clock of the services stands here until it is set. */
  now: Date;
  /** Runs work in a transaction, as somebody. */
  as<Result>(caller: Caller, work: (context: Context) => Promise<Result>, tenantId?: string): Promise<Result>;
  newTicket(): Promise<string>;
  /** Sends a file as somebody does, all the way into database and store. */
  send(caller: Caller, file: { name: string; content: Buffer | string; type?: string; purpose?: FilePurpose; visibility?: FileVisibility }): Promise<FileRow>;
  close(): Promise<void>;
}

export async function openSampleDesk(): Promise<SampleDesk> {
  const cluster = await openTestCluster(migrate);
  const folder = await mkdtemp(join(tmpdir(), 'desk-'));
  const database = openDatabase({ connection: (await cluster.cloneDatabase()).connection, role: cluster.migrated.role });
  const [tenantId, staffId, typeId] = [newId(), newId(), newId()];
  const services: Services = {
    database, clock: { now: () => desk.now }, secrets: openSecrets(randomBytes(32).toString('hex')), blobs: openFolderStore(join(folder, 'files')),
    hub: openHub(), log: openLog('silent'), publicUrl: 'http://localhost', smsConfigured: false,
  };
  let numbers = 0;
  const desk: SampleDesk = {
    services, folder, tenantId, staffId, typeId, now: new Date('2026-11-21T08:00:00Z'),
    as: (caller, work, tenant = tenantId) => database.transact(tenant, (transaction) => work({
      tenantId: tenant, transaction, now: desk.now, caller, actor: actorOf(caller), language: 'zh-CN', requestId: 'test', remoteAddress: '127.0.0.1', csrfToken: null,
      userAgent: 'test', configurationVersion: 1, services,
    })),
    newTicket: () => database.transact(tenantId, async (transaction) => (await insertNewTicket({ tenantId, transaction, now: desk.now, actor: systemActor }, {
      id: newId(), number: `20261121-${String(numbers += 1).padStart(5, '0')}`, type_id: typeId, subject: '水管爆裂', description: '', status: 'new', priority: 1,
      priority_explanation: {}, channel: 'portal', category_id: null, department_id: null, team_id: null, assignee_id: null, customer_id: null,
      contact_name: null, contact_phone: null, contact_email: null, asset_id: null, address: null, lat: null, lng: null, tags: [], fields: {},
    })).id),
    async send(caller, { name, content, type = '', purpose = 'attachment', visibility = 'internal' }) {
      const bytes = Buffer.from(content);
      const path = join(folder, newId());
      await writeFile(path, bytes);
      const kept = await keepFile(services, tenantId, { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest(), declaredName: name, declaredType: type }, { purpose });
      return desk.as(caller, (context) => storeFile(context, kept, { purpose, visibility }));
    },
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
  const shared = { tenant_id: tenantId, created_at: desk.now };
  await database.transact(tenantId, async (transaction) => {
    await transaction.run(build.insertInto('organization').values({ ...shared, slug: `desk-${tenantId}`, name: '安居物业' }));
    await transaction.run(build.insertInto('ticket_type').values({ ...shared, id: typeId, key: 'repair', name: '报修', is_default: true, definition: '{"fields":{}}' }));
    await transaction.run(build.insertInto('staff').values({ ...shared, id: staffId, name: '李工', job: 'technician' }));
  });
  return desk;
}

/** A member of staff who may read every ticket, or hold the grants given. */
export function sampleStaff(staffId: string, via: 'session' | 'api_key' = 'session'): Caller {
  return {
    kind: 'staff', via, name: '李工', credentialId: newId(), expiresAt: null,
    subject: { staffId, teamIds: [], departmentIds: [], grants: [{ permission: 'ticket.read', scope: 'organization' }] },
  };
}

export const nobody: Caller = { kind: 'nobody' };

/** A photo of one colour. */
export async function samplePhoto(width = 1_200, height = 900): Promise<Buffer> {
  const sharp = await loadImages();
  return sharp({ create: { width, height, channels: 3, background: '#1a56db' } }).jpeg().toBuffer();
}

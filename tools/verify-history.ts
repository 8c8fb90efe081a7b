/**
 * Reckons the history of every ticket anew and names what does not hold (校验工单历史):
 * `npm run verify-history -- [--organization slug] [--ticket number]`. Beside a running program or without one; nothing is
 * written. Ends with 1 when a chain is broken, with 2 when it could not look.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { chainFaultNames } from '../contract/collaboration.ts';
import { readConfig, type Config } from '../server/platform/config/config.ts';
import { build, everyTenant, openDatabase, type Database } from '../server/platform/db/database.ts';
import { verifyHistories, verifyHistory, type BrokenLink } from '../server/platform/facts/verify.ts';
import { startEmbeddedPostgres } from '../server/platform/postgres/embedded.ts';
import { findRunning } from '../server/platform/postgres/running.ts';

const mostShown = 100;
let broken = 0;

async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { organization: { type: 'string' }, ticket: { type: 'string' } } });
  const { connection, stop } = await reach(readConfig(process.env));
  const database = openDatabase({ connection, role: null, connections: 2 });
  try {
    const organizations = await database.transact(everyTenant, (transaction) => {
      const all = build.selectFrom('organization').select(['tenant_id', 'slug']).orderBy('slug');
      return transaction.run(options.organization === undefined ? all : all.where('slug', '=', options.organization));
    });
    if (organizations.length === 0) throw new Error(options.organization === undefined ? '还没有企业 There is no organization yet.' : `没有这个企业 There is no organization ${options.organization}.`);
    if (options.ticket === undefined) for (const { tenant_id: tenantId, slug } of organizations) await verifyAll(database, tenantId, slug);
    else await verifyOne(database, organizations, options.ticket);
    if (broken > mostShown) console.log(`… ${broken - mostShown} more`);
    process.exitCode = broken === 0 ? 0 : 1;
  } finally {
    await database.close();
    await stop();
  }
}

async function verifyAll(database: Database, tenantId: string, slug: string): Promise<void> {
  const before = broken;
  const { tickets, facts } = await verifyHistories(database, tenantId, (link) => tell(slug, link));
  const found = broken - before;
  console.log(`${slug}: ${tickets} 张工单 tickets, ${facts} 条记录 facts, ${found === 0 ? '全部完好 all intact' : `${found} 处断链 broken`}`);
}

async function verifyOne(database: Database, organizations: readonly { tenant_id: string; slug: string }[], number: string): Promise<void> {
  let seen = 0;
  for (const { tenant_id: tenantId, slug } of organizations) {
    const verified = await database.transact(tenantId, async (transaction) => {
      const ticket = await transaction.first(build.selectFrom('ticket').select('id').where('tenant_id', '=', tenantId).where('number', '=', number));
      return ticket ? verifyHistory(transaction, tenantId, ticket.id) : null;
    });
    if (!verified) continue;
    seen += 1;
    if (verified.broken) tell(slug, verified.broken);
    else console.log(`${slug} ${number}: ${verified.chain.history_length} 条记录 facts, 完好 intact`);
  }
  if (seen === 0) throw new Error(`没有这张工单 There is no ticket ${number}.`);
}

function tell(slug: string, { number, ticketId, position, kind, fault }: BrokenLink): void {
  broken += 1;
  if (broken <= mostShown) console.log(`${slug} ${number ?? ticketId}: 第 ${position} 条 entry ${position}${kind === null ? '' : ` (${kind})`}: ${chainFaultNames[fault].zh} ${chainFaultNames[fault].en} [${fault}]`);
}

/** The database of the installation: the given one, that of the running program, or one started for as long as it takes. */
async function reach({ database, dataDirectory }: Config): Promise<{ connection: pg.ClientConfig; stop: () => Promise<void> }> {
  const nothing = async () => {};
  if (database.kind === 'server') return { connection: { connectionString: database.url }, stop: nothing };
  const running = await findRunning(dataDirectory);
  if (running) return { connection: running, stop: nothing };
  // Started where there is none, it would make one.
  if (!existsSync(join(dataDirectory, 'postgres'))) throw new Error(`没有数据 There is no database in ${dataDirectory}.`);
  const started = await startEmbeddedPostgres({ dataDirectory, log: () => {} });
  return { connection: started.connection, stop: () => started.stop() };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/**
 * Reckons the history of every ticket, the audit trail and the seals over both anew and names what does not hold (校验历史):
 * `npm run verify-history -- [--organization slug] [--ticket number] [--seal number:seal]`. Beside a running program or
 * without one; nothing is written. `--seal` is one that was written down before, on paper or from the program's log: it
 * must still be there, so that a cut-off end is found. It takes the SECRET_KEY of the program. Ends with 1 when something is
 * broken, with 2 when it could not look.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { anchorFaultNames, chainFaultNames } from '../contract/collaboration.ts';
import { readConfig, type Config } from '../server/platform/config/config.ts';
import { findSecretKey } from '../server/platform/config/secret-key.ts';
import { build, everyTenant, openDatabase, type Database } from '../server/platform/db/database.ts';
import { openHistoryKey } from '../server/platform/facts/history-key.ts';
import { findSeal, verifyLog, type BrokenAnchor, type BrokenFact } from '../server/platform/facts/verify-log.ts';
import { verifyHistories, verifyHistory, type BrokenLink } from '../server/platform/facts/verify.ts';
import { startEmbeddedPostgres } from '../server/platform/postgres/embedded.ts';
import { findRunning } from '../server/platform/postgres/running.ts';
import { openSecrets } from '../server/platform/secrets.ts';

const mostShown = 100;
let broken = 0;

async function main(): Promise<void> {
  const { values: options } = parseArgs({ options: { organization: { type: 'string' }, ticket: { type: 'string' }, seal: { type: 'string' } } });
  const expected = options.seal === undefined ? undefined : /^(\d{1,9}):([0-9a-f]{74})$/.exec(options.seal);
  if (expected === null) throw new Error('--seal 须为 编号:封印 must be number:seal');
  if (expected && options.organization === undefined) throw new Error('--seal 须与 --organization 同用 goes with --organization');
  const config = readConfig(process.env);
  const secretKey = await findSecretKey(config);
  if (secretKey === undefined) throw new Error('需要程序所用的 SECRET_KEY The SECRET_KEY of the program is needed.');
  const { connection, stop } = await reach(config);
  const database = openDatabase({ connection, role: null, connections: 2, historyKey: openHistoryKey(openSecrets(secretKey)) });
  try {
    const organizations = await database.transact(everyTenant, (transaction) => {
      const all = build.selectFrom('organization').select(['tenant_id', 'slug']).orderBy('slug');
      return transaction.run(options.organization === undefined ? all : all.where('slug', '=', options.organization));
    });
    if (organizations.length === 0) throw new Error(options.organization === undefined ? '还没有企业 There is no organization yet.' : `没有这个企业 There is no organization ${options.organization}.`);
    if (options.ticket === undefined) for (const { tenant_id: tenantId, slug } of organizations) await verifyAll(database, tenantId, slug, expected);
    else await verifyOne(database, organizations, options.ticket);
    if (broken > mostShown) console.log(`… ${broken - mostShown} more`);
    process.exitCode = broken === 0 ? 0 : 1;
  } finally {
    await database.close();
    await stop();
  }
}

async function verifyAll(database: Database, tenantId: string, slug: string, expected: RegExpExecArray | undefined): Promise<void> {
  const before = broken;
  const { tickets, facts, unkeyed } = await verifyHistories(database, tenantId, (link) => tell(slug, link));
  const log = await verifyLog(database, tenantId, (fact) => tellFact(slug, fact), (anchor) => tellAnchor(slug, anchor));
  if (expected) {
    const found = await database.transact(tenantId, (transaction) => findSeal(transaction, tenantId, Number(expected[1])));
    if (found !== expected[2]) say(`${slug}: ${found === null ? '没有' : '不是'}记下的封存点 the seal that was written down is ${found === null ? 'not there' : 'another'} [seal ${expected[1]}]`);
  }
  const found = broken - before;
  const old = unkeyed + log.unkeyed;
  console.log(`${slug}: ${tickets} 张工单 tickets, ${facts} 条工单记录 entries of tickets, ${log.facts} 条其他记录 other entries, ${log.anchors} 个封存点 seals, ${found === 0 ? '全部完好 all intact' : `${found} 处不符 broken`}`);
  if (old > 0) console.log(`${slug}: 其中 ${old} 条写于启用密钥封印之前，在首次封存之前可被改写 entries were written before there was a key: until they first came under a seal they could be written anew [unkeyed]`);
  if (log.newest) console.log(`${slug}: 最新封存点 newest seal ${log.newest.number}:${log.newest.seal}`);
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
    else console.log(`${slug} ${number}: ${verified.chain.history_length} 条记录 facts, 完好 intact${verified.unkeyed > 0 ? ` (其中 ${verified.unkeyed} 条无密钥 unkeyed)` : ''}`);
  }
  if (seen === 0) throw new Error(`没有这张工单 There is no ticket ${number}.`);
}

function tell(slug: string, { number, ticketId, position, kind, fault }: BrokenLink): void {
  say(`${slug} ${number ?? ticketId}: 第 ${position} 条 entry ${position}${kind === null ? '' : ` (${kind})`}: ${chainFaultNames[fault].zh} ${chainFaultNames[fault].en} [${fault}]`);
}

function tellFact(slug: string, { position, kind, recordedAt, fault }: BrokenFact): void {
  say(`${slug}: 日志 ${position} log entry ${position} (${kind}, ${recordedAt.toISOString()}): ${chainFaultNames[fault].zh} ${chainFaultNames[fault].en} [${fault}]`);
}

function tellAnchor(slug: string, { number, from, to, expected, found, sealedAt, fault }: BrokenAnchor): void {
  const counted = expected === found ? '' : ` (${expected} → ${found})`;
  say(`${slug}: 封存点 ${number}，日志 ${from + 1}–${to} seal ${number}, log entries ${from + 1}–${to}, ${sealedAt.toISOString()}: ${anchorFaultNames[fault].zh} ${anchorFaultNames[fault].en}${counted} [${fault}]`);
}

function say(line: string): void {
  broken += 1;
  if (broken <= mostShown) console.log(line);
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

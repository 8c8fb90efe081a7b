import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openTestProgram } from '../../../test/support/program.ts';
import { openDatabase, type Database } from '../../platform/db/database.ts';
import { nextNumber } from './numbers.ts';

const program = await openTestProgram();
const opened: Database[] = [];
after(async () => {
  for (const database of opened) await database.close();
  await program.close();
});
let organizations = 0;

/** An organization that has no numbers yet. */
async function foundTenant(): Promise<string> {
  organizations += 1;
  return (await program.foundAnother(`numbers-${organizations}`)).tenantId;
}

/** Another program on the same database, as far as numbers are concerned; it counts its transactions. */
function startProgram(): { database: Database; transactions: () => number } {
  const database = openDatabase({ connection: { connectionString: program.connectionString }, role: null, connections: 3 });
  opened.push(database);
  let transactions = 0;
  return {
    database: { ...database, transact: (...parameters) => {
      transactions += 1;
      return database.transact(...parameters);
    } },
    transactions: () => transactions,
  };
}

const zone = 'Asia/Shanghai';
const noon = new Date('2026-11-21T04:00:00Z');
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
const valueOf = (number: string) => Number(number.slice(9));

test('a number is the local day and a count that begins at one', async () => {
  const tenantId = await foundTenant();
  const { database } = startProgram();
  assert.equal(await nextNumber(database, tenantId, noon, zone), '20261121-00001');
  assert.equal(await nextNumber(database, tenantId, later(60), zone), '20261121-00002');
});

test('asked for all at once, numbers are all different, and the first ones are used first', async () => {
  const tenantId = await foundTenant();
  const { database } = startProgram();
  const numbers = await Promise.all(Array.from({ length: 300 }, () => nextNumber(database, tenantId, noon, zone)));
  assert.ok(numbers.every((number) => /^20261121-\d{5}$/.test(number)));
  assert.deepEqual(numbers.map(valueOf).toSorted((a, b) => a - b), Array.from({ length: 300 }, (_, index) => index + 1));
});

test('a busy organization leases more at a time, so that it seldom writes', async () => {
  const tenantId = await foundTenant();
  const { database, transactions } = startProgram();
  for (let index = 0; index < 2_000; index += 1) await nextNumber(database, tenantId, noon, zone);
  // 1 + 2 + 4 + … + 256 = 511, then 500 at a time.
  assert.equal(transactions(), 12);
});

test('a quiet one leases a single number again, so that a stopped program leaves no gap', async () => {
  const tenantId = await foundTenant();
  const first = startProgram();
  for (let index = 0; index < 3; index += 1) await nextNumber(first.database, tenantId, noon, zone);
  // Two programs in turns, each asking once in three seconds.
  const second = startProgram();
  const values: number[] = [];
  for (let turn = 1; turn <= 6; turn += 1) {
    for (const { database } of [first, second]) values.push(valueOf(await nextNumber(database, tenantId, later(turn * 3), zone)));
  }
  assert.deepEqual(values, Array.from({ length: 12 }, (_, index) => index + 4));
});

test('programs on one database never give out the same number', async () => {
  const tenantId = await foundTenant();
  const programs = [startProgram(), startProgram(), startProgram()];
  const numbers = await Promise.all(programs.flatMap(({ database }) => Array.from({ length: 200 }, () => nextNumber(database, tenantId, noon, zone))));
  assert.equal(new Set(numbers).size, 600);
});

test('organizations count each for itself', async () => {
  const { database } = startProgram();
  const tenants = [await foundTenant(), await foundTenant()];
  const numbers = await Promise.all(tenants.map((tenantId) => nextNumber(database, tenantId, noon, zone)));
  assert.deepEqual(numbers, ['20261121-00001', '20261121-00001']);
});

test('the count begins anew with the organization’s own day', async () => {
  const { database } = startProgram();
  const [shanghai, newYork] = [await foundTenant(), await foundTenant()];
  const beforeMidnight = new Date('2026-11-21T15:59:59.999Z');
  const midnight = new Date('2026-11-21T16:00:00Z');
  assert.equal(await nextNumber(database, shanghai, beforeMidnight, 'Asia/Shanghai'), '20261121-00001');
  assert.equal(await nextNumber(database, shanghai, midnight, 'Asia/Shanghai'), '20261122-00001');
  assert.equal(await nextNumber(database, shanghai, midnight, 'Asia/Shanghai'), '20261122-00002');
  assert.equal(await nextNumber(database, newYork, beforeMidnight, 'America/New_York'), '20261121-00001');
  assert.equal(await nextNumber(database, newYork, midnight, 'America/New_York'), '20261121-00002');
});

test('around midnight requests of both days get along: neither takes the other’s block away', async () => {
  const tenantId = await foundTenant();
  const { database, transactions } = startProgram();
  const beforeMidnight = new Date('2026-11-21T15:59:59.999Z');
  const midnight = new Date('2026-11-21T16:00:00Z');
  const numbers = await Promise.all(Array.from({ length: 20 }, (_, index) => nextNumber(database, tenantId, index % 2 === 0 ? beforeMidnight : midnight, zone)));
  const ten = Array.from({ length: 10 }, (_, index) => String(index + 1).padStart(5, '0'));
  assert.deepEqual(numbers.toSorted(), [...ten.map((value) => `20261121-${value}`), ...ten.map((value) => `20261122-${value}`)]);
  assert.equal(transactions(), 8, 'leases of 1, 2, 4 and 8 for each day');
});

test('past 99999 a number has one more digit', async () => {
  const tenantId = await foundTenant();
  const { database } = startProgram();
  await database.transact(tenantId, (transaction) => transaction.query({ name: '', text: "INSERT INTO number_block (tenant_id, day, next_value) VALUES ($1, '2026-11-21', 100000)" }, [tenantId]));
  assert.equal(await nextNumber(database, tenantId, noon, zone), '20261121-100000');
});

test('a lease that fails is told to everybody who waits for it, and tried again by the next', async () => {
  const tenantId = await foundTenant();
  const { database } = startProgram();
  let broken = true;
  const unsure: Database = { ...database, transact: (...parameters) => (broken ? Promise.reject(new Error('the database is away')) : database.transact(...parameters)) };
  const outcomes = await Promise.allSettled([nextNumber(unsure, tenantId, noon, zone), nextNumber(unsure, tenantId, noon, zone)]);
  assert.deepEqual(outcomes.map((outcome) => outcome.status), ['rejected', 'rejected']);
  broken = false;
  assert.equal(await nextNumber(unsure, tenantId, noon, zone), '20261121-00001');
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Insight, InsightQuery } from '../../../contract/insight.ts';
import type { Language } from '../../../contract/refusals.ts';
import type { Grant } from '../../../rules/access/permissions.ts';
import type { Context } from '../../platform/context.ts';
import { build, openDatabase, type Database } from '../../platform/db/database.ts';
import { migrate } from '../../platform/db/migrate.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { none } from './deltas.ts';
import { insertSampleOrganization, type SampleOrganization } from './sample-organization.ts';
import { showInsight } from './show-insight.ts';

let database: Database;
let organization: SampleOrganization;

// In Shanghai it is the 21st already.
const now = new Date('2026-11-20T18:00:00Z');
const week = ['2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'];

before(async () => {
  const cluster = await openTestCluster(migrate);
  database = openDatabase({ connection: (await cluster.cloneDatabase()).connection, role: cluster.migrated.role });
  organization = await insertSampleOrganization(database, 'Asia/Shanghai');
  const other = await insertSampleOrganization(database, 'Asia/Shanghai');
  const { teams: [plumbers, lifts], categoryIds: [water, , burst, lift] } = organization;
  const cell = (tenantId: string, team: { id: string; departmentId: string } | undefined, category_id: string, priority: number, channel: string) =>
    ({ tenant_id: tenantId, department_id: team?.departmentId ?? none, team_id: team?.id ?? none, category_id, priority, channel });
  const mine = organization.tenantId;
  for (const tenantId of [mine, other.tenantId]) {
    const foreign = tenantId !== mine;
    await database.transact(tenantId, async (transaction) => {
      await transaction.run(build.insertInto('insight_standing').values([
        { ...cell(tenantId, foreign ? undefined : plumbers, foreign ? none : burst, 1, 'portal'), status: 'open', count: foreign ? 500 : 3 },
        ...(foreign ? [] : [
          { ...cell(mine, plumbers, water, 2, 'phone'), status: 'new', count: 2 },
          { ...cell(mine, lifts, lift, 1, 'alarm'), status: 'open', count: 4 },
          { ...cell(mine, undefined, none, 3, 'phone'), status: 'new', count: 1 },
          { ...cell(mine, plumbers, water, 3, 'phone'), status: 'closed', count: 90 },
          { ...cell(mine, lifts, lift, 3, 'phone'), status: 'waiting', count: 0 },
        ]),
      ]));
      await transaction.run(build.insertInto('insight_daily').values([
        { ...cell(tenantId, foreign ? undefined : plumbers, foreign ? none : burst, 1, 'portal'), measure: 'created', day: '2026-11-21', count: foreign ? 500 : 5, total: 0 },
        ...(foreign ? [] : [
          { ...cell(mine, plumbers, water, 2, 'phone'), measure: 'created', day: '2026-11-21', count: 1, total: 0 },
          { ...cell(mine, lifts, lift, 2, 'phone'), measure: 'created', day: '2026-11-15', count: 2, total: 0 },
          // The day before the last seven, and the first of the seven before.
          { ...cell(mine, lifts, lift, 2, 'phone'), measure: 'created', day: '2026-11-14', count: 10, total: 0 },
          { ...cell(mine, undefined, none, 4, 'phone'), measure: 'created', day: '2026-11-08', count: 20, total: 0 },
          { ...cell(mine, undefined, none, 4, 'phone'), measure: 'created', day: '2026-11-07', count: 40, total: 0 },
          { ...cell(mine, plumbers, water, 2, 'phone'), measure: 'rating', day: '2026-11-20', count: 3, total: 14 },
          { ...cell(mine, lifts, lift, 2, 'phone'), measure: 'rating', day: '2026-11-20', count: 1, total: 2 },
          { ...cell(mine, plumbers, water, 2, 'phone'), measure: 'resolution_time', day: '2026-11-12', count: 2, total: 7_200 },
        ]),
      ]));
    });
  }
});

after(() => database?.close());

const everything: Grant[] = [{ permission: 'insight.read', scope: 'organization' }];

function show(measure: string, query: InsightQuery = {}, { grants = everything, language = 'zh-CN' as Language, teamIds = [] as string[], departmentIds = [] as string[] } = {}): Promise<Insight> {
  return database.transact(organization.tenantId, (transaction) => {
    const context = {
      tenantId: organization.tenantId, transaction, now, language, configurationVersion: 1,
      caller: { kind: 'staff', subject: { staffId: newId(), teamIds, departmentIds, grants } },
    } as unknown as Context;
    return showInsight.run(context, { params: { measure }, query, body: undefined as never, ifMatch: null }) as Promise<Insight>;
  });
}

const valuesOf = (insight: Insight) => Object.fromEntries(insight.rows.map((row) => [row.name, row.value]));

test('without a word about the period it is the last seven local days, each with its row', async () => {
  assert.deepEqual(await show('created'), {
    measure: 'created', unit: 'tickets', from: '2026-11-15', to: '2026-11-21', total: 8, previousTotal: 30,
    rows: week.map((day) => ({ key: day, id: null, name: day, value: day === '2026-11-21' ? 6 : day === '2026-11-15' ? 2 : 0 })),
  });
});

test('a period is taken with its first and its last day, and compared with the one of equal length before', async () => {
  const one = await show('created', { from: '2026-11-14', to: '2026-11-14' });
  assert.deepEqual([one.total, one.previousTotal, one.rows.length], [10, 0, 1]);
  const fourteen = await show('created', { from: '2026-11-08' });
  assert.deepEqual([fourteen.from, fourteen.to, fourteen.total, fourteen.previousTotal], ['2026-11-08', '2026-11-21', 38, 40]);
  assert.equal((await show('created', { to: '2026-11-14' })).from, '2026-11-08');
});

test('names are in the reader’s language, largest first, categories gathered on their first level', async () => {
  assert.deepEqual((await show('created', { by: 'category' })).rows, [
    { key: organization.categoryIds[0], id: organization.categoryIds[0], name: '给排水', value: 6 },
    { key: organization.categoryIds[3], id: organization.categoryIds[3], name: '电梯', value: 2 },
  ]);
  const teams = await show('backlog', { by: 'team' }, { language: 'en' });
  assert.deepEqual(teams.rows.map((row) => [row.name, row.value]), [['Plumbers', 5], ['电梯班', 4], ['No team', 1]]);
  assert.deepEqual(teams.rows.at(-1), { key: 'none', id: null, name: 'No team', value: 1 });
  assert.deepEqual(valuesOf(await show('created', { by: 'channel' })), { 客户门户: 5, 电话: 3 });
  assert.deepEqual((await show('created', { by: 'priority' })).rows.map((row) => [row.key, row.name, row.value]),
    [['urgent', '紧急', 5], ['high', '高', 3], ['normal', '中', 0], ['low', '低', 0]]);
});

test('the backlog is what is new, open or waiting now', async () => {
  assert.deepEqual(await show('backlog', { from: '2020-01-01', to: '2020-01-02' }), {
    measure: 'backlog', unit: 'tickets', from: '2026-11-21', to: '2026-11-21', total: 10, previousTotal: null,
    rows: [{ key: 'new', id: null, name: '待受理', value: 3 }, { key: 'open', id: null, name: '处理中', value: 7 }, { key: 'waiting', id: null, name: '等待中', value: 0 }],
  });
});

test('ratings and times are means over all there is, null when there is nothing', async () => {
  const rating = await show('rating');
  assert.deepEqual([rating.unit, rating.total, rating.previousTotal], ['stars', 4, null]);
  assert.deepEqual(rating.rows.map((row) => row.value), [0, 0, 0, 0, 0, 4, 0]);
  assert.deepEqual(valuesOf(await show('rating', { by: 'team' })), { 水电班: 14 / 3, 电梯班: 2 });
  assert.deepEqual((await show('rating', { by: 'priority' })).rows.map((row) => row.key), ['high']);
  const time = await show('resolution_time');
  assert.deepEqual([time.unit, time.total, time.previousTotal], ['seconds', null, 3_600]);
  const nothing = await show('reopened', { by: 'team' });
  assert.deepEqual([nothing.total, nothing.previousTotal, nothing.rows], [0, 0, []]);
});

test('calls at the same time answer the same', async () => {
  const [one, other] = await Promise.all([show('created'), show('created')]);
  assert.deepEqual(one, other);
});

describe('who may see what', () => {
  const grant = (scope: Grant['scope'], more: Partial<Grant> = {}): Grant[] => [{ permission: 'insight.read', scope, ...more }];
  const backlog = async (grants: Grant[], teamIds: string[] = [], departmentIds: string[] = []) => (await show('backlog', {}, { grants, teamIds, departmentIds })).total;
  const created = async (grants: Grant[], teamIds: string[] = [], departmentIds: string[] = []) => (await show('created', {}, { grants, teamIds, departmentIds })).total;

  test('a team sees its own', async () => {
    const [plumbers, lifts] = organization.teams;
    assert.deepEqual([await backlog(grant('team'), [plumbers.id]), await created(grant('team'), [plumbers.id])], [5, 6]);
    assert.equal(await backlog(grant('team'), [plumbers.id, lifts.id]), 9);
  });
  test('a department sees its own and its teams', async () => {
    const [first, second] = organization.departmentIds;
    assert.deepEqual([await backlog(grant('department'), [], [second]), await created(grant('department'), [], [second])], [4, 2]);
    assert.equal(await backlog(grant('department'), [organization.teams[0].id], [second]), 9);
    assert.equal(await backlog(grant('department'), [], [first, second]), 9);
  });
  test('their own tickets, or those of some types, cannot be told: nothing', async () => {
    assert.deepEqual([await backlog(grant('own')), await created(grant('own'))], [0, 0]);
    assert.equal(await backlog(grant('organization', { ticketTypeIds: [organization.typeId] })), 0);
    assert.equal((await show('rating', {}, { grants: grant('own') })).total, null);
    assert.equal(await backlog([...grant('own'), { permission: 'ticket.read', scope: 'organization' }]), 0);
  });
});

describe('what makes no sense is refused at its place', () => {
  const refused = (measure: string, query: InsightQuery, path: string) =>
    assert.rejects(show(measure, query), (error) => error instanceof Refusal && error.code === 'invalid_input' && error.errors?.[0]?.path === path);

  test('periods', async () => {
    await refused('created', { from: '2026-11-02', to: '2026-11-01' }, '/to');
    await refused('created', { from: '2026-11-22' }, '/to');
    await refused('created', { from: '2025-10-17', to: '2026-11-21' }, '/from');
    await refused('created', { from: '1969-12-31', to: '1970-01-02' }, '/from');
    await refused('created', { to: '0000-01-01' }, '/from');
    assert.equal((await show('created', { from: '2025-10-18', to: '2026-11-21' })).rows.length, 400);
    assert.equal((await show('created', { from: '9999-12-01', to: '9999-12-31' })).total, 0);
  });
  test('dimensions', async () => {
    await refused('backlog', { by: 'day' }, '/by');
    await refused('created', { by: 'status' }, '/by');
  });
});

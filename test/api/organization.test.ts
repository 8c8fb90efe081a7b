import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, type Answer, type TestOrganization, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newSession, newTicket, writesNothing } from './scene.ts';

describe('the organization and what it is made of', () => {
  let program: TestProgram;
  let of: TestOrganization;
  let round = 0;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());
  beforeEach(async () => {
    round += 1;
    of = await program.foundAnother(`company-${round}`);
  });

  type Who = 'administrator' | 'manager' | 'agent' | { token: string };
  const get = async (path: string, as: Who = 'administrator') => (await done(program.call('GET', path, { as, of }))).body;
  const post = (path: string, body: unknown, as: Who = 'administrator') => program.call('POST', path, { as, of, body });
  const patch = async (path: string, body: unknown, as: Who = 'administrator', version?: number): Promise<Answer> =>
    program.call('PATCH', path, { as, of, body, headers: { 'if-match': `"${version ?? (await get(path)).version}"` } });
  const made = async (path: string, body: unknown) => (await done(post(path, body))).body;
  const newest = async (kind: string) => (await get(`/audit?kind=${kind}&limit=1`)).items[0];
  /** Somebody with a role of their own making, and a key to act with. */
  const person = async (grants: { permission: string; scope: string }[], place: Record<string, unknown> = {}) => {
    const role = await made('/roles', { name: `角色 ${newId()}`, grants });
    const staff = await made('/staff', { name: '某人', job: 'manager', roleIds: [role.id], ...place });
    const token = await newSession(program, staff.id, { of });
    return { role, staff, token: token.token };
  };

  test('the settings of the organization are changed, checked and told', async () => {
    const before_ = await get('/organization', 'agent');
    assert.deepEqual([before_.slug, before_.timeZone, before_.language, before_.settings], [of.slug, 'Asia/Shanghai', 'zh-CN', { supportPhone: null, acceptanceDays: 7, photoWatermark: true, trackDays: 30, brandColour: null }]);
    const after_ = (await done(patch('/organization', { name: '新名字', timeZone: 'Asia/Urumqi', language: 'en', settings: { acceptanceDays: 3, supportPhone: '400-800-1234', photoWatermark: false, trackDays: 90 } }))).body;
    assert.deepEqual([after_.name, after_.timeZone, after_.language, after_.settings, after_.version], ['新名字', 'Asia/Urumqi', 'en', { supportPhone: '400-800-1234', acceptanceDays: 3, photoWatermark: false, trackDays: 90, brandColour: null }, 2]);
    assert.deepEqual((await done(patch('/organization', { settings: { supportPhone: null } }))).body.settings, { supportPhone: null, acceptanceDays: 3, photoWatermark: false, trackDays: 90, brandColour: null });
    const fact = await newest('organization.changed');
    assert.deepEqual([fact.data.before.settings.supportPhone, fact.data.after.settings.supportPhone], ['400-800-1234', null]);
    for (const body of [{ timeZone: 'Mars/Olympus' }, { timeZone: '+08:00' }, { language: 'fr' }, { settings: { acceptanceDays: 0 } }, { settings: { surprise: 1 } }, { name: ' ' }, { slug: 'x' }]) {
      assertProblem(await patch('/organization', body), 'invalid_input', JSON.stringify(body));
    }
    assertProblem(await patch('/organization', { name: 'x' }, 'administrator', 1), 'stale_version');
    assertProblem(await patch('/organization', { name: 'x' }, 'agent'), 'forbidden');
    const resolved = await act(program, (await newTicket(program, {}, 'agent', of)).id, 'resolve', { resolution: '已修好' }, 'administrator', of);
    const timer = await program.database.transact(of.tenantId, (transaction) => transaction.first(build.selectFrom('timer').select('due_at').where('tenant_id', '=', of.tenantId).where('subject_id', '=', resolved.id)));
    assert.equal(Math.round((timer!.due_at.getTime() - Date.parse(resolved.resolvedAt)) / 86_400_000), 3, 'silence counts as acceptance after as many days');
    const token = (await newTicket(program, {}, 'agent', of)).progressUrl.split('/').at(-1);
    assert.equal((await program.call('GET', `/progress/${token}`)).body.organization.name, '新名字', 'every reader sees it at once');
    assert.equal((await program.call('GET', `/portal/${of.slug}`)).body.organization.name, '新名字');
  });

  test('departments are renamed, moved, ordered; never in a circle', async () => {
    const a = await made('/departments', { name: '甲部' });
    const b = await made('/departments', { name: '乙部', parentId: a.id });
    const c = await made('/departments', { name: '丙部', parentId: b.id });
    const renamed = (await done(patch(`/departments/${b.id}`, { name: '新乙部', nameEn: 'B', position: 0 }))).body;
    assert.deepEqual([renamed.name, renamed.nameEn, renamed.version], ['新乙部', 'B', 2]);
    assert.deepEqual((await newest('department.changed')).data.before, { name: '乙部', nameEn: null });
    for (const parentId of [a.id, b.id, c.id]) assertProblem(await patch(`/departments/${a.id}`, { parentId }), 'invalid_input', 'a circle');
    assertProblem(await patch(`/departments/${a.id}`, { parentId: newId() }), 'unknown_reference');
    assertProblem(await patch(`/departments/${c.id}`, { parentId: null, name: '甲部' }), 'name_taken');
    const moved = (await done(patch(`/departments/${c.id}`, { parentId: null, position: 0 }))).body;
    assert.equal(moved.parentId, null);
    assert.equal((await get('/departments?limit=200')).items.filter((one: { parentId: null }) => one.parentId === null)[0].id, c.id);
    assert.deepEqual((await newest('department.changed')).data.before.parent, { id: b.id, name: '新乙部' });
    assertProblem(await patch(`/departments/${c.id}`, { name: 'x' }, 'agent'), 'forbidden');
    assertProblem(await patch(`/departments/${c.id}`, { moveTo: a.id }), 'invalid_input', 'moveTo goes with archiving');
  });

  test('a department that holds people, teams or departments is archived only when they are moved', async () => {
    const below = await made('/departments', { name: '下级', parentId: of.departmentId });
    const refused = await patch(`/departments/${of.departmentId}`, { active: false });
    assertProblem(refused, 'still_in_use');
    assert.match(refused.body.title, /工程部.*4 people, 1 team, 1 department below/);
    assertProblem(await patch(`/departments/${of.departmentId}`, { active: false, moveTo: below.id }), 'invalid_input', 'into its own branch');
    assertProblem(await patch(`/departments/${of.departmentId}`, { active: false, moveTo: newId() }), 'unknown_reference');
    const archived = (await done(patch(`/departments/${of.departmentId}`, { active: false, moveTo: of.otherDepartmentId }))).body;
    assert.equal(archived.active, false);
    assert.equal((await get(`/teams/${of.teamId}`)).department.id, of.otherDepartmentId);
    assert.equal((await get(`/staff/${of.staff.technician}`)).department.id, of.otherDepartmentId);
    assert.equal((await get(`/departments/${below.id}`)).parentId, of.otherDepartmentId);
    assert.deepEqual((await newest('staff.changed')).data.after.department, { id: of.otherDepartmentId, name: '客服部' });
    assert.deepEqual((await newest('team.changed')).data.before, { department: { id: of.departmentId, name: '工程部' } });
    assert.equal((await newest('department.archived')).subjectId, of.departmentId);
    assert.ok(!(await get('/departments')).items.some((one: { id: string }) => one.id === of.departmentId));
    assert.ok((await get('/departments?archived=true')).items.some((one: { id: string }) => one.id === of.departmentId));
    for (const [path, body] of [['/teams', { name: 'x', departmentId: of.departmentId }], ['/departments', { name: 'x', parentId: of.departmentId }], ['/staff', { name: 'x', job: 'agent', departmentId: of.departmentId }]] as const) {
      assertProblem(await post(path, body), 'reference_inactive', path);
    }
    await done(patch(`/departments/${of.departmentId}`, { active: true }));
    await made('/teams', { name: '新班', departmentId: of.departmentId });
  });

  test('teams get members and a lead, move and are archived when nothing lies with them', async () => {
    const path = `/teams/${of.teamId}`;
    assertProblem(await patch(path, { leadId: of.staff.agent }), 'invalid_input', 'a lead is a member');
    const led = (await done(patch(path, { addMemberIds: [of.staff.agent], leadId: of.staff.agent, name: '水电一班', nameEn: 'Water 1' }))).body;
    assert.deepEqual([led.lead.id, led.members.map((one: { id: string }) => one.id), led.memberCount], [of.staff.agent, [of.staff.agent, of.staff.technician].sort(), 2]);
    const fact = await newest('team.changed');
    assert.deepEqual([fact.data.joined.map((one: { id: string }) => one.id), fact.data.left, fact.data.after.name], [[of.staff.agent], [], '水电一班']);
    const left = (await done(patch(path, { removeMemberIds: [of.staff.agent] }))).body;
    assert.deepEqual([left.lead, left.memberCount], [null, 1]);
    assertProblem(await patch(path, { addMemberIds: [newId()] }), 'unknown_reference');
    await done(patch(path, { departmentId: of.otherDepartmentId }));
    assertProblem(await patch(path, { name: '客服班' }), 'name_taken');
    assertProblem(await patch(path, { departmentId: newId() }), 'unknown_reference');

    const ticket = await newTicket(program, { category: of.categoryId }, 'agent', of);
    const refused = await patch(path, { active: false });
    assertProblem(refused, 'still_in_use');
    assert.match(refused.body.title, /1 unfinished ticket, 1 category/);
    await act(program, ticket.id, 'close', { reason: '重复' }, 'administrator', of);
    await done(patch(`/categories/${of.categoryId}`, { teamId: of.otherTeamId }));
    await done(patch(path, { active: false }));
    assert.equal((await newest('team.archived')).subjectId, of.teamId);
    assert.equal((await get(`/tickets/${ticket.id}`)).team.id, of.teamId, 'old tickets keep it');
    for (const [at, body] of [['/tickets', { subject: 'x', team: of.teamId }], [`/tickets/${(await newTicket(program, {}, 'agent', of)).id}/actions/transfer`, { team: of.teamId }], ['/categories', { name: 'x', teamId: of.teamId }], ['/staff', { name: 'x', job: 'agent', teamIds: [of.teamId] }]] as const) {
      assertProblem(await post(at, body), 'reference_inactive', at);
    }
    const followed = await act(program, (await newTicket(program, {}, 'agent', of)).id, 'assign', { assignee: of.staff.technician }, 'administrator', of);
    assert.equal(followed.team, null, 'nobody’s ticket follows into an archived team');
    assert.deepEqual((await get(`/staff/${of.staff.technician}`)).teams, []);
  });

  test('roles are changed within what one holds oneself, and the standard ones are protected', async () => {
    const roles = (await get('/roles')).items as { id: string; key: string | null; grants: unknown[]; staffCount: number }[];
    const administrator = roles.find((role) => role.key === 'administrator')!;
    assert.equal(administrator.staffCount, 1);
    assertProblem(await patch(`/roles/${administrator.id}`, { grants: [] }), 'role_protected');
    assertProblem(await patch(`/roles/${administrator.id}`, { name: '老板' }), 'role_protected');
    const agent = roles.find((role) => role.key === 'agent')!;
    assertProblem(await patch(`/roles/${agent.id}`, { active: false }), 'role_protected');
    assert.equal((await done(patch(`/roles/${agent.id}`, { grants: agent.grants }))).body.version, 1, 'the same grants, in whatever order they are written, are no change');
    await done(patch(`/roles/${agent.id}`, { grants: [{ permission: 'ticket.read', scope: 'own' }] }));
    assert.deepEqual((await newest('role.changed')).data.after.grants, [{ permission: 'ticket.read', scope: 'own' }]);
    assertProblem(await post('/tickets', { subject: 'x' }, 'agent'), 'forbidden', 'at once, for whoever holds it');

    const mine = [{ permission: 'organization.write', scope: 'organization' }, { permission: 'organization.read', scope: 'organization' }, { permission: 'ticket.read', scope: 'department' }];
    const clerk = await person(mine, { departmentId: of.departmentId });
    const as = { token: clerk.token };
    const free = await made('/roles', { name: '空的', grants: [] });
    assertProblem(await patch(`/roles/${free.id}`, { grants: [{ permission: 'audit.read', scope: 'organization' }] }, as), 'grant_exceeds_own');
    assertProblem(await patch(`/roles/${free.id}`, { grants: [{ permission: 'ticket.read', scope: 'organization' }] }, as), 'grant_exceeds_own');
    const given = (await done(patch(`/roles/${free.id}`, { grants: [{ permission: 'ticket.read', scope: 'department' }] }, as))).body;
    assert.equal(given.version, 2);
    // Whoever holds it elsewhere would come to see what the clerk does not.
    const held = await made('/roles', { name: '别处的', grants: [] });
    await made('/staff', { name: '别处的人', job: 'agent', departmentId: of.otherDepartmentId, roleIds: [held.id] });
    assertProblem(await patch(`/roles/${held.id}`, { grants: [{ permission: 'ticket.read', scope: 'department' }] }, as), 'grant_exceeds_own');
    await done(patch(`/roles/${held.id}`, { grants: [{ permission: 'ticket.read', scope: 'department' }] }));

    const inUse = await patch(`/roles/${held.id}`, { active: false });
    assertProblem(inUse, 'still_in_use');
    await done(patch(`/roles/${free.id}`, { active: false }));
    assert.equal((await newest('role.archived')).subjectId, free.id);
    assertProblem(await post('/staff', { name: 'x', job: 'agent', roleIds: [free.id] }), 'reference_inactive');
    assertProblem(await patch(`/staff/${of.staff.stranger}`, { roleIds: [free.id] }), 'reference_inactive');
    assertProblem(await patch(`/roles/${held.id}`, { grants: [{ permission: 'ticket.read', scope: 'own', ticketTypeIds: [newId()] }] }), 'unknown_reference');
    assertProblem(await patch(`/roles/${held.id}`, { name: '空的' }), 'name_taken');
  });

  test('nobody widens what they see by moving departments and teams under themselves', async () => {
    const grants = [{ permission: 'organization.write', scope: 'organization' }, { permission: 'organization.read', scope: 'organization' }, { permission: 'ticket.read', scope: 'department' }];
    const clerk = await person(grants, { departmentId: of.departmentId });
    const as = { token: clerk.token };
    await writesNothing(program, async () => {
      assertProblem(await patch(`/departments/${of.otherDepartmentId}`, { parentId: of.departmentId }, as), 'grant_exceeds_own');
      assertProblem(await patch(`/teams/${of.otherTeamId}`, { departmentId: of.departmentId }, as), 'grant_exceeds_own');
      assertProblem(await patch(`/departments/${of.otherDepartmentId}`, { active: false, moveTo: of.departmentId }, as), 'grant_exceeds_own');
      assertProblem(await patch(`/teams/${of.otherTeamId}`, { addMemberIds: [clerk.staff.id] }, as), 'grant_exceeds_own');
    }, { except: ['organization'] });
    // Where nobody of theirs comes to see more, they may.
    const empty = await made('/departments', { name: '空部门' });
    await done(patch(`/departments/${empty.id}`, { parentId: of.otherDepartmentId }, as));
    await done(patch(`/departments/${of.otherDepartmentId}`, { parentId: of.departmentId }));
  });

  test('people are found as they are written or said, those who are there or have left, in order of their names', async () => {
    const [lin, zeng, an] = [await made('/staff', { name: '林晓雨', job: 'agent' }), await made('/staff', { name: '曾国强', job: 'technician' }), await made('/staff', { name: '安娜', job: 'agent' })];
    await done(patch(`/staff/${an.id}`, { active: false }));
    const names = async (query: string) => (await get(`/staff?${query}`)).items.map((one: { name: string }) => one.name);
    for (const q of ['linxiaoyu', 'lxy', 'LinXY', 'xiaoy', '晓雨']) assert.deepEqual(await names(`q=${encodeURIComponent(q)}`), ['林晓雨'], q);
    assert.deepEqual([await names('q=zeng'), await names('q=cengg'), await names('q=lxx')], [['曾国强'], [], []]);
    assert.deepEqual([await names('q=anna'), await names('q=anna&active=true'), await names('q=anna&active=false')], [['安娜'], [], ['安娜']]);
    assert.ok(!(await names('active=true&limit=200')).includes('安娜'));
    const ours = async (query: string) => (await names(query)).filter((name: string) => [lin.name, zeng.name, an.name].includes(name));
    assert.deepEqual([await ours('sort=name&limit=200'), await ours('sort=-name&limit=200'), await ours('limit=200'), await ours('sort=-createdAt&limit=200')], [['安娜', '林晓雨', '曾国强'], ['曾国强', '林晓雨', '安娜'], ['林晓雨', '曾国强', '安娜'], ['安娜', '曾国强', '林晓雨']]);
    const all: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { name: string }[]; nextCursor: string | null } = await get(`/staff?sort=name&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      all.push(...page.items.map((one) => one.name));
      cursor = page.nextCursor;
    }
    assert.deepEqual(all, await names('sort=name&limit=200'));
  });

  test('two changes from the same version: one goes in, the other is told', async () => {
    for (const path of ['/organization', `/departments/${of.departmentId}`, `/teams/${of.teamId}`, `/categories/${of.categoryId}`]) {
      const { version } = await get(path);
      const answers = await Promise.all(['甲', '乙'].map((name) => patch(path, { name }, 'administrator', version)));
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 412], path);
    }
  });
});

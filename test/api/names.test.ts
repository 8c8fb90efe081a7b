import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { sendPhoneCode } from '../../server/records/access/send-phone-code.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { done } from './scene.ts';

describe('names', () => {
  let program: TestProgram;
  const childId = newId();
  before(async () => {
    program = await openTestProgram();
    const { tenantId, departmentId, teamId, categoryId } = program.organization;
    // As the console does it, so that nobody remembers the old ones.
    await program.database.transact(tenantId, async (transaction) => {
      await transaction.run(build.updateTable('department').set({ name_en: 'Engineering' }).where('tenant_id', '=', tenantId).where('id', '=', departmentId));
      await transaction.run(build.updateTable('team').set({ name_en: 'Plumbing' }).where('tenant_id', '=', tenantId).where('id', '=', teamId));
      await transaction.run(build.updateTable('category').set({ name_en: 'Utilities' }).where('tenant_id', '=', tenantId).where('id', '=', categoryId));
      await transaction.run(build.insertInto('category').values({ tenant_id: tenantId, id: childId, parent_id: categoryId, level: 2, name: '漏水', created_at: new Date() }));
    });
  });
  after(() => program.close());

  const languages = ['zh-CN', 'en'] as const;
  const read = async (path: string, language: string, as: Person = 'administrator') => (await done(program.call('GET', path, { as, headers: { 'accept-language': language } }))).body;

  test('of whoever is signed in stand in their language, also right after signing in', async () => {
    for (const [language, department, team] of [['zh-CN', '工程部', '水电班'], ['en', 'Engineering', 'Plumbing']] as const) {
      const { staff } = await read('/session', language, 'technician');
      assert.deepEqual([staff.department.name, staff.teams.map((one: { name: string }) => one.name)], [department, [team]]);
      const signedIn = await done(program.call('POST', '/session', { body: { email: 'technician@first.example', password: 'correct horse battery' }, headers: { 'accept-language': language } }));
      assert.deepEqual([signedIn.body.staff.department.name, signedIn.body.staff.teams[0].name], [department, team]);
    }
    assert.equal((await read('/session', 'en', 'agent')).staff.department.name, '客服部', 'the Chinese one where there is no other');
  });

  test('of departments, teams and roles stand in the reader’s language in the lists of staff and teams', async () => {
    const id = program.organization.staff.technician;
    for (const [language, department, team, role] of [['zh-CN', '工程部', '水电班', /\p{Script=Han}/u], ['en', 'Engineering', 'Plumbing', /^[A-Za-z ]+$/]] as const) {
      const listed = (await read('/staff', language)).items.find((one: { id: string }) => one.id === id);
      for (const staff of [listed, await read(`/staff/${id}`, language)]) {
        assert.deepEqual([staff.department.name, staff.teams[0].name], [department, team]);
        assert.match(staff.roles[0].name, role);
      }
      const teams = (await read('/teams', language)).items as { id: string; name: string; nameEn: string | null; department: { name: string } }[];
      const own = teams.find((one) => one.id === program.organization.teamId)!;
      assert.deepEqual([own.name, own.nameEn, own.department.name], ['水电班', 'Plumbing', department]);
    }
  });

  test('of categories stand in the reader’s language, level by level', async () => {
    for (const [language, path, team] of [['zh-CN', ['水电', '漏水'], '水电班'], ['en', ['Utilities', '漏水'], 'Plumbing']] as const) {
      const items = (await read('/categories', language)).items as { id: string; path: string[]; team: { name: string } | null }[];
      assert.deepEqual(items.find((one) => one.id === childId)!.path, path);
      assert.equal(items.find((one) => one.id === program.organization.categoryId)!.team!.name, team);
    }
  });

  test('make no change of their own: what an English reader saves unchanged leaves no trace', async () => {
    const { technician } = program.organization.staff;
    const changes = () => program.database.transact(everyTenant, async (transaction) => (await transaction.run(build.selectFrom('fact').select('position').where('kind', '=', 'staff.changed'))).length);
    const staff = await read(`/staff/${technician}`, 'en');
    const before = await changes();
    const saved = await done(program.call('PATCH', `/staff/${technician}`, {
      as: 'administrator', headers: { 'if-match': `"${staff.version}"` },
      body: { departmentId: staff.department.id, teamIds: staff.teams.map((one: { id: string }) => one.id), roleIds: staff.roles.map((one: { id: string }) => one.id) },
    }));
    assert.equal(await changes(), before);
    assert.deepEqual(saved.body, staff);
  });

  test('an input that names nothing is called what people call it', async () => {
    for (const [language, title] of [['zh-CN', '分类 指向的内容不存在。'], ['en', 'The category points at something that does not exist.']] as const) {
      const { body } = await program.call('POST', '/tickets', { as: 'agent', body: { subject: 'x', category: newId() }, headers: { 'accept-language': language } });
      assert.deepEqual([body.code, body.title, body.errors[0].message], ['unknown_reference', title, title]);
    }
  });

  test('a code is sent in the language it was asked for in', async () => {
    for (const [index, language] of languages.entries()) {
      await done(program.call('POST', '/portal/first/codes', { body: { phone: `1391234567${index}` }, headers: { 'accept-language': language } }));
      const [fact] = await program.database.transact(everyTenant, (transaction) => transaction.run(build.selectFrom('fact').select(['data', 'occurred_at']).where('kind', '=', 'phone_code.requested').orderBy('position', 'desc').limit(1)));
      const data = fact!.data as { sealed: string; language: 'zh-CN' | 'en' };
      const texts: string[] = [];
      await sendPhoneCode(program.services, async ({ text }) => void texts.push(text), { tenantId: program.organization.tenantId, requestedAt: fact!.occurred_at.toISOString(), ...data }, 'job');
      assert.match(texts[0]!, language === 'en' ? /^【Test first】Your code is \d{6}\. [ -~]+$/ : /^【Test first】验证码 \d{6}，5 分钟内有效。请勿告诉他人。$/);
    }
  });
});

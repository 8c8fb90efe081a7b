import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done } from './scene.ts';

describe('skills', { timeout: 60_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object, headers: Record<string, string> = {}) => program.call(method, path, { as: 'administrator', headers, ...(body ? { body } : {}) });
  const create = async (name: string, nameEn?: string) => (await done(call('POST', '/skills', { name, ...(nameEn ? { nameEn } : {}) }))).body as { id: string; version: number };
  const inLanguage = async (path: string, language: string) => (await done(program.call('GET', path, { as: 'administrator', headers: { 'accept-language': language } }))).body;

  test('have a name in both languages, each given once', async () => {
    const water = await create('水管', 'Plumbing');
    assertProblem(await call('POST', '/skills', { name: '水管' }), 'name_taken');
    assertProblem(await call('POST', '/skills', { name: 'PLUMBING' }), 'name_taken');
    assertProblem(await call('POST', '/skills', { name: '管道', nameEn: 'plumbing' }), 'name_taken');
    assertProblem(await call('POST', '/skills', { name: '  ' }), 'invalid_input');
    assertProblem(await program.call('POST', '/skills', { as: 'dispatcher', body: { name: '木工' } }), 'forbidden');
    assertProblem(await call('PATCH', `/skills/${water.id}`, { name: '给排水' }), 'version_required');
    const renamed = (await done(call('PATCH', `/skills/${water.id}`, { name: '给排水' }, { 'if-match': '"1"' }))).body;
    assert.deepEqual([renamed.name, renamed.nameEn, renamed.version], ['给排水', 'Plumbing', 2]);
    assertProblem(await call('PATCH', `/skills/${water.id}`, { name: '水' }, { 'if-match': '"1"' }), 'stale_version');
    // What is there already is no change.
    assert.equal((await done(call('PATCH', `/skills/${water.id}`, { name: '给排水' }, { 'if-match': '"2"' }))).body.version, 2);
  });

  test('are given to people by id or either name, and shown in the reader’s language', async () => {
    const lift = await create('电梯', 'Lifts');
    const lock = await create('锁具');
    const person = (await done(call('POST', '/staff', { name: '陈师傅', job: 'technician', skills: [{ skill: lift.id, level: 5 }, { skill: '锁具', level: 2 }] }))).body;
    const skillsOf = async (language: string) => (await inLanguage(`/staff/${person.id}`, language)).skills.map(({ skill, level }: { skill: string; level: number }) => `${skill} ${level}`);
    assert.deepEqual(await skillsOf('zh-CN'), ['电梯 5', '锁具 2']);
    assert.deepEqual(await skillsOf('en'), ['Lifts 5', '锁具 2'], 'the Chinese one where it has no other');
    const give = (skills: object[]) => call('PATCH', `/staff/${person.id}`, { skills }, { 'if-match': '"1"' });
    for (const [skills, code] of [[[{ skill: '飞行', level: 1 }], 'unknown_reference'], [[{ skill: 'lifts', level: 1 }, { skill: lift.id, level: 2 }], 'invalid_input'], [[{ skill: '电梯', level: 6 }], 'invalid_input']] as const) assertProblem(await give([...skills]), code);
    // Renaming reaches everybody who has it.
    await done(call('PATCH', `/skills/${lock.id}`, { nameEn: 'Locks' }, { 'if-match': '"1"' }));
    assert.deepEqual(await skillsOf('en'), ['Lifts 5', 'Locks 2']);
    assert.deepEqual((await done(call('GET', `/staff?skill=${lock.id}`))).body.items.map((one: { name: string }) => one.name), ['陈师傅']);
    assert.equal((await done(call('GET', `/skills/${lock.id}`))).body.staffCount, 1);
    assert.equal((await done(give([{ skill: lift.id, level: 5 }, { skill: lock.id, level: 2 }]))).body.version, 1, 'the same skills are no change');
  });

  test('out of use nobody new gets them, and who has them keeps them', async () => {
    const old = await create('旧技能', 'Old');
    const person = (await done(call('POST', '/staff', { name: '老师傅', job: 'technician', skills: [{ skill: '旧技能', level: 3 }] }))).body;
    await done(call('PATCH', `/skills/${old.id}`, { active: false }, { 'if-match': '"1"' }));
    const listed = async (query = '') => (await done(call('GET', `/skills${query}`))).body.items.some(({ id }: { id: string }) => id === old.id);
    assert.deepEqual([await listed(), await listed('?archived=true')], [false, true]);
    assertProblem(await call('POST', '/staff', { name: '新师傅', job: 'technician', skills: [{ skill: '旧技能', level: 1 }] }), 'reference_inactive');
    const kept = (await done(call('PATCH', `/staff/${person.id}`, { name: '老师傅傅', skills: [{ skill: old.id, level: 4 }] }, { 'if-match': '"1"' }))).body;
    assert.deepEqual(kept.skills.map(({ level }: { level: number }) => level), [4]);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket } from './scene.ts';

describe('tickets that may be the same matter', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
  });
  after(() => program?.close());

  type Proposed = { offered: boolean; ticket: { id: string; number: string; subject: string; status: string }; reasons: { code: string; title: string }[]; score: number };
  const proposed = async (id: string, as: 'agent' | 'administrator' | 'technician' = 'administrator'): Promise<Proposed[]> => (await done(program.call('GET', `/tickets/${id}/merge-candidates`, { as }))).body.items;
  const reasonsOf = (items: Proposed[], id: string): string[] => items.find((item) => item.ticket.id === id)?.reasons.map((reason) => reason.code) ?? [];

  test('are of the same customer, place, number or words, or linked as duplicates, and say so; others are not proposed', async () => {
    const one = await newTicket(program, { subject: '地下车库水管爆裂', location: { address: '梧桐苑 7 幢地下车库' }, requester: { name: '王欣怡', phone: '13911110001' } });
    const same = await newTicket(program, { subject: '车库水管爆裂漏水', location: { address: '梧桐苑7幢地下车库' }, requester: { name: '路过的人', phone: '13911110002' } });
    const again = await newTicket(program, { subject: '问一下进度', requester: { name: '王欣怡', phone: '13911110001' } });
    const linked = await newTicket(program, { subject: '物业费怎么交' });
    await done(program.call('POST', `/tickets/${one.id}/links`, { as: 'agent', body: { kind: 'duplicated_by', ticket: linked.id } }));
    const other = await newTicket(program, { subject: '电梯异响', requester: { name: '李四', phone: '13911110003' } });
    const cancelled = await newTicket(program, { subject: '地下车库水管爆裂' });
    await done(program.call('POST', `/tickets/${cancelled.id}/actions/cancel`, { as: 'administrator', body: { reason: '误报' } }));
    await program.catchUp();

    const items = await proposed(one.id);
    assert.deepEqual(reasonsOf(items, same.id), ['same_address', 'similar_words']);
    assert.deepEqual(reasonsOf(items, again.id), ['same_customer']);
    assert.deepEqual(reasonsOf(items, linked.id), ['linked_duplicate']);
    assert.deepEqual([reasonsOf(items, other.id), reasonsOf(items, cancelled.id), reasonsOf(items, one.id)], [[], [], []]);
    assert.equal(items[0]!.ticket.id, linked.id, 'the likeliest first');
    assert.deepEqual(items[0]!.reasons, [{ code: 'linked_duplicate', title: 'Linked as a duplicate' }]);
    assert.deepEqual(items.map((item) => item.score), items.map((item) => item.score).toSorted((a, b) => b - a));
    // A link has two ends.
    assert.deepEqual(reasonsOf(await proposed(linked.id), one.id), ['linked_duplicate']);

    // What was merged already, and whatever a merged ticket looks like, is proposed to nobody.
    await done(program.call('POST', `/tickets/${same.id}/merge`, { as: 'agent', body: { into: one.id } }));
    assert.deepEqual(reasonsOf(await proposed(one.id), same.id), []);
    assert.deepEqual(await proposed(same.id), []);
  });

  test('are at most ten, and only such as the caller may read', async () => {
    const tickets: { id: string }[] = [];
    for (let count = 0; count < 13; count += 1) tickets.push(await newTicket(program, { subject: '三号楼门禁刷卡没有反应', requester: { name: '赵六', phone: '13911110009' } }));
    assert.equal((await proposed(tickets[0]!.id)).length, 10);
    assertProblem(await program.call('GET', `/tickets/${tickets[0]!.id}/merge-candidates`, { as: 'technician' }), 'not_found');
    await done(program.call('POST', `/tickets/${tickets[0]!.id}/actions/assign`, { as: 'administrator', body: { assignee: program.organization.staff.technician } }));
    assert.deepEqual(await proposed(tickets[0]!.id, 'technician'), [], 'an engineer sees their own tickets only');
  });

  test('what the same person said of the same matter within the window is offered as one ticket, also while it is being written; two matters stay two for good', async () => {
    const first = await newTicket(program, { subject: '厨房下水道堵塞', requester: { name: '何静', phone: '13911110021' } });
    const second = await newTicket(program, { subject: '下水道堵塞反水', requester: { name: '何静', phone: '13911110021' } });
    const third = await newTicket(program, { subject: '楼道灯不亮', requester: { name: '何静', phone: '13911110021' } });
    await program.catchUp();
    const offered = (items: Proposed[]) => items.filter((item) => item.offered).map((item) => item.ticket.id);
    assert.deepEqual(offered(await proposed(first.id)), [second.id], 'of the same person, but not about the light');
    const written = (await done(program.call('GET', `/like-tickets?phone=13911110021&subject=${encodeURIComponent('下水道堵塞')}`, { as: 'agent' }))).body;
    assert.deepEqual(offered(written.items).sort(), [first.id, second.id].sort());
    const apart = (await done(program.call('POST', `/tickets/${first.id}/merge-candidates/${second.id}/dismiss`, { as: 'agent' }))).body;
    assert.deepEqual(reasonsOf(apart.items, second.id), []);
    assert.deepEqual(reasonsOf(await proposed(second.id), first.id), [], 'seen from the other one as well');
    assert.deepEqual(reasonsOf(await proposed(third.id), first.id), ['same_customer']);
    assertProblem(await program.call('POST', `/tickets/${first.id}/merge-candidates/${first.id}/dismiss`, { as: 'agent' }), 'link_to_itself');
  });

  test('many people on one matter are offered as a parent with children; who reports it later may join', async () => {
    const report = (room: number, subject: string) => newTicket(program, { subject, location: { address: `翠湖花园${room}幢` }, requester: { name: `住户${room}`, phone: `1391112${String(room).padStart(4, '0')}` } });
    const tickets = [await report(1, '停水了'), await report(2, '家里停水'), await report(3, '怎么停水了')];
    const elsewhere = await newTicket(program, { subject: '停水了', location: { address: '东方大厦 8 楼' }, requester: { name: '别处', phone: '13911119999' } });
    await program.catchUp();
    const crowdOf = async (id: string) => (await done(program.call('GET', `/tickets/${id}/merge-candidates`, { as: 'administrator' }))).body.crowd;
    const crowd = await crowdOf(tickets[0]!.id);
    assert.deepEqual([crowd.people, crowd.reason, crowd.parent], [3, 'same_place', null]);
    assert.deepEqual(crowd.tickets.map((one: { id: string }) => one.id).sort(), [tickets[1]!.id, tickets[2]!.id].sort());
    assert.equal(await crowdOf(elsewhere.id), null);
    // A bare building is where it is, however it is said.
    const bare = await Promise.all(['9幢', '9号楼', '九栋302'].map((address, at) => newTicket(program, { subject: '电梯停了', location: { address }, requester: { name: `九幢${at}`, phone: `1391113000${at}` } })));
    await program.catchUp();
    const inOne = await crowdOf(bare[0]!.id);
    assert.deepEqual([inOne.people, inOne.reason, inOne.tickets.map((one: { id: string }) => one.id).sort()], [3, 'same_place', bare.slice(1).map((one) => one.id).sort()]);
    // Of two estates only one can be meant: whoever was said without one is asked about, and joined by nobody unasked.
    const sunny = [];
    for (const [at, address] of ['滨盛花园11幢', '滨盛花园11幢2单元', '滨盛花园11幢3单元', '运河尚品11幢1单元', '11幢'].entries()) sunny.push(await newTicket(program, { subject: '停气了', location: { address }, requester: { name: `气${at}`, phone: `1391114000${at}` } }));
    await program.catchUp();
    const inEstate = await crowdOf(sunny[0]!.id);
    assert.deepEqual([inEstate.people, inEstate.tickets.map((one: { id: string; address: string; sure: boolean }) => [one.address, one.sure]).sort()], [3, [['11幢', false], ['滨盛花园11幢2单元', true], ['滨盛花园11幢3单元', true]]]);
    assert.equal(await crowdOf(sunny[3]!.id), null);
    assert.deepEqual((await crowdOf(sunny[4]!.id)).tickets.map((one: { sure: boolean }) => one.sure), [false, false, false, false]);
    const gathered = (await done(program.call('POST', `/tickets/${tickets[0]!.id}/gather`, { as: 'agent', body: { tickets: crowd.tickets.map((one: { id: string }) => one.id) } }))).body;
    assert.deepEqual([gathered.gathered, gathered.left], [3, 0]);
    const parent = (await done(program.call('GET', `/tickets/${gathered.parent.id}`, { as: 'agent' }))).body;
    assert.match(parent.subject, /停水/);
    assert.equal(parent.children.total, 3);
    assert.equal(await crowdOf(parent.id), null, 'it is not to be put below itself');
    const late = await report(4, '又停水了');
    await program.catchUp();
    const joins = await crowdOf(late.id);
    assert.deepEqual([joins.parent.id, joins.tickets, joins.people], [parent.id, [], 4]);
    const fromParent = await crowdOf(parent.id);
    assert.deepEqual([fromParent.parent.id, fromParent.people, fromParent.tickets.map((one: { id: string }) => one.id)], [parent.id, 4, [late.id]]);
    const written = (await done(program.call('GET', `/like-tickets?subject=${encodeURIComponent('停水怎么回事')}&address=${encodeURIComponent('翠湖花园8幢')}`, { as: 'agent' }))).body.crowd;
    assert.deepEqual([written.people, written.parent.id], [4, parent.id]);
    await done(program.call('POST', `/tickets/${late.id}/gather`, { as: 'agent', body: { tickets: [], parent: parent.number } }));
    assert.equal((await done(program.call('GET', `/tickets/${parent.id}`, { as: 'agent' }))).body.children.total, 4);
    assertProblem(await program.call('POST', `/tickets/${late.id}/gather`, { as: 'agent', body: { tickets: [] } }), 'nothing_to_gather');
    assert.equal(await crowdOf(late.id), null);
  });
});

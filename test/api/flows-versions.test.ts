/** A flow is changed while fifty tickets go through it: they finish on their version, or move on request, each where the preview said. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hearFacts } from '../../server/journey/process/flow/hear-facts.ts';
import { registerReader } from '../../server/platform/facts/readers.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { timerHandlers } from '../../server/timers.ts';
import type { FlowDefinition } from '../../rules/workflow/definition.ts';
import { node, flow as flowOf } from '../../rules/workflow/sample-flows.ts';
import { openTestProgram, testClock, type Person, type TestProgram } from '../support/program.ts';
import { done } from './scene.ts';

const running = 50;
const people: readonly Person[] = ['agent', 'manager', 'dispatcher'];

interface Task { id: string; node: string; kind: string; actions: string[] }
interface Landing { ticket: { id: string }; moves: boolean; stands: { node: string; lands: string | null }[]; problems: { code: string }[] }

describe('a flow changed while tickets go through it', { timeout: 300_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock });
    await registerReader(program.database, hearFacts.name);
  });
  after(() => program.close());

  const as = 'administrator';
  const get = async (path: string, who: Person = as) => (await done(program.call('GET', path, { as: who }))).body;
  const person = (who: Person) => ({ kind: 'person' as const, id: program.organization.staff[who] });
  const task = (id: string, who: Person) => node(id, 'task', { performers: [person(who)] });
  const s = node('start', 'start');

  /** report → operations, IT and engineering side by side → a countersignature → an hour's wait → archive. */
  const first = (): FlowDefinition => flowOf([
    s, task('report', 'agent'), node('fork', 'parallel'), task('operations', 'agent'), task('it', 'manager'), task('engineering', 'dispatcher'), node('join', 'parallel'),
    node('sign', 'approval', { performers: [person('manager'), person('dispatcher')], mode: 'all', whenRejected: 'terminate' }), node('pause', 'wait', { for: { kind: 'timer', due: { after: { amount: 1, unit: 'hours' } } } }), task('archive', 'agent'), node('end', 'end', { status: { status: 'closed' } }),
  ], 'start > report', 'report > fork', 'fork > operations', 'fork > it', 'fork > engineering', 'operations > join', 'it > join', 'engineering > join', 'join > sign', 'sign > pause', 'pause > archive', 'archive > end');
  /** The next version asks somebody to check what was signed, and no longer archives by hand. */
  const second = (): FlowDefinition => flowOf([
    s, task('report', 'agent'), node('fork', 'parallel'), task('operations', 'agent'), task('it', 'manager'), task('engineering', 'dispatcher'), node('join', 'parallel'),
    node('sign', 'approval', { performers: [person('manager'), person('dispatcher')], mode: 'all', whenRejected: 'terminate' }), node('pause', 'wait', { for: { kind: 'timer', due: { after: { amount: 1, unit: 'hours' } } } }), task('check', 'dispatcher'), node('end', 'end', { status: { status: 'closed' } }),
  ], 'start > report', 'report > fork', 'fork > operations', 'fork > it', 'fork > engineering', 'operations > join', 'it > join', 'engineering > join', 'join > sign', 'sign > pause', 'pause > check', 'check > end');

  async function publish(id: string, definition?: FlowDefinition): Promise<void> {
    const draft = await get(`/flows/${id}/draft`);
    const version = definition === undefined ? draft.version : (await done(program.call('PATCH', `/flows/${id}/draft`, { as, body: { definition }, headers: { 'if-match': `"${draft.version}"` } }))).body.version;
    await done(program.call('POST', `/flows/${id}/publish`, { as, body: {}, headers: { 'if-match': `"${version}"` } }));
  }
  const timers = async () => {
    while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
  };
  /** Does the next thing that somebody can do with a ticket; false when it waits for nobody. */
  async function goOn(ticket: string): Promise<boolean> {
    for (const who of people) {
      const { items } = await get(`/tasks?ticket=${ticket}`, who) as { items: Task[] };
      const [mine] = items;
      if (!mine) continue;
      await done(program.call('POST', `/tasks/${mine.id}/actions/${mine.kind === 'approval' ? 'approve' : 'complete'}`, { as: who, body: {} }));
      return true;
    }
    return false;
  }
  const placesOf = async (ticket: string): Promise<string[]> => (await get(`/tickets/${ticket}/flow`)).line.filter((step: { state: string }) => step.state === 'current').map((step: { node: string }) => step.node).sort();
  async function finish(tickets: readonly string[]): Promise<void> {
    for (const ticket of tickets) while (await goOn(ticket));
    clock.advance({ minutes: 61 });
    await timers();
    for (const ticket of tickets) while (await goOn(ticket));
  }

  test('fifty tickets finish on their version, or land where the preview said', async () => {
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: '开业', definition: first() } }))).body;
    const type = (await done(program.call('POST', '/ticket-types', { as, body: { key: 'opening', name: '开业', form: { fields: [] } } }))).body;
    await done(program.call('PATCH', `/flows/${flow.id}`, { as, body: { types: [type.id] }, headers: { 'if-match': `"${flow.version}"` } }));
    await publish(flow.id);

    // Ticket by ticket a step further: 0 to 6 steps are behind them; the last of these wait, or have waited.
    const tickets: string[] = [];
    for (let index = 0; index < running; index += 1) {
      const ticket = (await done(program.call('POST', '/tickets', { as: 'agent', body: { type: type.key, subject: `开业 ${index}` } }))).body.id as string;
      tickets.push(ticket);
      for (let steps = index % 8; steps > 0; steps -= 1) if (!await goOn(ticket)) break;
      // Half of those that wait have waited long enough.
      if (index === running / 2) {
        clock.advance({ minutes: 61 });
        await timers();
      }
    }
    const started = new Map<string, string[]>();
    for (const ticket of tickets) started.set(ticket, await placesOf(ticket));
    assert.ok(new Set([...started.values()].map(String)).size >= 6, `they stand in many places: ${[...new Set([...started.values()].map(String))].join(' | ')}`);

    await publish(flow.id, second());
    const moving = tickets.filter((_, index) => index % 2 === 1);
    const instances: string[] = [];
    for (const ticket of tickets) {
      const { instance } = await get(`/tickets/${ticket}/flow`);
      assert.deepEqual([instance.number, instance.status], [1, 'running'], 'publishing moves nobody');
      if (moving.includes(ticket)) instances.push(instance.id);
    }
    // Where a step is gone it is said, and nothing moves; with a step named for it all of them do.
    const ask = async (path: string, body: unknown) => (await done(program.call('POST', `/flows/${flow.id}/migration${path}`, { as, body }))).body as { items: Landing[]; moved: number; refused: number };
    const refused = await ask('/preview', { instances });
    assert.equal(refused.items.length, moving.length);
    const archiving = moving.filter((ticket) => started.get(ticket)!.includes('archive'));
    assert.ok(archiving.length > 0 && moving.some((ticket) => started.get(ticket)!.includes('pause')));
    assert.deepEqual(refused.items.filter((item) => !item.moves).map((item) => item.ticket.id).sort(), [...archiving].sort());
    const preview = await ask('/preview', { instances, map: { archive: 'check' } });
    assert.deepEqual([preview.moved, preview.refused], [0, 0]);
    for (const ticket of moving) assert.deepEqual(await placesOf(ticket), started.get(ticket), 'a preview moves nobody');
    const moved = await ask('', { instances, map: { archive: 'check' } });
    assert.deepEqual(moved.items, preview.items);
    assert.equal(moved.moved, moving.length);
    for (const { ticket, stands } of preview.items) {
      const foretold = stands.map((stand) => stand.lands!).filter((place) => place !== 'join').sort();
      assert.deepEqual((await placesOf(ticket.id)).filter((place) => place !== 'join'), foretold);
      assert.equal((await get(`/tickets/${ticket.id}/flow`)).instance.number, 2);
    }
    // Those that stay archive by hand, as their version says; what was moved is checked instead, and what waits still does so for its hour.
    await finish(tickets);
    for (const ticket of tickets) {
      const { instance, line } = await get(`/tickets/${ticket}/flow`);
      const went = line.filter((step: { state: string }) => step.state === 'done').map((step: { node: string }) => step.node) as string[];
      const isMoved = moving.includes(ticket);
      assert.deepEqual([instance.number, instance.status, went.includes('check'), went.includes('archive')], [isMoved ? 2 : 1, 'completed', isMoved, !isMoved]);
      assert.equal((await get(`/tickets/${ticket}`)).status, 'closed');
    }
    assert.deepEqual((await ask('/preview', {})).items, []);
  });
});

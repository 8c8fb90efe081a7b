import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { attachFiles } from '../../records/file/attach-files.ts';
import { openSampleDesk, sampleStaff, type SampleDesk } from '../../records/file/sample-desk.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { visits } from '../../records/visit/queries.ts';
import { viewVisits } from './view-visit.ts';

let desk: SampleDesk;
before(async () => {
  desk = await openSampleDesk();
});
after(() => desk?.close());

test('many visits cost as many queries as one, and each has the files and the asset of its own ticket', async () => {
  const staff = sampleStaff(desk.staffId);
  const shared = { tenant_id: desk.tenantId, created_at: desk.now };
  const expected: [visit: string, files: string[], asset: string | null][] = [];
  for (let index = 0; index < 6; index += 1) {
    const ticketId = await desk.newTicket();
    const files = await Promise.all(Array.from({ length: index % 3 }, () => desk.send(staff, { name: 'a.txt', content: 'a' })));
    const [visitId, assetId] = [newId(), newId()];
    await desk.as(staff, async (context) => {
      await attachFiles(context, files.map((file) => file.id), { ticketId });
      await context.transaction.run(build.insertInto('asset').values({ ...shared, id: assetId, code: `EL-${index}`, name: `${index} 号电梯` }));
      if (index % 2 === 0) await context.transaction.run(build.updateTable('ticket').set({ asset_id: assetId }).where('tenant_id', '=', desk.tenantId).where('id', '=', ticketId));
      await context.transaction.run(build.insertInto('visit').values({ ...shared, id: visitId, ticket_id: ticketId, technician_id: desk.staffId, status: 'scheduled' }));
    });
    expected.push([visitId, files.map((file) => file.id).sort(), index % 2 === 0 ? `EL-${index}` : null]);
  }
  await desk.as(staff, async (context) => {
    const { transaction } = context;
    const rows = await transaction.run(visits().where('visit.tenant_id', '=', desk.tenantId).orderBy('visit.id'));
    const tickets = new Map((await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', desk.tenantId))).map((ticket) => [ticket.id, ticket as TicketRow]));
    const pairs = rows.map((visit) => ({ visit, ticket: tickets.get(visit.ticket_id)! }));
    let asked = 0;
    const counting = { ...context, transaction: { ...transaction, run: ((query) => {
      asked += 1;
      return transaction.run(query);
    }) as typeof transaction.run } };
    // What it keeps in memory is not counted.
    await viewVisits(context, pairs.slice(0, 1));
    await viewVisits(counting, pairs.slice(0, 1));
    const forOne = asked;
    asked = 0;
    const views = await viewVisits(counting, pairs);
    assert.equal(asked, forOne);
    assert.deepEqual(views.map((view) => [view.id, view.files.map((file) => file.id), view.ticket.asset?.code ?? null]), expected);
    asked = 0;
    assert.deepEqual(await viewVisits(counting, []), []);
    assert.equal(asked, 0);
  });
});

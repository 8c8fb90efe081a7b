import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../platform/db/uuid.ts';
import { attachFiles, readUploads, readUploadToken, signUploadToken } from './attach-files.ts';
import { fileById, filesOfMessages, filesOfTicket } from './queries.ts';
import { nobody, openSampleDesk, sampleStaff, type SampleDesk } from './sample-desk.ts';
import { build } from '../../platform/db/database.ts';

let desk: SampleDesk;
before(async () => {
  desk = await openSampleDesk();
});
after(() => desk?.close());

const note = (name = 'a.txt') => ({ name, content: name });

test('files are hung on a ticket and a message of it, in the order given, with the visibility given', async () => {
  const staff = sampleStaff(desk.staffId);
  const [first, second] = [await desk.send(staff, note('1.txt')), await desk.send(staff, note('2.txt'))];
  const ticketId = await desk.newTicket();
  const messageId = newId();
  const attached = await desk.as(staff, async (context) => {
    await context.transaction.run(build.insertInto('message').values({
      tenant_id: desk.tenantId, id: messageId, ticket_id: ticketId, direction: 'outbound', visibility: 'public', author_kind: 'staff', body: '见附件', channel: 'portal', created_at: desk.now,
    }));
    return attachFiles(context, [second.id, first.id, second.id], { ticketId, messageId, visibility: 'public' });
  });
  assert.deepEqual(attached.map((file) => [file.id, file.ticket_id, file.message_id, file.visibility]), [
    [second.id, ticketId, messageId, 'public'], [first.id, ticketId, messageId, 'public'],
  ]);
  assert.deepEqual((await desk.as(staff, (context) => filesOfTicket(context, ticketId))).map((file) => file.id), [first.id, second.id]);
  const ofMessages = await desk.as(staff, (context) => filesOfMessages(context, ticketId, [messageId, newId()]));
  assert.deepEqual([...ofMessages].map(([id, files]) => [id, files.length]), [[messageId, 2]]);
  assert.deepEqual(await desk.as(staff, (context) => attachFiles(context, [], { ticketId })), []);
});

test('a file that hangs somewhere is not moved', async () => {
  const staff = sampleStaff(desk.staffId);
  const [hung, free] = [await desk.send(staff, note()), await desk.send(staff, note())];
  const [here, there] = [await desk.newTicket(), await desk.newTicket()];
  await desk.as(staff, (context) => attachFiles(context, [hung.id], { ticketId: here }));
  for (const ticketId of [here, there]) {
    await assert.rejects(desk.as(staff, (context) => attachFiles(context, [free.id, hung.id], { ticketId })), { code: 'file_already_attached' });
  }
  const rows = await desk.as(staff, async (context) => [await fileById(context, hung.id), await fileById(context, free.id)]);
  assert.deepEqual(rows.map((file) => file?.ticket_id), [here, null]);
});

test('only who sent a file may attach it, only within a day, and nobody learns of others’ files', async () => {
  const staff = sampleStaff(desk.staffId);
  const colleague = sampleStaff(newId());
  const mine = await desk.send(staff, note());
  const ofCustomer = await desk.send(nobody, note());
  const ticketId = await desk.newTicket();
  const cases: [typeof staff, string][] = [[colleague, mine.id], [staff, ofCustomer.id], [staff, newId()], [nobody, mine.id]];
  for (const [caller, id] of cases) {
    const field = caller.kind === 'staff' ? 'attachments' : 'uploads';
    await assert.rejects(desk.as(caller, (context) => attachFiles(context, [id], { ticketId })), { code: 'unknown_reference', parameters: { field } });
  }
  await desk.as(staff, (context) => attachFiles(context, [mine.id], { ticketId }));
  await assert.rejects(desk.as(colleague, (context) => attachFiles(context, [mine.id], { ticketId })), { code: 'unknown_reference' });

  const old = await desk.send(staff, note());
  desk.now = new Date(desk.now.getTime() + 24 * 3_600_000 - 1);
  const attached = await desk.as(staff, (context) => attachFiles(context, [old.id], { ticketId }));
  assert.equal(attached.length, 1);
  const older = await desk.send(staff, note());
  desk.now = new Date(desk.now.getTime() + 24 * 3_600_000);
  await assert.rejects(desk.as(staff, (context) => attachFiles(context, [older.id], { ticketId, field: 'signatureFileId' })), {
    code: 'unknown_reference', parameters: { field: 'signatureFileId' },
  });
});

test('of many who attach the same file at once, exactly one does', async () => {
  const staff = sampleStaff(desk.staffId);
  const files = [await desk.send(staff, note()), await desk.send(staff, note())].map((file) => file.id);
  const tickets = await Promise.all(Array.from({ length: 6 }, () => desk.newTicket()));
  const outcomes = await Promise.allSettled(tickets.map((ticketId, index) =>
    desk.as(staff, (context) => attachFiles(context, index % 2 === 0 ? files : files.toReversed(), { ticketId }))));
  assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
  for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'file_already_attached');
  const winner = tickets[outcomes.findIndex((outcome) => outcome.status === 'fulfilled')];
  const rows = await desk.as(staff, async (context) => Promise.all(files.map((id) => fileById(context, id))));
  assert.deepEqual(rows.map((file) => file?.ticket_id), [winner, winner]);
});

test('so it is when they share a commit', async () => {
  const staff = sampleStaff(desk.staffId);
  const { id } = await desk.send(staff, note());
  const tickets = await Promise.all(Array.from({ length: 4 }, () => desk.newTicket()));
  const outcomes = await Promise.allSettled(tickets.map((ticketId) => desk.services.database.transact(desk.tenantId, (transaction) => attachFiles({
    tenantId: desk.tenantId, transaction, now: desk.now, caller: staff, services: desk.services,
  } as never, [id], { ticketId }), { grouped: true })));
  assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected', 'rejected', 'rejected']);
});

test('a customer’s token proves which file is theirs, for an hour, in one organization', async () => {
  const { secrets } = desk.services;
  const file = await desk.send(nobody, note());
  const token = signUploadToken(secrets, desk.tenantId, file.id, desk.now);
  const at = (minutes: number) => new Date(desk.now.getTime() + minutes * 60_000);
  assert.equal(readUploadToken(secrets, desk.tenantId, token, at(60)), file.id);
  assert.equal(readUploadToken(secrets, desk.tenantId, token, at(121)), null);
  assert.equal(readUploadToken(secrets, newId(), token, desk.now), null);
  const forged = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
  for (const wrong of [forged, file.id, '', `${token}=`]) assert.equal(readUploadToken(secrets, desk.tenantId, wrong, desk.now), null);

  const ticketId = await desk.newTicket();
  const again = signUploadToken(secrets, desk.tenantId, file.id, at(61));
  const attached = await desk.as(nobody, (context) => attachFiles(context, readUploads(context, [token, again]), { ticketId, visibility: 'public' }));
  assert.deepEqual(attached.map((one) => [one.id, one.ticket_id, one.visibility]), [[file.id, ticketId, 'public']]);
  await assert.rejects(desk.as(nobody, async (context) => readUploads(context, [token, forged])), (error: { code: string; errors: { path: string }[] }) =>
    error.code === 'unknown_reference' && error.errors[0]?.path === '/uploads/1');
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { newId } from '../../platform/db/uuid.ts';
import { openFolderStore } from '../../platform/files/folder-store.ts';
import { readText } from '../../platform/files/text-blob.ts';
import { chores } from '../../timers.ts';
import { ownsStore } from './own-store.ts';
import { storageKeyOf } from './row.ts';
import { nobody, openSampleDesk, sampleStaff, type SampleDesk } from './sample-desk.ts';
import { attachFiles } from './attach-files.ts';

let desk: SampleDesk;
let copy: SampleDesk;
before(async () => {
  [desk, copy] = [await openSampleDesk(), await openSampleDesk()];
});
after(async () => {
  await desk?.close();
  await copy?.close();
});

const tomorrow = () => new Date(Date.now() + 86_400_000);
const said: string[] = [];
const log = pino({ level: 'error' }, { write: (line: string) => void said.push(line) });

test('the first database whose files are all that lie in a store owns it, and no copy of it does', async () => {
  const { blobs } = desk.services;
  await desk.send(nobody, { name: 'a.txt', content: 'a' });
  assert.equal(await ownsStore(desk.services, tomorrow()), true);
  assert.match((await readText(blobs, 'store/database'))!, /^\d+ \d+$/);
  assert.equal(await ownsStore(desk.services, tomorrow()), true, 'and goes on owning it');
  assert.equal(await ownsStore({ ...copy.services, blobs, log }, tomorrow()), false);
  assert.match(said.splice(0).join(''), /belongs to another database/);
  await blobs.remove('store/database');
  assert.equal(await ownsStore({ ...copy.services, blobs }, tomorrow()), true, 'one that takes the place of the other, once that was said');
});

test('a store without a marker is not claimed by who does not know what lies in it', async () => {
  const blobs = openFolderStore(join(desk.folder, 'unmarked'));
  const source = join(desk.folder, 'later');
  await writeFile(source, 'x');
  const key = storageKeyOf(desk.tenantId, newId());
  await blobs.put(key, source, 'text/plain');
  assert.equal(await ownsStore({ ...desk.services, blobs, log }, tomorrow()), false);
  assert.match(said.splice(0).join(''), /does not know/);
  assert.equal(await readText(blobs, 'store/database'), null);
  assert.equal(await ownsStore({ ...desk.services, blobs, log }, new Date(0)), true, 'an upload may still be going on');
});

test('what a copy of the database takes for leftovers keeps its bytes', async () => {
  const staff = sampleStaff(desk.staffId);
  const { blobs } = desk.services;
  await blobs.remove('store/database');
  assert.equal(await ownsStore(desk.services, new Date(0)), true);
  const file = await desk.send(staff, { name: 'a.txt', content: 'a' });
  const ticketId = await desk.newTicket();
  // The copy was made before: there it still hangs on nothing, and another has no row at all.
  await copy.services.database.transact(copy.tenantId, (transaction) => transaction.query({
    name: 'test.copy_file', text: `INSERT INTO file (tenant_id, id, name, media_type, size, sha256, storage_key, purpose, visibility, uploaded_by_kind, created_at)
      VALUES ($1, $2, 'a.txt', 'text/plain', 1, '\\x00', $3, 'attachment', 'internal', 'customer', $4)`,
  }, [copy.tenantId, file.id, file.storage_key, desk.now]));
  await desk.as(staff, (context) => attachFiles(context, [file.id], { ticketId }));
  const later = new Date(desk.now.getTime() + 60 * 86_400_000);
  const removing = chores.filter(({ name }) => /remove files|files of imports/.test(name));
  assert.equal(removing.length, 3);
  for (const chore of removing) await chore.run({ ...copy.services, blobs, log }, later);
  assert.equal(await readText(blobs, file.storage_key), 'a');
});

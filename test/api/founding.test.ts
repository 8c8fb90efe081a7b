import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ensureFounded } from '../../server/founding/ensure-founded.ts';
import { build } from '../../server/platform/db/database.ts';
import { systemClock } from '../../server/platform/clock/clock.ts';
import { openSecrets } from '../../server/platform/secrets.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';

let program: TestProgram;
before(async () => {
  program = await openTestProgram();
});
after(() => program.close());

test('a key that the operator gives stands in the audit trail, once however often the program starts', async () => {
  const apiKey = 'a-key-of-the-operators-own-choice';
  const start = () => ensureFounded({
    database: program.database, clock: systemClock, secrets: openSecrets('a secret key for tests, of forty letters'), demo: false, publicUrl: 'http://localhost:8080', say: () => {},
    administrator: { email: 'operator@first.example', password: 'correct horse battery', apiKey },
  });
  await start();
  await start();
  const { tenantId } = program.organization;
  const [facts, [key]] = await program.database.transact(tenantId, (transaction) => Promise.all([
    transaction.run(build.selectFrom('fact').select(['subject_id', 'actor_kind', 'data']).where('kind', '=', 'api_key.created')),
    transaction.run(build.selectFrom('api_key').select('id').where('name', '=', 'ADMIN_API_KEY')),
  ]));
  assert.deepEqual(facts, [{ subject_id: key!.id, actor_kind: 'system', data: { name: 'ADMIN_API_KEY', permissions: null } }]);
  assert.equal((await program.call('GET', '/tickets', { as: { token: apiKey } })).status, 200);
});

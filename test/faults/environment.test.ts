import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { migrate } from '../../server/platform/db/migrate.ts';
import { openTestCluster } from '../support/postgres.ts';
import { launch, makeDirectory } from './program-process.ts';

const database = await (await openTestCluster(migrate)).cloneDatabase();
after(() => database.drop());
const directory = makeDirectory();
const file = join(directory, 'a file');
writeFileSync(file, '');
const secret = 'hunter2-hunter2';

const taken = createServer();
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
after(() => taken.close());
const takenPort = String((taken.address() as AddressInfo).port);

const given = { DATABASE_URL: database.connectionString };

/** One of each sort, as reading the values has tests of its own: what is wrong, the variable that is to be named, and what is said of it. */
const wrong: [string, Record<string, string>, RegExp][] = [
  ['a port that is none', { PORT: '99999' }, /^PORT must be a whole number from 0 to 65535, but is "99999"\.$/],
  ['a port that somebody else has', { ...given, PORT: takenPort }, new RegExp(`^PORT must be free, but ${takenPort} `)],
  ['a host that is not of this machine', { ...given, HOST: '203.0.113.7' }, /^HOST must be an address of this machine, but is "203\.0\.113\.7"/],
  ['a role that is not known', { ROLE: 'boss' }, /^ROLE must be one of all, web, worker/],
  ['a database of another kind', { DATABASE_URL: `mysql://root:${secret}@127.0.0.1/x` }, /^DATABASE_URL must be a PostgreSQL URL/],
  ['a database that is not there', { DATABASE_URL: `postgres://u:${secret}@127.0.0.1:1/x` }, /^DATABASE_URL must lead to a PostgreSQL that can be used: .*ECONNREFUSED/],
  ['a server whose name is not known', { DATABASE_URL: `postgres://u:${secret}@nowhere.invalid/x` }, /^DATABASE_URL must lead to a PostgreSQL that can be used: .*nowhere\.invalid/],
  ['a database that the server does not have', { DATABASE_URL: database.connectionString.replace(/bihuan_test_\w+/, 'no_such_database') }, /^DATABASE_URL must lead to a PostgreSQL that can be used: .*no_such_database/],
  ['a data directory that is a file', { DATA_DIR: file }, /^DATA_DIR must be a folder/],
  ['a secret key that is too short', { SECRET_KEY: secret }, /^SECRET_KEY must be 32 to 1024 characters long\.$/],
  ['an administrator without a password', { ADMIN_EMAIL: 'admin@faults.example' }, /^ADMIN_PASSWORD must be given when ADMIN_EMAIL is\.$/],
  ['a store inside a file', { ...given, BLOB_URL: `file://${file.replaceAll(' ', '%20')}/files` }, /^BLOB_URL must name a folder/],
  ['a port for mail that the pages have', { PORT: '2525', SMTP_PORT: '2525' }, /^SMTP_PORT must be another port than PORT/],
  ['text messages in the clear', { SMS_WEBHOOK_URL: `http://sms.example/${secret}` }, /^SMS_WEBHOOK_URL must be /],
];

describe('a wrong environment stops the start with one line and code 1:', { concurrency: 4 }, () => {
  for (const [what, environment, says] of wrong) {
    test(what, async () => {
      const { code, output, complaints } = await launch({ DATA_DIR: join(directory, 'data'), ...environment }).ended;
      assert.equal(code, 1);
      assert.match(complaints, /^[^\n]+\n$/, 'one line');
      assert.match(complaints.trimEnd(), says);
      assert.equal(`${output}${complaints}`.includes(secret), false, 'no secret is shown');
    });
  }
});

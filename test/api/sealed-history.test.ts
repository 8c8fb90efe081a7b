import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { everyTenant, openDatabase } from '../../server/platform/db/database.ts';
import { openSealing, sealUpTo } from '../../server/platform/facts/anchors.ts';
import { nextLink } from '../../server/platform/facts/fact.ts';
import { openHistoryKey } from '../../server/platform/facts/history-key.ts';
import { verifyLog, type BrokenAnchor, type BrokenFact, type LogLooked } from '../../server/platform/facts/verify-log.ts';
import { verifyHistories } from '../../server/platform/facts/verify.ts';
import { openSecrets } from '../../server/platform/secrets.ts';
import { openTestProgram, testClock, type TestOrganization, type TestProgram } from '../support/program.ts';
import { act, done, newTicket } from './scene.ts';

describe('the sealed history', { timeout: 120_000 }, () => {
  const clock = testClock();
  let program: TestProgram;
  let client: pg.Client;
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
    client = new pg.Client({ connectionString: program.connectionString });
    await client.connect();
    await client.query(`SET app.tenant = '${everyTenant}'`);
    await client.query('GRANT UPDATE, DELETE ON fact, fact_anchor TO CURRENT_USER');
  });
  after(async () => {
    await client?.end();
    await program?.close();
  });

  interface Found { facts: BrokenFact[]; anchors: BrokenAnchor[]; looked: LogLooked; chains: string[] }
  async function verify({ tenantId }: TestOrganization, database = program.database): Promise<Found> {
    const [facts, anchors, chains]: [BrokenFact[], BrokenAnchor[], string[]] = [[], [], []];
    await verifyHistories(database, tenantId, (broken) => chains.push(broken.fault));
    return { facts, anchors, chains, looked: await verifyLog(database, tenantId, (fact) => facts.push(fact), (anchor) => anchors.push(anchor)) };
  }
  const sealAll = async () => sealUpTo(program.services, Number((await client.query('SELECT last_value FROM fact_position')).rows[0].last_value), clock.now());
  let organizations = 0;
  /** An organization with a ticket of three facts and two facts of the audit trail, all of it sealed. */
  async function sealed(): Promise<{ of: TestOrganization; ticket: { id: string } }> {
    const of = await program.foundAnother(`sealed-${(organizations += 1)}`);
    const ticket = await newTicket(program, {}, 'administrator', of);
    await act(program, ticket.id, 'resolve', { resolution: '已修' }, 'administrator', of);
    await done(program.call('POST', '/skills', { as: 'administrator', of, body: { name: '焊工' } }));
    await done(program.call('POST', '/api-keys', { as: 'administrator', of, body: { name: '对账' } }));
    await sealAll();
    const { facts, anchors, chains, looked } = await verify(of);
    assert.deepEqual([facts, anchors, chains], [[], [], []]);
    assert.deepEqual([looked.anchors, looked.newest!.number, looked.unkeyed], [1, 1, 0]);
    return { of, ticket };
  }
  const ofAudit = `ticket_id IS NULL AND kind = 'api_key.created'`;

  test('holds after more and more was sealed', async () => {
    const { of } = await sealed();
    for (let round = 2; round < 5; round += 1) {
      await newTicket(program, {}, 'administrator', of);
      await sealAll();
      const { anchors, looked } = await verify(of);
      assert.deepEqual([anchors, looked.anchors], [[], round]);
    }
    await sealAll();
    assert.equal((await verify(of)).looked.anchors, 4, 'nothing new needs no seal');
  });

  const tamperings: Record<string, { how: (of: TestOrganization, ticketId: string) => Promise<unknown>; anchors?: string[]; facts?: string[]; chains?: string[] }> = {
    'a ticket deleted with all its facts': {
      how: async (_of, id) => {
        await client.query('DELETE FROM fact WHERE ticket_id = $1', [id]);
        const { rows } = await client.query("SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attname = 'ticket_id' WHERE contype = 'f' AND confrelid = 'ticket'::regclass AND conrelid <> confrelid");
        for (const { name } of rows) await client.query(`DELETE FROM ${name} WHERE ticket_id = $1`, [id]);
        await client.query('DELETE FROM ticket WHERE id = $1', [id]);
      },
      anchors: ['facts_missing'],
    },
    'an entry of the audit trail deleted': { how: ({ tenantId }) => client.query(`DELETE FROM fact WHERE tenant_id = $1 AND ${ofAudit}`, [tenantId]), anchors: ['facts_missing'] },
    'an entry of the audit trail altered': { how: ({ tenantId }) => client.query(`UPDATE fact SET actor_name = '别人' WHERE tenant_id = $1 AND ${ofAudit}`, [tenantId]), facts: ['altered'] },
    'an entry of the audit trail altered, its seal taken away': { how: ({ tenantId }) => client.query(`UPDATE fact SET actor_name = '别人', hash = NULL WHERE tenant_id = $1 AND ${ofAudit}`, [tenantId]), facts: ['unsealed'], anchors: ['facts_altered'] },
    'an entry put into the audit trail': { how: ({ tenantId }) => client.query(`INSERT INTO fact (tenant_id, kind, actor_kind, data, occurred_at, recorded_at) VALUES ($1, 'skill.created', 'system', '{}', now(), now())`, [tenantId]), facts: ['unsealed'] },
    'a seal altered': { how: ({ tenantId }) => client.query('UPDATE fact_anchor SET facts = facts + 1 WHERE tenant_id = $1', [tenantId]), anchors: ['seal_altered'] },
    'the whole history of a ticket written anew, as it would have been without a key': {
      how: async ({ tenantId }, id) => {
        let end: { length: number; hash: Buffer | null } = { length: 0, hash: null };
        for (const row of (await client.query('SELECT * FROM fact WHERE ticket_id = $1 ORDER BY ticket_position', [id])).rows) {
          const next = nextLink(undefined, tenantId, id, end, { kind: row.kind, actor: { kind: row.actor_kind, id: row.actor_id, name: '别人' }, data: row.data, occurredAt: row.occurred_at, recordedAt: row.recorded_at, subjectId: row.subject_id ?? undefined });
          await client.query("UPDATE fact SET actor_name = '别人', previous_hash = $2, hash = $3 WHERE tenant_id = $1 AND position = $4", [tenantId, end.hash, next.hash, row.position]);
          end = next;
        }
        await client.query('UPDATE ticket SET history_hash = $2 WHERE id = $1', [id, end.hash]);
        // And the mark up to which that would be no wonder.
        await client.query('UPDATE organization SET unsealed_until = 1000000000 WHERE tenant_id = $1', [tenantId]);
      },
      anchors: ['seal_altered'],
    },
  };
  for (const [name, { how, anchors = [], facts = [], chains = [] }] of Object.entries(tamperings)) {
    test(`${name}: is found`, async () => {
      const { of, ticket } = await sealed();
      await how(of, ticket.id);
      const found = await verify(of);
      assert.deepEqual({ anchors: found.anchors.map((one) => one.fault), facts: found.facts.map((one) => one.fault), chains: found.chains }, { anchors, facts, chains });
    });
  }

  test('what was written before there was a key is told apart, verifies, and cannot be written anew once it is sealed', async () => {
    const of = await program.foundAnother('from-before');
    const older = openDatabase({ connection: { connectionString: program.connectionString }, role: null, connections: 2 });
    const ticket = await newTicket(program, {}, 'administrator', of);
    const rehash = async (name: string): Promise<void> => {
      const row = (await client.query('SELECT * FROM fact WHERE ticket_id = $1', [ticket.id])).rows[0];
      const link = nextLink(undefined, of.tenantId, ticket.id, { length: 0, hash: null }, { kind: row.kind, actor: { kind: row.actor_kind, id: row.actor_id, name }, data: row.data, occurredAt: row.occurred_at, recordedAt: row.recorded_at });
      await client.query('UPDATE fact SET actor_name = $2, hash = $3 WHERE ticket_id = $1', [ticket.id, name, link.hash]);
      await client.query('UPDATE ticket SET history_hash = $2 WHERE id = $1', [ticket.id, link.hash]);
    };
    try {
      await rehash('当时的人');
      await client.query('UPDATE fact SET hash = NULL WHERE tenant_id = $1 AND ticket_id IS NULL', [of.tenantId]);
      await client.query('UPDATE organization SET unsealed_until = (SELECT max(position) FROM fact WHERE tenant_id = $1) WHERE tenant_id = $1', [of.tenantId]);
      await act(program, ticket.id, 'resolve', { resolution: '已修' }, 'administrator', of);
      await sealAll();
      const shown = (await done(program.call('GET', `/tickets/${ticket.id}/history/verification`, { as: 'administrator', of }))).body;
      assert.deepEqual([shown.intact, shown.length, shown.unkeyed], [true, 2, 1]);
      const fine = await verify(of);
      assert.deepEqual([fine.chains, fine.facts, fine.anchors, fine.looked.unkeyed], [[], [], [], fine.looked.facts]);
      await assert.rejects(verify(of, older), /without SECRET_KEY/);
    } finally {
      await older.close();
    }
    // Its one old fact anew, and what follows cannot be linked to it without the key.
    await rehash('别人');
    const found = await verify(of);
    assert.deepEqual([found.chains, found.anchors.map((one) => one.fault)], [['not_linked'], ['facts_altered']]);
  });

  test('another SECRET_KEY is told from tampering', async () => {
    const { of } = await sealed();
    const elsewhere = openDatabase({ connection: { connectionString: program.connectionString }, role: null, connections: 2, historyKey: openHistoryKey(openSecrets('another secret key, of forty letters too')) });
    try {
      const { chains, facts, anchors } = await verify(of, elsewhere);
      assert.deepEqual([new Set(chains), new Set(facts.map((one) => one.fault)), anchors.map((one) => one.fault)], [new Set(['other_key']), new Set(['other_key']), ['seal_other_key']]);
    } finally {
      await elsewhere.close();
    }
  });

  test('nothing is sealed that a transaction still running may fall behind', async () => {
    const of = await program.foundAnother('running');
    const seal = openSealing(60_000);
    const tick = async () => {
      await seal(program.services);
      clock.advance({ minutes: 2 });
    };
    const late = new pg.Client({ connectionString: program.connectionString });
    await late.connect();
    try {
      await late.query(`BEGIN; SET LOCAL app.tenant = '${of.tenantId}'`);
      // Takes its position, and commits only later.
      const { rows: [row] } = await late.query("SELECT nextval('fact_position') AS position, pg_current_xact_id()");
      await newTicket(program, {}, 'administrator', of);
      for (let round = 0; round < 5; round += 1) await tick();
      assert.equal((await verify(of)).looked.anchors, 0);
      await late.query("INSERT INTO fact (tenant_id, position, kind, actor_kind, data, occurred_at, recorded_at, hash) VALUES ($1, $2, 'skill.created', 'system', '{}', now(), now(), NULL)", [of.tenantId, row.position]);
      await late.query('COMMIT');
      for (let round = 0; round < 12 && (await verify(of)).looked.anchors === 0; round += 1) await tick();
      const { looked, anchors } = await verify(of);
      assert.deepEqual([looked.anchors, anchors], [1, []]);
      const { rows: [covered] } = await client.query('SELECT facts FROM fact_anchor WHERE tenant_id = $1', [of.tenantId]);
      const { rows: [all] } = await client.query('SELECT count(*)::int AS facts FROM fact WHERE tenant_id = $1', [of.tenantId]);
      assert.equal(covered.facts, all.facts, 'the late one is under the seal');
    } finally {
      await late.end();
    }
  });
});

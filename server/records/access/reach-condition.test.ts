import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { permits, reachOf, type Subject, type TicketAccess } from '../../../rules/access/policy.ts';
import type { Scope } from '../../../rules/access/permissions.ts';
import { openTestProgram } from '../../../test/support/program.ts';
import { newId } from '../../platform/db/uuid.ts';
import { reachCondition } from './reach-condition.ts';

const program = await openTestProgram();
after(() => program.close());
const { database, organization } = program;
const tenant = organization.tenantId;

// Small worlds make meetings likely.
const people = Array.from({ length: 3 }, () => newId());
const teams = Array.from({ length: 3 }, () => newId());
const departments = Array.from({ length: 3 }, () => newId());
const types = Array.from({ length: 2 }, () => newId());
const maybe = (ids: string[]) => fc.option(fc.constantFrom(...ids), { nil: null });

const ticket: fc.Arbitrary<TicketAccess & { createdByKind: string; createdById: string | null }> = fc.record({
  typeId: fc.constantFrom(...types), departmentId: maybe(departments), teamId: maybe(teams), assigneeId: maybe(people),
  participantIds: fc.subarray(people), createdByKind: fc.constantFrom('staff', 'api_key', 'customer', 'system'), createdById: maybe(people),
}).map((row) => ({ ...row, creatorId: row.createdByKind === 'staff' || row.createdByKind === 'api_key' ? row.createdById : null }));

const subject: fc.Arbitrary<Subject> = fc.record({
  staffId: fc.constantFrom(...people), teamIds: fc.subarray(teams), departmentIds: fc.subarray(departments), coversFor: fc.option(fc.subarray(people), { nil: undefined }),
  grants: fc.array(fc.record({
    permission: fc.constantFrom('ticket.read' as const, 'ticket.update' as const),
    scope: fc.constantFrom<Scope>('own', 'team', 'department', 'organization'),
    ticketTypeIds: fc.option(fc.subarray(types), { nil: undefined }),
  }), { maxLength: 3 }),
  onlyPermissions: fc.option(fc.subarray(['ticket.read', 'ticket.update']).map((list) => new Set(list)), { nil: undefined }),
});

test('the SQL form of the policy lets through exactly the rows that its row form permits', async () => {
  await fc.assert(fc.asyncProperty(fc.array(ticket, { minLength: 1, maxLength: 12 }), subject, async (tickets, who) => {
    const reach = reachOf(who, 'ticket.read');
    const rows = tickets.map((row) => sql`(${row.typeId}::uuid, ${row.departmentId}::uuid, ${row.teamId}::uuid, ${row.assigneeId}::uuid, ${row.createdByKind}::text, ${row.createdById}::uuid, ${row.participantIds}::uuid[])`);
    const answered = await database.transact(tenant, (transaction) => transaction.run(sql<{ permitted: boolean }>`
      SELECT coalesce(${reachCondition(reach)}, false) AS permitted
      FROM (VALUES ${sql.join(rows)}) AS ticket (type_id, department_id, team_id, assignee_id, created_by_kind, created_by_id, participant_ids)`));
    assert.deepEqual(answered.map((row) => row.permitted), tickets.map((row) => permits(reach, row)));
  }), { numRuns: 300 });
});

test('a wider scope never reaches less', () => {
  const scopes: Scope[] = ['own', 'team', 'department', 'organization'];
  fc.assert(fc.property(ticket, subject, (row, who) => {
    const reached = scopes.map((scope) => permits(reachOf({ ...who, grants: [{ permission: 'ticket.read', scope }] }, 'ticket.read'), row));
    reached.reduce((narrower, wider) => {
      assert.ok(!narrower || wider);
      return wider;
    });
  }));
});

test('nothing is permitted without a grant', () => {
  fc.assert(fc.property(ticket, subject, (row, who) => {
    assert.equal(permits(reachOf({ ...who, grants: [] }, 'ticket.read'), row), false);
    assert.equal(permits(reachOf({ ...who, onlyPermissions: new Set() }, 'ticket.read'), row), false);
  }));
});


import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exceedsOwn } from './exceeds-own.ts';
import { standardRoles, type Grant, type Permission, type Scope } from './permissions.ts';
import { holds, permits, reachOf, type Subject, type TicketAccess } from './policy.ts';

const me = (grants: readonly Grant[], onlyPermissions?: ReadonlySet<string>): Subject => ({ staffId: 'me', teamIds: ['t1'], departmentIds: ['d1', 'd2'], grants, onlyPermissions });
const grantsOf = (key: string) => standardRoles.find((role) => role.key === key)!.grants;

test('what is held as far or farther may be granted, anything wider not', () => {
  const holder = me([{ permission: 'ticket.read', scope: 'department' }]);
  for (const scope of ['own', 'team', 'department'] as const) assert.equal(exceedsOwn(holder, [{ permission: 'ticket.read', scope }]), undefined);
  const wider: Grant = { permission: 'ticket.read', scope: 'organization' };
  assert.equal(exceedsOwn(holder, [{ permission: 'ticket.read', scope: 'own' }, wider]), wider);
  assert.equal(exceedsOwn(holder, [{ permission: 'ticket.close', scope: 'own' }])?.permission, 'ticket.close');
});

test('narrowed to ticket types, one may grant those types and no others', () => {
  const holder = me([
    { permission: 'ticket.read', scope: 'organization', ticketTypeIds: ['repair'] },
    { permission: 'ticket.read', scope: 'team', ticketTypeIds: ['complaint'] },
  ]);
  const grant = (scope: Scope, ticketTypeIds?: string[]): Grant => ({ permission: 'ticket.read', scope, ...(ticketTypeIds ? { ticketTypeIds } : {}) });
  assert.equal(exceedsOwn(holder, [grant('organization', ['repair']), grant('team', ['repair', 'complaint'])]), undefined);
  assert.ok(exceedsOwn(holder, [grant('organization', ['repair', 'complaint'])]));
  assert.ok(exceedsOwn(holder, [grant('own')]), 'no types named means every type');
});

test('a permission without scopes is held or not, whatever scope stands beside it', () => {
  const holder = me([{ permission: 'customer.read', scope: 'own' }]);
  assert.equal(exceedsOwn(holder, [{ permission: 'customer.read', scope: 'organization' }]), undefined);
  assert.ok(exceedsOwn(holder, [{ permission: 'customer.write', scope: 'own' }]));
});

test('a narrowed API key grants no more than it may do itself', () => {
  const holder = me(grantsOf('administrator'), new Set(['organization.write', 'ticket.read']));
  assert.equal(exceedsOwn(holder, [{ permission: 'ticket.read', scope: 'organization' }]), undefined);
  assert.ok(exceedsOwn(holder, [{ permission: 'ticket.assign', scope: 'own' }]));
});

test('an administrator may grant every standard role, a dispatcher not that of the administrator', () => {
  for (const role of standardRoles) assert.equal(exceedsOwn(me(grantsOf('administrator')), role.grants), undefined);
  assert.ok(exceedsOwn(me(grantsOf('dispatcher')), grantsOf('administrator')));
});

test('grants that pass reach no ticket and hold no permission beyond the giver’s', () => {
  const permissionNames: Permission[] = ['ticket.read', 'ticket.close', 'customer.read'];
  const types = ['repair', 'complaint', 'inspection'];
  const grants = fc.array(fc.record({
    permission: fc.constantFrom(...permissionNames),
    scope: fc.constantFrom<Scope>('own', 'team', 'department', 'organization'),
    ticketTypeIds: fc.option(fc.subarray(types), { nil: undefined }),
  }, { requiredKeys: ['permission', 'scope'] }), { maxLength: 4 });
  const ticket: fc.Arbitrary<TicketAccess> = fc.record({
    typeId: fc.constantFrom(...types), departmentId: fc.constantFrom('d1', 'd2', 'd3', null), teamId: fc.constantFrom('t1', 't2', null),
    assigneeId: fc.constantFrom('me', 'other', null), creatorId: fc.constantFrom('me', 'other', null), participantIds: fc.subarray(['me', 'other']),
  });
  let passed = 0;
  fc.assert(fc.property(grants, grants, fc.option(fc.subarray(permissionNames), { nil: undefined }), fc.array(ticket, { minLength: 5, maxLength: 10 }), (own, given, only, tickets) => {
    const giver = me(own, only && new Set(only));
    // Stands where the giver stands, so that their teams and departments are the same.
    const receiver = me(given);
    if (exceedsOwn(giver, given)) return;
    if (given.length > 0) passed += 1;
    for (const permission of permissionNames) {
      if (holds(receiver, permission)) assert.ok(holds(giver, permission));
      for (const one of tickets) if (permission !== 'customer.read' && permits(reachOf(receiver, permission), one)) assert.ok(permits(reachOf(giver, permission), one));
    }
  }), { numRuns: 3_000 });
  assert.ok(passed > 50, `only ${passed} of the generated cases say anything`);
});

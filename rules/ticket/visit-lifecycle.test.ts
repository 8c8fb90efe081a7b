import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ticketStatuses, waitingReasons } from './lifecycle.ts';
import { currentVisitStatuses, isVisitOver, obstacleRules, openVisitActions, ticketAfterObstacle, visitActions, visitLifecycle, visitObstacles, visitStatuses, type VisitStatus } from './visit-lifecycle.ts';

describe('the life of a visit', () => {
  test('whatever is not over has a step open, and whatever is over has none', () => {
    for (const status of visitStatuses) assert.equal(openVisitActions(status).length === 0, isVisitOver(status), status);
    assert.deepEqual(visitStatuses.filter((status) => !isVisitOver(status)), [...currentVisitStatuses]);
  });

  test('every state but those of the office is reached by a step, and no step leads back', () => {
    const reached = new Set(visitActions.map((action) => visitLifecycle[action].to).filter((status) => status !== undefined));
    // A visit is made, and called off, by whoever assigns it.
    assert.deepEqual(visitStatuses.filter((status) => !reached.has(status)), ['scheduled', 'cancelled']);
    const order: readonly VisitStatus[] = visitStatuses;
    for (const action of visitActions) {
      const { from, to } = visitLifecycle[action];
      for (const status of from) assert.ok(to === undefined || order.indexOf(to) > order.indexOf(status), `${action} from ${status}`);
    }
  });

  test('an obstacle can be told from the moment a visit was accepted until it is over', () => {
    assert.deepEqual(visitStatuses.filter((status) => openVisitActions(status).includes('report_obstacle')), ['accepted', 'travelling', 'on_site']);
  });
});

describe('a ticket after an obstacle', () => {
  test('waits for the customer who was not there, or for the part; for another visit it is open', () => {
    const running = { status: 'open', waitingFor: null } as const;
    assert.deepEqual(ticketAfterObstacle('no_access', running), { status: 'waiting', waitingFor: 'customer' });
    assert.deepEqual(ticketAfterObstacle('part_needed', running), { status: 'waiting', waitingFor: 'part' });
    assert.deepEqual(ticketAfterObstacle('return_visit', running), { status: 'open', waitingFor: null });
  });

  test('keeps waiting for what somebody else ordered, unless the obstacle says for whom', () => {
    const waiting = { status: 'waiting', waitingFor: 'supplier' } as const;
    assert.deepEqual(ticketAfterObstacle('return_visit', waiting), waiting);
    assert.deepEqual(ticketAfterObstacle('part_needed', waiting), { status: 'waiting', waitingFor: 'part' });
  });

  test('waits for somebody exactly when it waits', () => {
    for (const obstacle of visitObstacles) {
      for (const status of ticketStatuses) {
        for (const waitingFor of status === 'waiting' ? waitingReasons : [null]) {
          const after = ticketAfterObstacle(obstacle, { status, waitingFor });
          assert.equal(after.status === 'waiting', after.waitingFor !== null, `${obstacle} ${status}`);
        }
      }
    }
  });

  test('each obstacle has a name in both languages', () => {
    for (const obstacle of visitObstacles) {
      assert.match(obstacleRules[obstacle].zh, /\p{Script=Han}/u);
      assert.match(obstacleRules[obstacle].en, /^[A-Z][a-z ]+/);
    }
  });
});

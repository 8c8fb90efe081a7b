import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifecycle, stepBetween, ticketActions, ticketStatuses, type TicketStatus } from './lifecycle.ts';

const steps: Record<TicketStatus, Partial<Record<TicketStatus, string>>> = {
  new: { new: 'keep', open: 'start', waiting: 'wait', resolved: 'resolve', closed: 'close', cancelled: 'cancel' },
  open: { open: 'keep', waiting: 'wait', resolved: 'resolve', closed: 'close', cancelled: 'cancel' },
  waiting: { waiting: 'keep', open: 'resume', resolved: 'resolve', closed: 'close', cancelled: 'cancel' },
  resolved: { resolved: 'keep', open: 'reopen', closed: 'close' },
  closed: { closed: 'keep', open: 'reopen' },
  cancelled: { cancelled: 'keep', open: 'reopen' },
};

test('from each class a status is chosen by these steps and no others', () => {
  for (const from of ticketStatuses) for (const to of ticketStatuses) assert.equal(stepBetween(from, to)?.action ?? undefined, steps[from][to], `${from} → ${to}`);
});

test('choosing a status asks for what its action asks for, and leads where it leads', () => {
  for (const from of ticketStatuses) {
    for (const to of ticketStatuses) {
      const step = stepBetween(from, to);
      const action = ticketActions.find((name) => name === step?.action);
      if (!step || !action) continue;
      assert.equal(lifecycle[action].to, to);
      assert.ok(lifecycle[action].from.includes(from));
      assert.equal(step.permission, lifecycle[action].permission);
      assert.equal(step.needs, { resolve: 'resolution', reopen: 'reason', cancel: 'reason' }[action as string] ?? null);
    }
  }
});

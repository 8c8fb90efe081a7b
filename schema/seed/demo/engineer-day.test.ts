import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEngineersDay } from './engineer-day.ts';
import { makeDemoCompany } from './index.ts';

for (const at of ['2026-11-21T22:57:00Z', '2026-11-23T02:15:00Z', '2026-07-08T09:40:00Z', '2026-01-01T16:05:00Z']) {
  test(`at ${at} the technician has something to do, none of it promised for the past`, () => {
    const now = Date.parse(at);
    const { tickets, staff } = makeDemoCompany({ now: new Date(now) });
    const engineer = staff.find((person) => person.email.startsWith('engineer@'))!;
    const jobs = withEngineersDay(tickets, now).filter((ticket) => ticket.assigneeKey === engineer.key && (ticket.status === 'open' || ticket.status === 'waiting'));
    assert.ok(jobs.length >= 2, `${jobs.length} jobs`);
    for (const job of jobs.filter((ticket) => ticket.events.length <= 2)) {
      for (const event of job.events) {
        assert.ok(Date.parse(event.at) >= Date.parse(job.createdAt) && Date.parse(event.at) <= now);
        if (event.kind === 'assigned' && event.window !== null) assert.ok(Date.parse(event.window.start) > now && Date.parse(event.window.end) > Date.parse(event.window.start));
      }
    }
  });
}

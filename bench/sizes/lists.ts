import type pg from 'pg';
import { writeCursor } from '../../server/platform/http/cursor.ts';
import { percentile } from '../figures.ts';
import { openConnection, requestBytes } from '../http-client.ts';
import type { Program } from '../program.ts';
import { rareText, toldTickets, largestCustomer, type Company } from './fill.ts';

/** Something a person opens. */
interface View {
  name: string;
  /** Addresses that are asked for in turn. */
  paths: string[];
}

/** How long it took, in milliseconds, and how many lines came. */
export interface Timing {
  name: string;
  p50: number;
  p95: number;
  lines: number;
}

const unfinished = 'new,open,waiting';
const mostRequests = 200;
const warmUpRequests = 15;

/** Measures every view, one request at a time over one connection. */
export async function measureLists(program: Program, client: pg.Client, company: Company, quick: boolean): Promise<Timing[]> {
  const url = new URL(program.url);
  const connection = await openConnection(url.hostname, Number(url.port));
  const timings: Timing[] = [];
  const mostMilliseconds = quick ? 2_000 : 8_000;
  for (const view of await viewsOf(client, company)) {
    const requests = view.paths.map((path) => requestBytes(new URL(`/api/v1${path}`, url), program.apiKey));
    const latencies: number[] = [];
    let lines = 0;
    const started = performance.now();
    // Slow views get fewer requests, but never too few for a p95.
    for (let index = 0; index < mostRequests + warmUpRequests && (latencies.length < 20 || performance.now() - started < mostMilliseconds); index += 1) {
      const sent = performance.now();
      const { status, body } = await connection.exchange(requests[index % requests.length]!);
      const milliseconds = performance.now() - sent;
      if (status !== 200) throw new Error(`${view.paths[index % view.paths.length]} answered ${status}: ${body.toString().slice(0, 500)}`);
      if (index < warmUpRequests) lines = (JSON.parse(body.toString()) as { items?: unknown[] }).items?.length ?? 1;
      else latencies.push(milliseconds);
    }
    timings.push({ name: view.name, p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95), lines });
  }
  connection.close();
  return timings;
}

async function viewsOf(client: pg.Client, { tenantId, parentIds, leafIds, rareId }: Company): Promise<View[]> {
  const told = await client.query<{ number: string }>(`SELECT number FROM ticket WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT ${toldTickets}`, [tenantId]);
  const numbers = told.rows.map((row) => row.number);
  const byTime = await placeInTheMiddle(client, tenantId, 'TRUE');
  const ofRecent = await placeInTheMiddle(client, tenantId, "status IN ('new', 'open', 'waiting')");
  const list = (name: string, filters: readonly string[], next: string | null): View[] => [
    { name, paths: filters.map((filter) => `/tickets?${filter}`) },
    ...(next === null ? [] : [{ name: `${name}, a page deep down`, paths: filters.map((filter) => `/tickets?${filter}&cursor=${next}`) }]),
  ];
  return [
    ...list('All', ['sort=-createdAt'], byTime),
    ...list('My open tickets', [`assignee=me&status=${unfinished}`], ofRecent),
    ...list('My open tickets by priority', [`assignee=me&status=${unfinished}&sort=priority`], null),
    ...list("My team's unassigned", [`team=mine&assignee=none&status=${unfinished}`], ofRecent),
    ...list('Urgent', [`priority=urgent&status=${unfinished}`], ofRecent),
    ...list('A category with those below it', parentIds.map((id) => `category=${id}`), byTime),
    ...list('One category', leafIds.map((id) => `category=${id}`), byTime),
    ...list('A category with 20 tickets in all', [`category=${rareId}`], null),
    ...list('A customer with 5 % of all tickets', [`customer=${largestCustomer}`], byTime),
    ...list('Search: a frequent word of two characters', [`q=${encodeURIComponent('漏水')}`], byTime),
    ...list('Search: a rare word of two characters', [`q=${encodeURIComponent(rareText[0].slice(0, 2))}`], null),
    ...list('Search: a phrase of six characters', [`q=${encodeURIComponent('地下车库积水')}`], byTime),
    { name: 'Opening a ticket', paths: numbers.map((number) => `/tickets/${number}`) },
    { name: 'Its timeline', paths: numbers.map((number) => `/tickets/${number}/timeline`) },
  ];
}

/** The cursor of a page that begins in the middle of the tickets on a condition, newest first: no need to turn pages up to there. */
async function placeInTheMiddle(client: pg.Client, tenantId: string, condition: string): Promise<string> {
  const { rows } = await client.query<{ created_at: Date; id: string }>(`
    SELECT created_at, id FROM ticket WHERE tenant_id = $1 AND ${condition} ORDER BY created_at DESC, id DESC
    OFFSET (SELECT count(*) / 2 FROM ticket WHERE tenant_id = $1 AND ${condition}) LIMIT 1`, [tenantId]);
  return writeCursor('-createdAt', [rows[0]!.created_at.toISOString(), rows[0]!.id]);
}

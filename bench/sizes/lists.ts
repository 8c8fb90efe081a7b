import type pg from 'pg';
import { writePlace } from '../../server/records/ticket/list-cursor.ts';
import { standardViews } from '../../server/records/view/standard-views.ts';
import { percentile } from '../figures.ts';
import { openConnection, requestBytes } from '../http-client.ts';
import type { Program } from '../program.ts';
import { bygoneTag, frequentTag, largestCustomer, longTickets, rareTag, rareText, toldTickets, type Company } from './fill.ts';

/** Something a person opens. */
interface View {
  name: string;
  /** The p95 it is to keep, in milliseconds; null where none was set. */
  most: number | null;
  /** Whose eyes it is seen with: the administrator's when absent. */
  token?: string;
  /** Addresses that are asked for in turn. */
  paths: string[];
}

/** How long it took, in milliseconds, and how many lines came. */
export interface Timing {
  name: string;
  most: number | null;
  p50: number;
  p95: number;
  lines: number;
}

const unfinished = 'new,open,waiting';
const mostRequests = 200;
const warmUpRequests = 15;
const forLists = 30;
const forSearch = 60;
const forTicket = 25;

/** A program that is measured, and what it was filled with. */
export interface Subject {
  program: Program;
  client: pg.Client;
  company: Company;
}

/**
 * Measures every view, one request at a time over one connection, of one program or of several in turn: call by call,
 * so that whatever else the machine does meanwhile comes upon all of them alike. Timings by subject.
 */
export async function measureLists(subjects: readonly Subject[], quick: boolean): Promise<Timing[][]> {
  const asked = await Promise.all(subjects.map(async ({ program, client, company }) => {
    const url = new URL(program.url);
    return { url, program, views: await viewsOf(program, client, company), connection: await openConnection(url.hostname, Number(url.port)), timings: [] as Timing[] };
  }));
  const mostMilliseconds = (quick ? 2_000 : 8_000) * asked.length;
  for (const name of new Set(asked.flatMap(({ views }) => views.map((view) => view.name)))) {
    const measured = asked.flatMap(({ url, program, views, connection, timings }) => views.filter((view) => view.name === name).map((view) => ({
      view, connection, timings, requests: view.paths.map((path) => requestBytes(new URL(`/api/v1${path}`, url), view.token ?? program.apiKey)), latencies: [] as number[], lines: 0,
    })));
    const started = performance.now();
    // Slow views get fewer requests, but never too few for a p95.
    for (let index = 0; index < mostRequests + warmUpRequests && (index < 20 + warmUpRequests || performance.now() - started < mostMilliseconds); index += 1) {
      // Each goes first as often as the others.
      for (let turn = 0; turn < measured.length; turn += 1) {
        const one = measured[(index + turn) % measured.length]!;
        const sent = performance.now();
        const { status, body } = await one.connection.exchange(one.requests[index % one.requests.length]!);
        const milliseconds = performance.now() - sent;
        if (status !== 200) throw new Error(`${one.view.paths[index % one.requests.length]} answered ${status}: ${body.toString().slice(0, 500)}`);
        if (index < warmUpRequests) one.lines = (JSON.parse(body.toString()) as { items?: unknown[] }).items?.length ?? 1;
        else one.latencies.push(milliseconds);
      }
    }
    for (const { view, timings, latencies, lines } of measured) timings.push({ name, most: view.most, p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95), lines });
  }
  for (const { connection } of asked) connection.close();
  return asked.map(({ timings }) => timings);
}

async function viewsOf(program: Program, client: pg.Client, { tenantId, parentIds, leafIds, rareId, readers }: Company): Promise<View[]> {
  const told = await client.query<{ number: string }>(`SELECT number FROM ticket WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT ${toldTickets}`, [tenantId]);
  const numbers = told.rows.map((row) => row.number);
  const [long, short] = [numbers.slice(0, longTickets), numbers.slice(longTickets)];
  const byTime = await placeInTheMiddle(client, tenantId, 'TRUE');
  const list = (name: string, filters: readonly string[], token?: string): View => ({ name, most: forLists, paths: filters.map((filter) => `/tickets?${filter}`), ...(token === undefined ? {} : { token }) });
  const deep = (name: string, filters: readonly string[]): View => list(`${name}, a page deep down`, filters.map((filter) => `${filter}&sort=-createdAt&cursor=${byTime}`));
  const search = (name: string, q: string, more = '', token?: string): View => ({ ...list(`Search: ${name}`, [`q=${encodeURIComponent(q)}${more}`], token), most: forSearch });
  // The page after the first one, as its reader gets it.
  const withNext = async (view: View): Promise<View[]> => {
    const answers = await Promise.all(view.paths.map(async (path) => await (await fetch(`${program.url}/api/v1${path}`, { headers: { authorization: `Bearer ${view.token ?? program.apiKey}` } })).json() as { nextCursor: string | null }));
    const next = answers.flatMap(({ nextCursor }, index) => (nextCursor === null ? [] : [`${view.paths[index]}&cursor=${nextCursor}`]));
    return [view, ...(next.length === 0 ? [] : [{ ...view, name: `${view.name}, next page`, paths: next }])];
  };
  const standard = await Promise.all(standardViews.map((view) => withNext(list(view.nameEn, [`view=${view.key}`]))));
  const people = { technician: readers.technician.token, 'team member': readers.member.token, 'department manager': readers.manager.token };
  const scoped = await Promise.all(Object.entries(people).flatMap(([who, token]) => ['all', 'open', 'recently_updated'].map((key) => withNext(list(`${standardViews.find((view) => view.key === key)!.nameEn}, as a ${who}`, [`view=${key}`], token)))));
  return [
    ...standard.flat(),
    ...scoped.flat(),
    deep('All', ['view=all']),
    list('All by priority', ['sort=priority']),
    list('By team', ['view=open&grouping=team']),
    list('A category with those below it', parentIds.map((id) => `category=${id}`)),
    list('One category', leafIds.map((id) => `category=${id}`)),
    deep('One category', leafIds.map((id) => `category=${id}`)),
    list('A category with 20 tickets in all', [`category=${rareId}`]),
    list('A customer with 5 % of all tickets', [`customer=${largestCustomer}`]),
    list('A tag of 20 tickets', [`tag=${encodeURIComponent(rareTag)}`]),
    list('A tag of every tenth ticket', [`tag=${encodeURIComponent(frequentTag)}`]),
    list('A tag of long ago', [`tag=${encodeURIComponent(bygoneTag)}`]),
    list('A channel of 20 tickets', ['channel=alarm']),
    list('Mine of a channel, unfinished', [`assignee=me&channel=phone&status=${unfinished}`]),
    search('in half of all tickets', '请'),
    search('a frequent word of two characters', '漏水'),
    search('the same, newest first', '漏水', '&sort=-createdAt'),
    search('the same, a page deep down', '漏水', `&sort=-createdAt&cursor=${byTime}`),
    search('two words, in one of 30', '投影'),
    search('two words that seldom meet', '紫荆 投影'),
    search('two words that never meet', '投影 漏水'),
    search('a phrase of six characters', '地下车库积水'),
    search('a phrase in quotes', '“地下车库积水”'),
    search('a rare word of two characters', rareText[0].slice(0, 2)),
    search('a word that is nowhere', '鲸鱼'),
    search('a ticket’s number', numbers[5]!),
    search('the end of a phone number', '0042'),
    search('unfinished with a frequent word', '漏水', `&status=${unfinished}`),
    search('a frequent word, as a technician', '漏水', '', readers.technician.token),
    search('a frequent word, as a department manager', '漏水', '', readers.manager.token),
    { name: 'Counts of all standard views, at once', most: forLists, paths: ['/views/counts'] },
    { name: 'Counts of all standard views, as a department manager', most: forLists, paths: ['/views/counts'], token: readers.manager.token },
    { name: 'Opening a ticket', most: forTicket, paths: short.map((number) => `/tickets/${number}`) },
    { name: 'Opening a ticket of 200 entries', most: forTicket, paths: long.map((number) => `/tickets/${number}`) },
    { name: 'Its timeline, 200 entries', most: forTicket, paths: long.map((number) => `/tickets/${number}/timeline?limit=200`) },
  ];
}

/** The cursor of a page that begins in the middle of the tickets on a condition, newest first: no need to turn pages up to there. */
async function placeInTheMiddle(client: pg.Client, tenantId: string, condition: string): Promise<string> {
  const { rows } = await client.query<{ created_at: Date; id: string }>(`
    SELECT created_at, id FROM ticket WHERE tenant_id = $1 AND ${condition} ORDER BY created_at DESC, id DESC
    OFFSET (SELECT count(*) / 2 FROM ticket WHERE tenant_id = $1 AND ${condition}) LIMIT 1`, [tenantId]);
  return writePlace('-createdAt', rows[0]!.created_at, rows[0]!.id);
}

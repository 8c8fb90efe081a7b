import type { FormVersion } from '../../../contract/form.ts';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import type { Visit } from '../../../contract/visit.ts';
import { api, ApiProblem, asProblem } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { announceJobs } from '../notices.ts';
import { findAsset, type KeptAsset } from './assets.ts';
import { assetNote, database, forgetVisits, formNote, isInUse, type FieldDatabase, type KeptProblem } from './database.ts';
import { keepVisit, sendWaiting } from './outbox.ts';
import { fetchPool, forget } from './pool.ts';
import { checkSession, endSession, isOpenToServer } from './session.ts';

/** How this phone stands with the server (同步状态). */
export interface SyncState {
  /** Whether the last attempt to reach the server succeeded. */
  reachable: boolean;
  sending: boolean;
  /** When the list of jobs was last fetched, in milliseconds; null when never. */
  fetchedAt: number | null;
  /** Why the last fetch failed, when the server answered. */
  problem: KeptProblem | null;
  /** By how many seconds the clock of this phone was found to be behind, below zero ahead. */
  clockBehind: number;
}

let state: SyncState = { reachable: navigator.onLine, sending: false, fetchedAt: null, problem: null, clockBehind: 0 };
const listeners = new Set<() => void>();

export function syncState(): SyncState {
  return state;
}

export function onSync(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function become(change: Partial<SyncState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

const fetchedAtNote = 'fetchedAt';

async function allPages(state: 'current' | 'done', most: number): Promise<Visit[]> {
  const visits: Visit[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Visit[]; nextCursor: string | null } = (
      await api.get<{ items: Visit[]; nextCursor: string | null }>('/visits', { query: { technician: 'me', state, limit: Math.min(most, 200), cursor } })
    ).data;
    visits.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && visits.length < most);
  return visits;
}

/** Fetches the jobs of today and takes them over; says so when there are new ones. */
async function fetchCurrent(store: FieldDatabase): Promise<void> {
  const { visits, outbox, notes } = store;
  const fetched = await allPages('current', 400);
  const known = new Set(await visits.toCollection().primaryKeys());
  for (const visit of fetched) await keepVisit(store, visit);
  const listed = new Set(fetched.map((visit) => visit.id));
  const gone = (await visits.where('state').equals('current').primaryKeys()).filter((id) => !listed.has(id));
  for (const id of gone) {
    try {
      const { data } = await api.get<Visit>(`/visits/${id}`);
      await keepVisit(store, data);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== 404) throw problem;
      // Somebody else's now. It stays only while steps taken here still speak of it.
      if ((await outbox.where('visitId').equals(id).count()) === 0) await forgetVisits(store, [id]);
    }
  }
  const before = await notes.get(fetchedAtNote);
  const fetchedAt = Date.now();
  await notes.put({ key: fetchedAtNote, value: fetchedAt });
  become({ fetchedAt, reachable: true, problem: null });
  if (before !== undefined) announceJobs(fetched.filter((visit) => !known.has(visit.id) && visit.status === 'scheduled'));
  // What only goes with the jobs comes last: should it fail, they are known and told of all the same.
  await keepForms(store);
  await keepPictures(store);
  await keepAssets(store);
  await guarded(fetchPool);
}

const keptDone = 100;

/** Fetches the latest of what is done and keeps no more than that. */
export async function fetchDone(): Promise<void> {
  await guarded(async (store) => {
    const { visits, outbox } = store;
    const fetched = await allPages('done', keptDone);
    for (const visit of fetched) await keepVisit(store, visit);
    const wanted = new Set(fetched.map((visit) => visit.id));
    for (const command of await outbox.toArray()) wanted.add(command.visitId);
    await forgetVisits(store, await visits.where('state').equals('done').filter((kept) => !wanted.has(kept.id)).primaryKeys());
  });
}

/** Keeps the forms of the jobs of today on the phone, so that they can be filled in without a network, and no others. */
async function keepForms({ visits, notes }: FieldDatabase): Promise<void> {
  const wanted = new Map<string, string>();
  for (const { visit } of await visits.toArray()) {
    if (visit.form) wanted.set(formNote(visit.form.typeId, visit.form.version), `/ticket-types/${visit.form.typeId}/versions/${visit.form.version}`);
  }
  const kept = (await notes.toCollection().primaryKeys()).filter((key) => key.startsWith('form.'));
  await notes.bulkDelete(kept.filter((key) => !wanted.has(key)));
  for (const [key, path] of wanted) {
    // A published version never changes.
    if (!kept.includes(key)) await notes.put({ key, value: (await api.get<FormVersion>(path)).data.form });
  }
}

/** Keeps the small pictures of the jobs of today on the phone, and no others. */
async function keepPictures({ visits, pictures }: FieldDatabase): Promise<void> {
  const wanted = new Map<string, string>();
  for (const { visit } of await visits.where('state').equals('current').toArray()) {
    for (const file of visit.files) if (file.thumbnailUrl !== null) wanted.set(file.id, file.thumbnailUrl);
  }
  const kept = await pictures.toCollection().primaryKeys();
  await pictures.bulkDelete(kept.filter((id) => !wanted.has(id)));
  for (const id of kept) wanted.delete(id);
  for (const [fileId, url] of wanted) {
    const response = await fetch(url, { credentials: 'same-origin' }).catch(() => null);
    // A picture that does not come is shown as a blank tile; the next round asks again.
    if (response === null) return;
    if (response.ok) await pictures.put({ fileId, blob: await response.blob() });
  }
}

const assetHours = 12;

/** Keeps what is known of the assets of the jobs of today on the phone, with their history. */
async function keepAssets({ visits, notes }: FieldDatabase): Promise<void> {
  const codes = new Set((await visits.where('state').equals('current').toArray()).flatMap(({ visit }) => visit.ticket.asset?.code ?? []));
  for (const code of [...codes].slice(0, 40)) {
    const kept = (await notes.get(assetNote(code)))?.value as KeptAsset | undefined;
    if (kept === undefined || kept.at < Date.now() - assetHours * 3_600_000) await findAsset(code).catch((error: unknown) => {
      // Not theirs to see: the job is shown all the same.
      if (asProblem(error).status !== 403) throw error;
    });
  }
}

/** Fetches what was said and written about a ticket. */
export async function fetchTimeline(ticketId: string): Promise<void> {
  await guarded(async ({ timelines }) => {
    const { data } = await api.get<{ items: TimelineEntry[] }>(`/tickets/${ticketId}/timeline`, { query: { limit: 200 } });
    await timelines.put({ ticketId, entries: data.items });
  });
}

/** Fetches one visit anew. */
export async function fetchVisit(visitId: string): Promise<void> {
  await guarded(async (store) => keepVisit(store, (await api.get<Visit>(`/visits/${visitId}`)).data));
}

/** Runs a fetch and draws the conclusions from its failure; nothing is thrown for what the server or network did. */
async function guarded(work: (store: FieldDatabase) => Promise<void>): Promise<void> {
  // Taken once, at the beginning: whoever is signed in when the answer comes may be somebody else.
  const store = database();
  try {
    await work(store);
    if (isInUse(store)) become({ reachable: true });
  } catch (error) {
    // The person signed out meanwhile, and the database is closed: the answer is nobody's.
    if (!isInUse(store)) return;
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 401) endSession();
    else if (error.status === 0) become({ reachable: false });
    else become({ reachable: true, problem: { status: error.status, code: error.code, title: error.title } });
  }
}

const lockName = 'bihuan-field-outbox';

/** Runs the work in at most one tab at a time. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (typeof navigator.locks !== 'object') return work();
  await navigator.locks.request(lockName, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
  });
}

let sending: Promise<void> | null = null;
let sendAgain = false;
let failures = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;

/** Sends what waits. Calls while it runs make it look once more when it is through. */
export function sync(): Promise<void> {
  if (!isOpenToServer()) return Promise.resolve();
  if (sending !== null) {
    sendAgain = true;
    return sending;
  }
  const store = database();
  sending = run(store).catch((error: unknown) => {
    // The person signed out meanwhile, and the database is closed: what was left waits for them.
    if (isInUse(store)) throw error;
  }).finally(() => {
    sending = null;
  });
  return sending;
}

async function run(store: FieldDatabase): Promise<void> {
  clearTimeout(retryTimer);
  do {
    sendAgain = false;
    await alone(async () => {
      if ((await store.outbox.count()) === 0) return;
      become({ sending: true });
      const outcome = await sendWaiting(store, (clockBehind) => become({ clockBehind })).finally(() => become({ sending: false }));
      if (outcome === 'unreachable') become({ reachable: false });
      if (outcome === 'signedOut') endSession();
      failures = outcome === 'empty' ? 0 : failures + 1;
      // iOS has no background sync, and a browser may take the network for up while it is not: so there is a timer.
      if (outcome === 'unreachable' || outcome === 'left') retryTimer = setTimeout(() => void sync(), Math.min(60_000, 2000 * 2 ** failures));
    });
  } while (sendAgain && isInUse(store));
}

let refreshing: Promise<void> | null = null;
let refreshAgain = false;

/** Sends what waits, then fetches the jobs anew. Calls while it runs make it fetch once more: what they heard of may have come after its question. */
export function refresh(): Promise<void> {
  if (refreshing !== null) {
    refreshAgain = true;
    return refreshing;
  }
  refreshing = (async () => {
    do {
      refreshAgain = false;
      await checkSession();
      await sync();
      if (isOpenToServer()) await guarded(fetchCurrent);
    } while (refreshAgain);
  })().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

const pollInterval = 30_000;
/** Milliseconds over which the phones of many who were asked at once ask what it is. */
const longestSpread = 3_000;

/** That something is offered to this person, and to how many in all; or no longer (抢单池变化). */
interface OfferNews { id: string; gone: boolean; people: number }

/** Keeps the phone and the server together while somebody is signed in; returns the function that ends it. */
export function startSync(): () => void {
  failures = 0;
  state = { reachable: navigator.onLine, sending: false, fetchedAt: null, problem: null, clockBehind: 0 };
  void database().notes.get(fetchedAtNote).then((note) => {
    if (note !== undefined && state.fetchedAt === null) become({ fetchedAt: note.value as number });
  });
  void navigator.storage?.persist?.();

  let soon: ReturnType<typeof setTimeout> | undefined;
  const refreshSoon = (): void => {
    clearTimeout(soon);
    // One step of a colleague writes several facts; one fetch answers them all.
    soon = setTimeout(() => void refresh(), 250);
  };
  let poolSoon: ReturnType<typeof setTimeout> | undefined;
  const onOffer = ({ id, gone, people }: OfferNews): void => {
    if (gone) return void forget(id);
    poolSoon ??= setTimeout(() => {
      poolSoon = undefined;
      void guarded(fetchPool);
    }, Math.random() * Math.min(longestSpread, people * 10));
  };
  const unsubscribe = feed.subscribe((event) => {
    if (event.type === 'reset') refreshSoon();
    if (event.type === 'offer') onOffer(event.data as OfferNews);
    const fact = event.data as { kind?: string; ticketId?: string | null } | null;
    const kind = fact?.kind ?? '';
    if (event.type === 'hidden' || kind.startsWith('visit.') || kind.startsWith('ticket.') || kind === 'comment.added') {
      refreshSoon();
      const ticketId = fact?.ticketId;
      if (typeof ticketId === 'string') {
        void database().timelines.get(ticketId).then((kept) => (kept === undefined ? undefined : fetchTimeline(ticketId)));
      }
    }
  });
  const poll = setInterval(() => {
    if (document.visibilityState === 'visible' && (feed.status !== 'live' || !state.reachable)) void refresh();
  }, pollInterval);
  const onOnline = (): void => void refresh();
  const onOffline = (): void => become({ reachable: false });
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') void refresh();
  };
  addEventListener('online', onOnline);
  addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onVisible);
  // What is over is wanted too, for the count of the day.
  void refresh().then(fetchDone);

  return () => {
    unsubscribe();
    clearInterval(poll);
    clearTimeout(soon);
    clearTimeout(poolSoon);
    clearTimeout(retryTimer);
    removeEventListener('online', onOnline);
    removeEventListener('offline', onOffline);
    document.removeEventListener('visibilitychange', onVisible);
  };
}

import { Dexie, type EntityTable, type Table } from 'dexie';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import type { TakeVisitAction, Visit } from '../../../contract/visit.ts';
import type { StepRuleName } from '../../../rules/ticket/field-sync.ts';
import type { Fix } from '../position.ts';
import type { VisitAction, VisitObstacle } from '../../../rules/ticket/visit-lifecycle.ts';

/** A visit (上门服务) as the server last told it. */
export interface KeptVisit {
  id: string;
  /** `current`: still to do; `done`: completed, incomplete, declined or cancelled. */
  state: 'current' | 'done';
  visit: Visit;
}

/** What the server said when it did not take a command. */
export interface KeptProblem {
  status: number;
  code: string;
  title: string;
  /** What was refused in the form of the ticket's type, by field. */
  errors?: { path: string; code: string; message: string }[];
  /** What kind of conflict it is. */
  rule?: StepRuleName;
}

/** A step (待发送的操作) that was taken on this phone and has not been answered by the server. */
export interface Command {
  /** Its place in the order of sending. */
  seq: number;
  visitId: string;
  action: VisitAction;
  /** What is sent, without the files: these get their ids only when they are uploaded. */
  body: TakeVisitAction;
  photoIds: string[];
  signatureId: string | null;
  /** Files of this phone that answers to the form name by the ids they have here. */
  fieldFileIds?: string[];
  /** The strokes of the signature, so that giving the step up does not lose it. */
  strokes?: Strokes | null;
  /** When the step was taken; RFC 3339. */
  at: string;
  /** `refused`: the server said no for good, and somebody has to look at it. */
  state: 'waiting' | 'refused';
  attempts: number;
  problem: KeptProblem | null;
}

/** When something was recorded, RFC 3339, and where the phone was then, if that is known. */
export interface Recorded {
  at: string;
  fix: Fix | null;
}

/** A photo or signature that lives on this phone until a command that carries it has been answered. */
export interface LocalFile {
  id: string;
  visitId: string;
  purpose: 'photo' | 'signature' | 'attachment';
  /** Who is going to see it; `public` when absent. */
  visibility?: 'public' | 'internal';
  blob: Blob;
  name: string;
  /** When and where a film or a word was recorded; into photos it is written. */
  recorded?: Recorded | null;
  /** The server's id once it is uploaded. */
  fileId: string | null;
  /** The Idempotency-Key of its upload; its own id until it had to be sent anew. */
  uploadKey?: string;
  /** Where the pieces of it lie that have been sent already. */
  uploadAddress?: string | null;
  /** Why the server would not take it. */
  problem: KeptProblem | null;
}

export type DraftForm = 'log' | 'complete' | 'decline' | 'obstacle';

/** The strokes of a signature, as the pad gives and takes them, with the width of the pad they were drawn on. */
export interface Strokes {
  width: number;
  groups: unknown[];
}

/** What has been typed into a form of a visit and not been sent (草稿). */
export interface Draft {
  visitId: string;
  form: DraftForm;
  text: string;
  photoIds: string[];
  signedBy: string | null;
  strokes: Strokes | null;
  /** Nobody is there to sign. */
  unsigned: boolean;
  /** What stands in the way, once that is chosen. Drafts of an older version of this app have none. */
  obstacle?: VisitObstacle | null;
  /** What the controls of the type's own fields hold, by key; files by their ids on this phone. */
  fields?: Record<string, unknown>;
  /** What these fields held when they were first touched here. */
  seen?: Record<string, unknown>;
  /** What the next visit needs, a line each. */
  needs?: string;
  /** What was used up, a line each. */
  parts?: string;
  /** How the customer who signed rated the service, from 1 to 5, and what they said of it. */
  rating?: number | null;
  ratingComment?: string;
  /** What the server refused of them, by path. */
  refused?: Record<string, string>;
  /** Names of people and things that were chosen, by id. */
  names?: Record<string, string>;
}

/** What was said and written about a ticket, kept for reading without a network. */
export interface KeptTimeline {
  ticketId: string;
  entries: TimelineEntry[];
}

/** A small picture of a file of the server, kept for looking at without a network. */
export interface KeptPicture {
  fileId: string;
  blob: Blob;
}

interface Note {
  key: string;
  value: unknown;
}

/** The note under which a version of a type's form is kept. */
export const formNote = (typeId: string, version: number): string => `form.${typeId}.${version}`;

/** The note under which an asset is kept, by its code. */
export const assetNote = (code: string): string => `asset.${code}`;

/** The note that says which device this is to the server. */
export const deviceNote = 'deviceId';

/** The note under which a ticket's own fields are kept. */
export const ownFieldsNote = (ticketId: string): string => `fields.${ticketId}`;

export type FieldDatabase = Dexie & {
  visits: EntityTable<KeptVisit, 'id'>;
  outbox: EntityTable<Command, 'seq'>;
  files: EntityTable<LocalFile, 'id'>;
  drafts: Table<Draft, [string, DraftForm]>;
  timelines: EntityTable<KeptTimeline, 'ticketId'>;
  pictures: EntityTable<KeptPicture, 'fileId'>;
  notes: EntityTable<Note, 'key'>;
};

const databaseName = (staffId: string): string => `bihuan-field-${staffId}`;

function create(staffId: string): FieldDatabase {
  const database = new Dexie(databaseName(staffId)) as FieldDatabase;
  database.version(1).stores({
    visits: 'id, state',
    outbox: '++seq, visitId',
    files: 'id, visitId',
    drafts: '[visitId+form]',
    timelines: 'ticketId',
    pictures: 'fileId',
    notes: 'key',
  });
  return database;
}

let open: { staffId: string; database: FieldDatabase } | null = null;

/**
 * The database of the person who uses the phone (本机数据). Everyone has one of their own: what one person left
 * unsent waits there, unseen by the next, until they sign in again.
 */
export function openDatabase(staffId: string): FieldDatabase {
  if (open?.staffId !== staffId) {
    open?.database.close();
    open = { staffId, database: create(staffId) };
  }
  return open.database;
}

/** The database in use. Fails when nobody has signed in: screens behind the sign-in only. */
export function database(): FieldDatabase {
  if (open === null) throw new Error('The database was asked for before anyone signed in.');
  return open.database;
}

/** Whether this is still the database in use: answers that come late may belong to somebody who has signed out. */
export const isInUse = (store: FieldDatabase): boolean => open?.database === store;

export function closeDatabase(): void {
  open?.database.close();
  open = null;
}

/** Whether somebody has written, photographed or signed anything in a draft. */
export const holdsSomething = ({ text, photoIds, strokes, fields = {}, needs = '', parts = '' }: Draft): boolean =>
  [text, needs, parts].some((words) => words.trim() !== '') || photoIds.length > 0 || strokes !== null || Object.keys(fields).length > 0;

/** How many steps and drafts have not been sent (未发送数量). */
export async function countUnsent({ outbox, drafts }: FieldDatabase): Promise<number> {
  return (await outbox.count()) + (await drafts.filter(holdsSomething).count());
}

/**
 * Removes what this phone keeps for a person except what was not sent (清除本机数据): steps and drafts with their files, and their visits without
 * anything of the customer. Closes the database first, so that no answer that comes late is written.
 */
export async function clearDatabase(staffId: string): Promise<void> {
  if (open?.staffId === staffId) closeDatabase();
  const store = create(staffId);
  try {
    if ((await countUnsent(store)) === 0) return await Dexie.delete(databaseName(staffId));
    const { visits, outbox, files, drafts, timelines, pictures, notes } = store;
    await store.transaction('rw', [visits, outbox, files, drafts, timelines, pictures, notes], async () => {
      await Promise.all([timelines.clear(), pictures.clear(), notes.where('key').notEqual(deviceNote).delete(), drafts.filter((draft) => !holdsSomething(draft)).delete()]);
      const kept = new Set([...await outbox.toArray(), ...await drafts.toArray()].map(({ visitId }) => visitId));
      await visits.filter(({ id }) => !kept.has(id)).delete();
      await files.filter(({ visitId }) => !kept.has(visitId)).delete();
      await visits.toCollection().modify((one) => {
        one.visit = withoutCustomer(one.visit);
      });
    });
  } finally {
    store.close();
  }
}

const withoutCustomer = (visit: Visit): Visit => ({
  ...visit, note: null, location: null, files: [], form: null, ticket: { ...visit.ticket, description: '', requesterName: null, requesterPhone: null, asset: null },
});

/** Removes visits with what is kept of their tickets, where no other visit speaks of these. */
export async function forgetVisits({ visits, timelines, notes }: FieldDatabase, ids: readonly string[]): Promise<void> {
  const gone = (await visits.bulkGet([...ids])).flatMap((one) => one?.visit.ticket.id ?? []);
  await visits.bulkDelete([...ids]);
  const left = new Set((await visits.toArray()).map(({ visit }) => visit.ticket.id));
  const forgotten = gone.filter((id) => !left.has(id));
  await timelines.bulkDelete(forgotten);
  await notes.bulkDelete(forgotten.map(ownFieldsNote));
}

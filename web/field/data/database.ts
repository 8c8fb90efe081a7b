import { Dexie, type EntityTable, type Table } from 'dexie';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import type { TakeVisitAction, Visit } from '../../../contract/visit.ts';
import type { StepRuleName } from '../../../rules/ticket/field-sync.ts';
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
  /** The Idempotency-Key of every attempt to send it. */
  key: string;
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

/** A photo or signature that lives on this phone until a command that carries it has been answered. */
export interface LocalFile {
  id: string;
  visitId: string;
  purpose: 'photo' | 'signature' | 'attachment';
  /** Who is going to see it; `public` when absent. */
  visibility?: 'public' | 'internal';
  blob: Blob;
  name: string;
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

export function closeDatabase(): void {
  open?.database.close();
  open = null;
}

/** Removes everything this phone keeps for a person. */
export async function deleteDatabase(staffId: string): Promise<void> {
  if (open?.staffId === staffId) closeDatabase();
  await Dexie.delete(databaseName(staffId));
}

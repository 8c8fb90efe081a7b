import { fieldLimits, type SyncCommands, type SyncResults } from '../../../contract/field.ts';
import type { FileSummary } from '../../../contract/file.ts';
import type { TakeVisitAction, Visit } from '../../../contract/visit.ts';
import type { StepRuleName } from '../../../rules/ticket/field-sync.ts';
import { isVisitOver, type VisitAction } from '../../../rules/ticket/visit-lifecycle.ts';
import { api, ApiProblem, asProblem, newIdempotencyKey } from '../../ui/api.ts';
import { sendInPieces, worthPieces } from '../../ui/resumable.ts';
import { plainPath } from '../../ui/form/held.ts';
import { database, deviceNote, ownFieldsNote, type Command, type FieldDatabase, type DraftForm, type KeptProblem, type LocalFile, type Strokes } from './database.ts';
import { judge } from '../../ui/judge.ts';
import { judgeStep, project, type StepVerdict } from '../jobs.ts';

/** How far the file with this id has been uploaded, 0 to 1; absent when no upload runs. */
const progress = new Map<string, number>();
const progressListeners = new Set<() => void>();

export function uploadProgress(fileId: string): number | undefined {
  return progress.get(fileId);
}

export function onUploadProgress(listener: () => void): () => void {
  progressListeners.add(listener);
  return () => {
    progressListeners.delete(listener);
  };
}

function report(fileId: string, share: number | null): void {
  if (share === null) progress.delete(fileId);
  else progress.set(fileId, share);
  for (const listener of progressListeners) listener();
}

const keep = ({ status, code, title, errors, extensions }: ApiProblem): KeptProblem => ({
  status, code, title, ...(errors.length === 0 ? {} : { errors }), ...(typeof extensions['rule'] === 'string' ? { rule: extensions['rule'] as StepRuleName } : {}),
});

const uploads = new Map<string, Promise<string>>();

let wake: () => void = () => {};
/** Settles when a step is taken or put back into the queue. */
const nextStep = (): Promise<void> => new Promise((resolve) => {
  wake = resolve;
});

/**
 * Uploads a file of this phone unless it is up already, and remembers the server's id. Callers that ask at the
 * same time share one transfer.
 *
 * @returns the server's id
 * @throws ApiProblem
 */
export function upload(localId: string): Promise<string> {
  const running = uploads.get(localId);
  if (running !== undefined) return running;
  const transfer = transferFile(localId).finally(() => {
    uploads.delete(localId);
    report(localId, null);
  });
  uploads.set(localId, transfer);
  return transfer;
}

async function transferFile(localId: string): Promise<string> {
  const { files } = database();
  const file = await files.get(localId);
  if (file === undefined) throw asProblem(new Error('A file of this phone is gone.'));
  if (file.fileId !== null) return file.fileId;
  const onProgress = (share: number): void => report(localId, share);
  onProgress(0);
  const fields = { purpose: file.purpose, visibility: file.visibility ?? 'public' };
  try {
    const uploaded: Pick<FileSummary, 'id'> = file.blob.size < worthPieces
      ? await api.upload<FileSummary>(file.blob, { name: file.name, fields, idempotencyKey: file.uploadKey ?? file.id, onProgress })
      : await sendInPieces(file.blob, {
        name: file.name, fields, key: file.uploadKey ?? file.id, address: file.uploadAddress ?? null,
        onAddress: async (uploadAddress) => void await files.update(localId, { uploadAddress, ...(uploadAddress === null ? { uploadKey: newIdempotencyKey() } : {}) }),
        onProgress,
      });
    await files.update(localId, { fileId: uploaded.id, problem: null });
    return uploaded.id;
  } catch (error) {
    const problem = asProblem(error);
    if (judge(problem) === 'refused') await files.update(localId, { problem: keep(problem) });
    throw problem;
  }
}

/** What a step brings along. */
export interface StepInput {
  body?: TakeVisitAction;
  photoIds?: string[];
  signature?: LocalFile;
  strokes?: Strokes | null;
  /** Files of this phone that belong to answers in `body.fields`. */
  fieldFileIds?: string[];
  /** The form whose draft this was: it is emptied in the same transaction. */
  form?: DraftForm;
}

/**
 * Takes a step (记录操作): it is safe on this phone when this returns `open`, whatever the network does. One that is not
 * open any more, with the steps that wait counted in, is not taken, and nothing is written: the answer says why.
 */
export async function takeStep(visitId: string, action: VisitAction, input: StepInput = {}): Promise<StepVerdict> {
  const { visits, outbox, files, drafts } = database();
  const at = new Date().toISOString();
  const verdict = await database().transaction('rw', visits, outbox, files, drafts, async () => {
    const known = await visits.get(visitId);
    const verdict = known === undefined ? 'notOpen' : judgeStep(project(known.visit, await outbox.orderBy('seq').toArray()), action);
    if (verdict !== 'open') return verdict;
    if (input.signature !== undefined) await files.put(input.signature);
    const recorded = (await files.bulkGet(input.photoIds ?? [])).flatMap((file) => {
      if (file?.recorded == null) return [];
      const { at: moment, fix } = file.recorded;
      return [{ fileId: file.id, at: moment, ...(fix === null ? {} : { location: { lat: fix.lat, lng: fix.lng }, accuracy: Math.min(fix.accuracy, 100_000) }) }];
    });
    await outbox.add({
      visitId,
      action,
      body: { ...input.body, ...(recorded.length === 0 ? {} : { recorded }), occurredAt: at, stepId: newIdempotencyKey() },
      photoIds: input.photoIds ?? [],
      signatureId: input.signature?.id ?? null,
      fieldFileIds: input.fieldFileIds ?? [],
      strokes: input.strokes ?? null,
      at,
      state: 'waiting',
      attempts: 0,
      problem: null,
    });
    if (input.form !== undefined) await drafts.delete([visitId, input.form]);
    return verdict;
  });
  if (verdict === 'open') wake();
  return verdict;
}

/** Puts a refused step back into the queue. */
export async function retryStep(command: Command): Promise<void> {
  const { outbox, files, notes } = database();
  await files.where('id').anyOf(filesOf(command)).modify({ problem: null });
  // Somewhere else the numbers of this phone are given out, too: under another name it counts for itself.
  if (command.problem?.rule === 'number_reused') await notes.put({ key: deviceNote, value: newIdempotencyKey() });
  await outbox.update(command.seq, { state: 'waiting', problem: null, attempts: 0 });
  wake();
}

/** The form in which a step was written, where it has one. */
const formOf: Partial<Record<VisitAction, DraftForm>> = { log_work: 'log', complete: 'complete', report_obstacle: 'obstacle', decline: 'decline' };

/** Gives a step up. What was written for it goes back into the form's draft, photos and signer included. */
export async function discardStep(command: Command): Promise<void> {
  const { outbox, drafts, files } = database();
  await database().transaction('rw', outbox, drafts, files, async () => {
    await outbox.delete(command.seq);
    const form = formOf[command.action];
    if (form !== undefined && (await drafts.get([command.visitId, form])) === undefined) {
      await drafts.put({
        visitId: command.visitId,
        form,
        needs: command.body.needs?.join('\n') ?? '',
        parts: command.body.parts?.join('\n') ?? '',
        rating: command.body.rating ?? null,
        ratingComment: command.body.ratingComment ?? '',
        seen: command.body.seen ?? {},
        text: command.body.workSummary ?? command.body.note ?? command.body.reason ?? '',
        photoIds: command.photoIds,
        signedBy: command.body.signedBy ?? null,
        strokes: command.strokes ?? null,
        unsigned: command.action === 'complete' && command.signatureId === null,
        obstacle: command.body.obstacle ?? null,
        fields: command.body.fields ?? {},
        refused: refusedFields(command),
      });
      if (command.signatureId !== null) await files.delete(command.signatureId);
    } else {
      await files.bulkDelete(filesOf(command));
    }
  });
}

/** What the server said of single fields, by path. */
function refusedFields({ problem }: Command): Record<string, string> {
  return Object.fromEntries((problem?.errors ?? []).flatMap(({ path, message }) => (path.startsWith('/fields/') ? [[plainPath(path.slice('/fields'.length)), message]] : [])));
}

function filesOf(command: Command): string[] {
  return [...command.photoIds, ...(command.fieldFileIds ?? []), ...(command.signatureId === null ? [] : [command.signatureId])];
}

/** Whether the server does not know a file that the step brings along. */
function lacksFile({ code, errors = [] }: { code: string; errors?: readonly { path: string; code: string }[] }): boolean {
  return code === 'unknown_reference' || (code === 'invalid_input' && errors.some((error) => error.code === 'reference' && error.path.startsWith('/fields/')));
}

/** As many steps go out at once as the server takes. */
const mostAtOnce = fieldLimits.commands;

type Sent = SyncCommands['commands'][number];

/** A step as it is sent, with the server's ids of its files; null while one of these is not up. */
function readyToSend(command: Command, fileIds: ReadonlyMap<string, string>): Sent | null {
  if (filesOf(command).some((id) => !fileIds.has(id))) return null;
  const idOf = (id: string): string => fileIds.get(id)!;
  const body: TakeVisitAction = { ...command.body };
  if (command.photoIds.length > 0) body.attachments = command.photoIds.map(idOf);
  if (command.signatureId !== null) body.signatureFileId = idOf(command.signatureId);
  if (command.body.fields !== undefined) body.fields = withFiles(command.body.fields, command.fieldFileIds ?? [], idOf);
  if (command.body.recorded !== undefined) body.recorded = command.body.recorded.map((one) => ({ ...one, fileId: idOf(one.fileId) }));
  return { sequence: command.seq, visitId: command.visitId, action: command.action, body };
}

/** Under which name this phone counts its steps, for whoever is signed in. */
async function deviceId({ notes }: FieldDatabase): Promise<string> {
  const kept = (await notes.get(deviceNote))?.value;
  if (typeof kept === 'string') return kept;
  const made = newIdempotencyKey();
  await notes.put({ key: deviceNote, value: made });
  return made;
}

/** Answers with the server's ids in place of those that files have on this phone. */
function withFiles(fields: Record<string, unknown>, fileIds: readonly string[], idOf: (id: string) => string): Record<string, unknown> {
  const sent = (value: unknown): unknown => (typeof value === 'string' && fileIds.includes(value) ? idOf(value) : value);
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, Array.isArray(value) ? value.map(sent) : sent(value)]));
}

/** Keeps the server's word on a visit, unless a later one is known already. */
export async function keepVisit(store: FieldDatabase, visit: Visit): Promise<void> {
  const { visits, timelines, notes } = store;
  await store.transaction('rw', visits, timelines, notes, async () => {
    // What may not be read any more does not stay on the phone either.
    if (visit.ticket.withheld) {
      await timelines.delete(visit.ticket.id);
      await notes.delete(ownFieldsNote(visit.ticket.id));
    }
    const known = await visits.get(visit.id);
    if (known !== undefined && known.visit.version > visit.version) return;
    await visits.put({ id: visit.id, state: isVisitOver(visit.status) ? 'done' : 'current', visit });
  });
}

/** How a round of sending ended; `unreachable` and `signedOut`: the network or the session stopped it. */
export type FlushOutcome = 'empty' | 'left' | 'unreachable' | 'signedOut';

/**
 * Sends what waits (发送待同步的操作), each visit's steps strictly in order: first whatever needs no file any more, many at once and of all visits, then the
 * files, the smallest first. A film that does not get through holds nobody up but its own visit. A step the server refuses stays, and so does what follows it
 * on the same visit.
 *
 * @param onClock told by how many seconds the clock of this phone is behind, below zero ahead
 */
export async function sendWaiting(store: FieldDatabase, onClock: (behind: number) => void): Promise<FlushOutcome> {
  const { outbox, files } = store;
  const round: Round = { held: new Set(), renewed: new Set(), transfers: new Map(), lost: false };
  for (;;) {
    // Before it is looked what there is, so that nothing that comes meanwhile is missed.
    const added = nextStep();
    const commands = await outbox.orderBy('seq').toArray();
    const fileIds = new Map((await files.toArray()).flatMap(({ id, fileId }) => (fileId === null ? [] : [[id, fileId] as const])));
    const { ready, lacking } = sortOut(commands, fileIds, round.held);
    if (ready.length > 0) {
      const stop = await sendBatch(store, ready.slice(0, mostAtOnce), commands, round, onClock);
      if (stop !== null) return stop;
      continue;
    }
    const next = await smallest(store, lacking);
    if (next === undefined) break;
    const transfer = round.transfers.get(next.seq) ?? sendFiles(store, next, round).finally(() => round.transfers.delete(next.seq));
    round.transfers.set(next.seq, transfer);
    transfer.catch(() => {});
    // What is taken while a film goes out does not wait for it.
    const stop = await Promise.race([transfer, added.then(() => null)]);
    if (stop !== null) return stop;
  }
  if (round.lost) return 'unreachable';
  return (await outbox.where('seq').above(0).filter((command) => command.state === 'waiting').count()) > 0 ? 'left' : 'empty';
}

interface Round {
  /** Visits of which nothing more is sent in this round. */
  held: Set<string>;
  /** Steps whose files went out anew already. */
  renewed: Set<number>;
  /** Files on their way, by their steps. */
  transfers: Map<number, Promise<FlushOutcome | null>>;
  /** Whether the network was gone at the last attempt. */
  lost: boolean;
}

/** What can be sent now, in the order of the steps, and the first step of each other visit, whose files have to go first. */
function sortOut(commands: readonly Command[], fileIds: ReadonlyMap<string, string>, held: ReadonlySet<string>): { ready: { command: Command; sent: Sent }[]; lacking: Command[] } {
  const closed = new Set(held);
  const ready: { command: Command; sent: Sent }[] = [];
  const lacking: Command[] = [];
  for (const command of commands) {
    if (closed.has(command.visitId)) continue;
    const sent = command.state === 'refused' ? null : readyToSend(command, fileIds);
    if (sent !== null) {
      ready.push({ command, sent });
      continue;
    }
    closed.add(command.visitId);
    if (command.state !== 'refused') lacking.push(command);
  }
  return { ready, lacking };
}

async function smallest({ files }: FieldDatabase, commands: readonly Command[]): Promise<Command | undefined> {
  const sized = await Promise.all(commands.map(async (command) => {
    const missing = (await files.bulkGet(filesOf(command))).filter((file) => file?.fileId === null);
    // One that is on its way already goes on.
    return { command, bytes: missing.some((file) => file !== undefined && uploads.has(file.id)) ? -1 : missing.reduce((sum, file) => sum + (file?.blob.size ?? 0), 0) };
  }));
  return sized.sort((a, b) => a.bytes - b.bytes)[0]?.command;
}

/** Sends the files of a step; what stops the whole round, or null. */
async function sendFiles(store: FieldDatabase, command: Command, round: Round): Promise<FlushOutcome | null> {
  try {
    // One after the other: a basement's network carries one at a time.
    for (const id of filesOf(command)) await upload(id);
    round.lost = false;
    return null;
  } catch (error) {
    return await failed(store, [command], asProblem(error), round);
  }
}

async function sendBatch(store: FieldDatabase, batch: readonly { command: Command; sent: Sent }[], all: readonly Command[], round: Round, onClock: (behind: number) => void): Promise<FlushOutcome | null> {
  const { outbox, files } = store;
  const commands = batch.map(({ command, sent }) => ({ ...sent, previous: all.findLast(({ seq, visitId }) => visitId === command.visitId && seq < command.seq)?.seq ?? null }));
  let answer: SyncResults;
  try {
    answer = (await api.post<SyncResults>('/field/sync', { deviceId: await deviceId(store), sentAt: new Date().toISOString(), commands }, { idempotencyKey: newIdempotencyKey() })).data;
  } catch (error) {
    const problem = asProblem(error);
    if (judge(problem) !== 'refused' || batch.length === 1) {
      const stop = await failed(store, batch.map(({ command }) => command), problem, round);
      return stop ?? (round.lost ? 'unreachable' : null);
    }
    // One of them cannot be read; alone, it is found out which.
    for (const one of batch) {
      if (round.held.has(one.command.visitId)) continue;
      const stop = await sendBatch(store, [one], await outbox.orderBy('seq').toArray(), round, onClock);
      if (stop !== null) return stop;
    }
    return null;
  }
  round.lost = false;
  onClock(answer.clockBehindSeconds);
  for (const { command } of batch) {
    const result = answer.results.find(({ sequence }) => sequence === command.seq);
    if (result?.outcome === 'applied' || result?.outcome === 'already_applied') {
      // First the result, then the step: between the two the screen shows the step done, never undone.
      if (result.visit !== null) await keepVisit(store, result.visit);
      await outbox.delete(command.seq);
      await files.bulkDelete(filesOf(command));
      continue;
    }
    const problem = result?.problem ?? null;
    if (result?.outcome === 'refused' && problem !== null && lacksFile(problem) && filesOf(command).length > 0 && !round.renewed.has(command.seq)) {
      // The server keeps a file that hangs on nothing for a day; after longer without a network they go out once more, and what follows waits for them.
      round.renewed.add(command.seq);
      await files.where('id').anyOf(filesOf(command)).modify((file) => {
        file.fileId = null;
        // Under the old key the answer would name the file that is gone.
        file.uploadKey = newIdempotencyKey();
        file.uploadAddress = null;
      });
      continue;
    }
    // Behind one that was refused, or waits for its files: that one says why.
    if (result?.outcome === 'held' && problem === null) continue;
    const refusal = result?.outcome === 'refused' || (problem?.status ?? 0) >= 500 ? problem : null;
    // What comes too early goes out with the next round.
    await failed(store, [command], new ApiProblem(refusal === null ? { status: 503, code: 'held', title: '' } : { ...refusal, extensions: { rule: refusal.rule } }), round);
  }
  return null;
}

/** Writes down that steps did not get through; what stops the whole round, or null. Nothing more of their visits is sent in it. */
async function failed({ outbox }: FieldDatabase, commands: readonly Command[], problem: ApiProblem, round: Round): Promise<FlushOutcome | null> {
  const verdict = judge(problem);
  for (const { seq, visitId, attempts } of commands) {
    await outbox.update(seq, {
      attempts: attempts + 1,
      problem: verdict === 'refused' || problem.status >= 500 ? keep(problem) : null,
      state: verdict === 'refused' ? 'refused' : 'waiting',
    });
    round.held.add(visitId);
  }
  if (verdict === 'unreachable') round.lost = true;
  return verdict === 'signIn' ? 'signedOut' : null;
}

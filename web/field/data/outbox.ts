import type { SyncResults } from '../../../contract/field.ts';
import type { FileSummary } from '../../../contract/file.ts';
import type { TakeVisitAction, Visit } from '../../../contract/visit.ts';
import type { StepRuleName } from '../../../rules/ticket/field-sync.ts';
import { isVisitOver, type VisitAction } from '../../../rules/ticket/visit-lifecycle.ts';
import { api, ApiProblem, asProblem, newIdempotencyKey } from '../../ui/api.ts';
import { sendInPieces, worthPieces } from '../../ui/resumable.ts';
import { plainPath } from '../../ui/form/held.ts';
import { database, deviceNote, ownFieldsNote, type Command, type DraftForm, type KeptProblem, type LocalFile, type Strokes } from './database.ts';
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
  return database().transaction('rw', visits, outbox, files, drafts, async () => {
    const known = await visits.get(visitId);
    const verdict = known === undefined ? 'notOpen' : judgeStep(project(known.visit, await outbox.orderBy('seq').toArray()), action);
    if (verdict !== 'open') return verdict;
    if (input.signature !== undefined) await files.put(input.signature);
    await outbox.add({
      key: newIdempotencyKey(),
      visitId,
      action,
      body: { ...input.body, occurredAt: at, stepId: newIdempotencyKey() },
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
}

/** Puts a refused step back into the queue. */
export async function retryStep(command: Command): Promise<void> {
  const { outbox, files, notes } = database();
  await files.where('id').anyOf(filesOf(command)).modify({ problem: null });
  // Somewhere else the numbers of this phone are given out, too: under another name it counts for itself.
  if (command.problem?.rule === 'number_reused') await notes.put({ key: deviceNote, value: newIdempotencyKey() });
  // A refusal may be kept as the answer to its key, so a new attempt takes a new one. What was not answered keeps
  // its key: it may have arrived.
  const key = command.state === 'refused' ? newIdempotencyKey() : command.key;
  await outbox.update(command.seq, { state: 'waiting', problem: null, attempts: 0, key });
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
function lacksFile({ code, errors }: ApiProblem): boolean {
  return code === 'unknown_reference' || (code === 'invalid_input' && errors.some((error) => error.code === 'reference' && error.path.startsWith('/fields/')));
}

/**
 * Sends a step with its files. The server keeps a file that hangs on nothing for a day: when the phone was without a
 * network for longer, it knows the file no more, and it goes out once more.
 */
async function send(command: Command): Promise<Visit | null> {
  try {
    return await sendOnce(command);
  } catch (error) {
    const files = filesOf(command);
    if (!lacksFile(asProblem(error)) || files.length === 0) throw error;
    await database().files.where('id').anyOf(files).modify((file) => {
      file.fileId = null;
      // Under the old key the answer would name the file that is gone.
      file.uploadKey = newIdempotencyKey();
      file.uploadAddress = null;
    });
    const key = newIdempotencyKey();
    await database().outbox.update(command.seq, { key });
    return sendOnce({ ...command, key });
  }
}

async function sendOnce(command: Command): Promise<Visit | null> {
  const attachments: string[] = [];
  for (const photoId of command.photoIds) attachments.push(await upload(photoId));
  const body: TakeVisitAction = { ...command.body };
  if (attachments.length > 0) body.attachments = attachments;
  if (command.signatureId !== null) body.signatureFileId = await upload(command.signatureId);
  if (command.body.fields !== undefined) body.fields = await withFiles(command.body.fields, command.fieldFileIds ?? []);
  const { data } = await api.post<SyncResults>('/field/sync', { deviceId: await deviceId(), commands: [{ sequence: command.seq, visitId: command.visitId, action: command.action, body }] }, { idempotencyKey: command.key });
  const [result] = data.results;
  if (result?.outcome === 'applied' || result?.outcome === 'already_applied') return result.visit;
  const { problem } = result ?? { problem: null };
  // What is held goes out with the next round.
  throw new ApiProblem(problem === null ? { status: 503, code: 'held', title: '' } : { ...problem, extensions: { rule: problem.rule } });
}

/** Under which name this phone counts its steps, for whoever is signed in. */
async function deviceId(): Promise<string> {
  const { notes } = database();
  const kept = (await notes.get(deviceNote))?.value;
  if (typeof kept === 'string') return kept;
  const made = newIdempotencyKey();
  await notes.put({ key: deviceNote, value: made });
  return made;
}

/** Answers with the server's ids in place of those that files have on this phone. */
async function withFiles(fields: Record<string, unknown>, fileIds: readonly string[]): Promise<Record<string, unknown>> {
  const local = new Set(fileIds);
  const sent = async (value: unknown): Promise<unknown> => (typeof value === 'string' && local.has(value) ? upload(value) : value);
  const answers: [string, unknown][] = [];
  // One after the other: a basement's network carries one at a time.
  for (const [key, value] of Object.entries(fields)) {
    if (!Array.isArray(value)) {
      answers.push([key, await sent(value)]);
      continue;
    }
    const list: unknown[] = [];
    for (const one of value) list.push(await sent(one));
    answers.push([key, list]);
  }
  return Object.fromEntries(answers);
}

/** Keeps the server's word on a visit, unless a later one is known already. */
export async function keepVisit(visit: Visit): Promise<void> {
  const { visits, timelines, notes } = database();
  await database().transaction('rw', visits, timelines, notes, async () => {
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

/** How a round of sending ended; `blocked`: the network or the session stopped it. */
export type FlushOutcome = 'empty' | 'left' | 'unreachable' | 'signedOut';

/**
 * Sends what waits (发送待同步的操作), oldest first and each visit's steps strictly in order. A step the server
 * refuses stays, and so does what follows it on the same visit; other visits go on.
 */
export async function sendWaiting(): Promise<FlushOutcome> {
  const { outbox, files } = database();
  const held = new Set<string>();
  for (const command of await outbox.orderBy('seq').toArray()) {
    if (held.has(command.visitId)) continue;
    if (command.state === 'refused') {
      held.add(command.visitId);
      continue;
    }
    try {
      const visit = await send(command);
      // First the result, then the step: between the two the screen shows the step done, never undone.
      if (visit !== null) await keepVisit(visit);
      await outbox.delete(command.seq);
      await files.bulkDelete(filesOf(command));
    } catch (error) {
      const problem = asProblem(error);
      const verdict = judge(problem);
      await outbox.update(command.seq, {
        attempts: command.attempts + 1,
        problem: verdict === 'refused' || problem.status >= 500 ? keep(problem) : null,
        state: verdict === 'refused' ? 'refused' : 'waiting',
      });
      if (verdict === 'signIn') return 'signedOut';
      if (verdict === 'unreachable') return 'unreachable';
      held.add(command.visitId);
    }
  }
  return (await outbox.where('seq').above(0).filter((command) => command.state === 'waiting').count()) > 0 ? 'left' : 'empty';
}

import { buffer } from 'node:stream/consumers';
import { SpeechFailure } from '../../connectors/speech/service.ts';
import { transcribe } from '../../connectors/speech/transcribe.ts';
import { outsideTools } from '../../channels/notice-channel.ts';
import { ariAuthorization, originate } from '../../channels/phone/ari.ts';
import { systemActor, type Context, type Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { isFinal, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { receiveBytes } from '../../platform/files/receive-bytes.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { toldOf } from '../../records/call/link-call.ts';
import { announceCall, lockCall, putCall, wordsOf, type CallRow } from '../../records/call/rows.ts';
import { hasSpeech, openSpeech } from '../../records/call/speech-setting.ts';
import { findChannels, openChannel, secretsOf } from '../../records/channel/accounts.ts';
import { fileById } from '../../records/file/queries.ts';
import { keepFile, storeFile, type KeptFile } from '../../records/file/store-file.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import { ownContext } from './own-context.ts';

const batch = 2;
const pollMilliseconds = 1_000;
const farewellMilliseconds = 5_000;
const largestRecording = 100_000_000;
const fetchMilliseconds = 120_000;
const latestDialMilliseconds = 60_000;
const pauses = [5, 30, 120, 600, 1_800, 3_600];
const mostAttempts = 12;

// Of whoever has not said anything by the end of the lease it is known that they have died: it is longer than the work may take.
const claim = statement<CallRow>('call.claim_work', `
  UPDATE call c SET attempts = attempts + 1, due_at = $1::timestamptz + interval '1 second' * CASE $3 WHEN 'dial' THEN 30 WHEN 'fetch' THEN 180
    ELSE 60 + coalesce((SELECT s.timeout_seconds FROM speech_setting s WHERE s.tenant_id = c.tenant_id), 300) END
  FROM (SELECT tenant_id, id FROM call WHERE due_at <= $1 AND CASE WHEN dial_state = 'waiting' THEN 'dial' WHEN recording_state = 'waiting' THEN 'fetch' WHEN transcript_state = 'waiting' THEN 'words' END = $3 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE c.tenant_id = due.tenant_id AND c.id = due.id RETURNING c.*`);
// Each only where it is still waited for, and a failure only of the attempt that is the last: what came meanwhile stands.
const keepRecording = statement<{ id: string }>('call.keep_recording', `
  UPDATE call SET recording_state = 'kept', recording_file_id = $3, recording_url = NULL, recording_failure = NULL, transcript_state = $4, due_at = $5, attempts = 0, version = version + 1
  WHERE tenant_id = $1 AND id = $2 AND recording_state = 'waiting' RETURNING id`);
const keepTranscript = statement<{ id: string }>('call.keep_transcript', `
  UPDATE call SET transcript_state = 'done', transcript = $3, transcript_text = $4, transcript_failure = NULL, due_at = NULL, attempts = 0, version = version + 1
  WHERE tenant_id = $1 AND id = $2 AND transcript_state = 'waiting' RETURNING id`);
const noteFailure = statement<never>('call.note_dial_failure', 'UPDATE call SET recording_failure = $3 WHERE tenant_id = $1 AND id = $2');
const postponeRecording = statement<never>('call.postpone_recording', "UPDATE call SET due_at = $5, recording_failure = $3 WHERE tenant_id = $1 AND id = $2 AND recording_state = 'waiting' AND attempts = $4");
const postponeTranscript = statement<never>('call.postpone_transcript', "UPDATE call SET due_at = $5, transcript_failure = $3 WHERE tenant_id = $1 AND id = $2 AND transcript_state = 'waiting' AND attempts = $4");
const loseRecording = statement<{ id: string }>('call.lose_recording', `
  UPDATE call SET recording_state = 'lost', recording_failure = $3, recording_url = NULL, due_at = NULL, attempts = 0, version = version + 1
  WHERE tenant_id = $1 AND id = $2 AND recording_state = 'waiting' AND attempts = $4 RETURNING id`);
const loseTranscript = statement<{ id: string }>('call.lose_transcript', `
  UPDATE call SET transcript_state = 'failed', transcript_failure = $3, due_at = NULL, attempts = 0, version = version + 1
  WHERE tenant_id = $1 AND id = $2 AND transcript_state = 'waiting' AND attempts = $4 RETURNING id`);
const letBe = statement<never>('call.nothing_waits', `
  UPDATE call SET due_at = NULL WHERE tenant_id = $1 AND id = $2 AND recording_state <> 'waiting' AND transcript_state <> 'waiting' AND dial_state IS DISTINCT FROM 'waiting'`);

/** What is done beside each other: nobody who calls waits for a recording, and no recording for another one's words. */
const lanes = ['dial', 'fetch', 'words'] as const;
type Lane = (typeof lanes)[number];

let wake = (): void => {};

/** Wakes whoever fetches recordings and has them written down. */
export const announceCallWork = (): void => wake();

/** Why nothing came of an attempt, and whether another may. */
class WorkFailure extends Error {
  readonly final: boolean;
  constructor(message: string, final: boolean) {
    super(message.slice(0, 300));
    this.final = final;
  }
}

/**
 * Fetches recordings of calls, then has them written down (录音下载与转写): each in its own time, tried again for hours, and neither of them is waited for
 * by anybody.
 *
 * @returns how many there were
 */
export async function doCallWork(services: Services): Promise<number> {
  return (await Promise.all(lanes.map((lane) => doLane(services, lane)))).reduce((sum, count) => sum + count, 0);
}

async function doLane(services: Services, lane: Lane): Promise<number> {
  const due = await services.database.transact(everyTenant, (transaction) => transaction.query(claim, [services.clock.now(), batch, lane]));
  await Promise.all(due.map(async (call) => {
    if (lane === 'dial') return dial(services, call).catch((error: unknown) => services.log.error({ error, tenantId: call.tenant_id, call: call.id }, 'a call that was asked for could not be settled'));
    const fetches = lane === 'fetch';
    try {
      await (fetches ? fetchRecording(services, call) : writeDown(services, call));
    } catch (error) {
      const known = error instanceof WorkFailure || error instanceof SpeechFailure || error instanceof Refusal || error instanceof OutsideFailure;
      if (!known) services.log.error({ error, tenantId: call.tenant_id, call: call.id }, 'a recording could not be worked on; it will be tried again');
      const final = error instanceof Refusal || (error instanceof OutsideFailure ? isFinal(error) : known && (error as WorkFailure).final) || call.attempts >= mostAttempts;
      const why = known ? (error as Error).message : 'see the log of the program';
      const later = new Date(services.clock.now().getTime() + pauses[Math.min(call.attempts, pauses.length) - 1]! * 1_000);
      await services.database.transact(call.tenant_id, async (transaction) => {
        // As it stands now, and before its ticket, as everybody takes them.
        const row = await lockCall(transaction, call.id);
        if (!row) return;
        if (!final) await transaction.query(fetches ? postponeRecording : postponeTranscript, [call.tenant_id, call.id, why, call.attempts, later]);
        else await tellWork(services, transaction, row, fetches ? loseRecording : loseTranscript, [why, call.attempts]);
      });
    }
  }));
  return due.length;
}

/** Rings the agent's own telephone, once: should nobody know whether it was heard, it is not rung again. */
async function dial(services: Services, call: CallRow): Promise<void> {
  const settle = (from: 'waiting' | 'asked', patch: { dial_state: 'asked' | 'failed'; failure?: string }) => services.database.transact(call.tenant_id, async (transaction) => {
    const row = await lockCall(transaction, call.id);
    if (row?.dial_state !== from) return false;
    const now = services.clock.now();
    await putCall(transaction, { ...row, dial_state: patch.dial_state, ...(patch.dial_state === 'failed' ? { state: 'ended', ended_at: now } : {}) });
    if (patch.failure) await transaction.query(noteFailure, [call.tenant_id, call.id, patch.failure.slice(0, 300)]);
    announceCall({ tenantId: call.tenant_id, transaction, services }, call.id, [row.staff_id]);
    return true;
  });
  const [channel] = await services.database.transact(call.tenant_id, (transaction) => findChannels(transaction, [call.account_id]));
  const account = channel?.active ? openChannel(services.secrets, channel) : null;
  // Another node may have thought this one dead.
  if (!await settle('waiting', { dial_state: 'asked' })) return;
  try {
    if (!account) throw new WorkFailure('the telephone channel is off', true);
    // Whoever asked for it has long gone on.
    if (services.clock.now().getTime() - call.started_at.getTime() > latestDialMilliseconds) throw new WorkFailure('it was not asked for in time', true);
    const { status, body } = await originate(account, outsideTools(services.clock, services.privateHosts ?? []), { name: call.external_id, extension: call.agent ?? '', number: call.number ?? '' });
    if (status < 200 || status > 299) throw new WorkFailure(`HTTP ${status} ${body.slice(0, 100)}`.trim(), true);
  } catch (error) {
    await settle('asked', { dial_state: 'failed', failure: error instanceof Error ? error.message : String(error) });
  }
}

async function fetchRecording(services: Services, call: CallRow): Promise<void> {
  const url = call.recording_url && services.secrets.open('call recording', call.recording_url)?.toString();
  if (!url) throw new WorkFailure('its address was sealed under another key', true);
  const [channel] = await services.database.transact(call.tenant_id, (transaction) => findChannels(transaction, [call.account_id]));
  const kept = channel ? secretsOf(services.secrets, channel) : null;
  // The password goes to the telephone system itself, and to nobody whom an event may name.
  const authorization = !channel ? undefined : channel.settings['mode'] !== 'ari' ? (isRecordingHost(services, channel.settings['recordingHost'], url) ? kept?.['recordingAuthorization'] : undefined) : url.startsWith(`${(channel.settings['baseUrl'] ?? '').replace(/\/+$/, '')}/`) ? ariAuthorization({ ...channel.settings, ...kept }) : undefined;
  const fetched = await outsideTools(services.clock, services.privateHosts ?? []).fetch(
    { method: 'GET', url, headers: { accept: 'audio/*', 'user-agent': 'bihuan', ...(authorization ? { authorization } : {}) }, body: null }, { milliseconds: fetchMilliseconds, bytes: largestRecording, redirects: 3 },
  );
  if (fetched.status < 200 || fetched.status > 299) throw new WorkFailure(`HTTP ${fetched.status}`, fetched.status === 410);
  const received = await receiveBytes(fetched.bytes, services.blobs.workFolder, { name: nameOf(url, call), type: fetched.contentType ?? '' });
  let stored: KeptFile;
  try {
    stored = await keepFile(services, call.tenant_id, received, { purpose: 'recording' });
  } finally {
    await received.dispose();
  }
  await services.database.transact(call.tenant_id, async (transaction) => {
    const now = services.clock.now();
    const context: Context = { ...await ownContext(services, transaction, now), actor: systemActor };
    const row = await lockCall(transaction, call.id);
    if (row?.recording_state !== 'waiting') return void await transaction.query(letBe, [call.tenant_id, call.id]);
    await storeFile(context, stored, { purpose: 'recording', visibility: 'internal' });
    const wordsWanted = row.transcript_state !== 'done' && await hasSpeech(transaction);
    await tellWork(services, transaction, row, keepRecording, [stored.id, wordsWanted ? 'waiting' : row.transcript_state, wordsWanted ? now : null]);
    if (wordsWanted) transaction.afterCommit(announceCallWork);
  });
}

async function writeDown(services: Services, call: CallRow): Promise<void> {
  const { file, speech } = await services.database.transact(call.tenant_id, async (transaction) => {
    const context = await ownContext(services, transaction, services.clock.now());
    return { file: call.recording_file_id === null ? undefined : await fileById(context, call.recording_file_id), speech: await openSpeech(transaction, services.secrets) };
  });
  if (!file) throw new WorkFailure('there is no recording', true);
  if (!speech) throw new WorkFailure('nothing is set up that writes recordings down', true);
  const bytes = await buffer(await services.blobs.get(file.storage_key)).catch((error: unknown) => {
    throw error instanceof BlobMissing ? new WorkFailure('the recording is missing from the store', true) : error;
  });
  const segments = await transcribe(speech, { bytes, name: file.name, mediaType: file.media_type }, services.privateHosts ?? []);
  await services.database.transact(call.tenant_id, async (transaction) => {
    const row = await lockCall(transaction, call.id);
    // The telephone system wrote it down itself meanwhile.
    if (row?.transcript_state !== 'waiting') return void await transaction.query(letBe, [call.tenant_id, call.id]);
    await tellWork(services, transaction, row, keepTranscript, [JSON.stringify(segments), wordsOf(segments)]);
  });
}

/** Whether that is the host whose password is kept, and nobody on the way reads it. */
function isRecordingHost({ privateHosts = [] }: Services, named: string | undefined, url: string): boolean {
  if (named === undefined || !URL.canParse(url)) return false;
  const { protocol, host, hostname } = new URL(url);
  return named.toLowerCase() === host && (protocol === 'https:' || privateHosts.includes(host) || privateHosts.includes(hostname));
}

/** Writes what came of it, and says so on the ticket, whose words may be found by it from now on; nothing where it was no longer waited for. */
async function tellWork(services: Services, transaction: Transaction, call: CallRow, write: typeof keepRecording, values: readonly unknown[]): Promise<void> {
  const now = services.clock.now();
  const context: Context = { ...await ownContext(services, transaction, now), actor: systemActor };
  if ((await transaction.query(write, [call.tenant_id, call.id, ...values])).length === 0) return;
  const kind = write === keepTranscript || write === loseTranscript ? 'call.transcribed' : 'call.recorded';
  const data = { ...toldOf(call), ...(write === loseRecording || write === loseTranscript ? { failed: true } : {}) };
  const landing = call.ticket_id === null ? undefined : await lockLanding(context, call.ticket_id);
  if (landing) await tellOnTicket(context, landing.ticket, { kind, data });
  else await recordFact(transaction, { kind, subjectId: call.id, actor: systemActor, data, occurredAt: now, recordedAt: now });
  announceCall(context, call.id, [call.staff_id]);
}

/** A name with an ending, so that whoever looks at the content knows what it should be. */
function nameOf(url: string, call: CallRow): string {
  const ending = /\.(wav|mp3|ogg|opus|oga|amr|m4a|aac|flac|webm)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  const day = call.started_at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `call-${day}${ending === '' ? '' : `.${ending}`}`;
}

/** Keeps at it until stopped; woken when a recording is told of, or somebody is to be called. */
export function runCallWork(services: Services): Ongoing {
  const work = lanes.map((lane) => keepDoing(
    async () => (await doLane(services, lane) >= batch ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'recordings could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  ));
  wake = () => work.forEach((one) => one.wake());
  return stoppedWithin({ wake, stop: async () => void await Promise.all(work.map((one) => one.stop())) }, farewellMilliseconds);
}

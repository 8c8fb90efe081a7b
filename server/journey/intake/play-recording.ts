import { Closed, Id } from '../../../contract/common.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { stream } from '../../platform/http/use-case.ts';
import type { CallRow } from '../../records/call/rows.ts';
import { visibleCall } from '../../records/call/sight.ts';
import { fileById } from '../../records/file/queries.ts';
import { DownloadQuery, sendFile } from './send-file.ts';

// A player asks for many pieces; what one hears within a while is one listening.
const oneListeningMinutes = 30;
const noteHeard = statement<never>('call.note_heard', "UPDATE call SET heard = heard || jsonb_build_object($3::text, $4::text) WHERE tenant_id = $1 AND id = $2");

/** Plays the recording of a call the caller may see (播放录音); that somebody listened stands in the audit trail. */
export const playRecording = stream({
  summary: 'Play the recording of a call; takes Range',
  params: Closed({ id: Id }),
  query: DownloadQuery,
  produces: 'application/octet-stream',
  async run(context, request, reply) {
    const { id } = request.params as { id: string };
    const file = await context.transact(async (inner) => {
      const call = await visibleCall(inner, id, true);
      const found = call.recording_file_id === null ? undefined : await fileById(inner, call.recording_file_id);
      if (!found) throw new Refusal('not_found');
      await auditListening(inner, call);
      return found;
    });
    return sendFile(context, request, reply, file);
  },
});

async function auditListening(context: Context, call: CallRow): Promise<void> {
  const { transaction, now } = context;
  const { staffId } = staffOf(context);
  const last = call.heard[staffId];
  if (last !== undefined && now.getTime() - new Date(last).getTime() < oneListeningMinutes * 60_000) return;
  await transaction.query(noteHeard, [context.tenantId, call.id, staffId, now.toISOString()]);
  await recordFact(transaction, { kind: 'call.listened', subjectId: call.id, actor: context.actor, occurredAt: now, recordedAt: now, data: { ticketId: call.ticket_id } });
}

import { Closed, Id } from '../../../contract/common.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { downloadHeaders } from '../../platform/files/headers.ts';
import { stream } from '../../platform/http/use-case.ts';

const find = statement<{ kind: string; name: string; external_id: string; raw: Buffer | null }>('inbox_message.download', `
  SELECT a.kind, a.name, m.external_id, c.raw FROM inbox_message m JOIN inbox_message c ON c.tenant_id = m.tenant_id AND c.id = m.call_id JOIN channel_account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id
  WHERE m.tenant_id = $1 AND m.id = $2`);

/**
 * The bytes of a call as they came (下载原始消息), to be saved and never shown: whatever they are, no browser runs them.
 */
export const downloadMessage = stream({
  summary: 'Download what came as it came',
  params: Closed({ id: Id }),
  produces: 'application/octet-stream',
  async run(context, request, reply) {
    const { id } = request.params as { id: string };
    const found = await context.transact(async (inner) => {
      const [row] = await inner.transaction.query(find, [inner.tenantId, id]);
      // What customers wrote leaves the house: who took it along is kept.
      if (row?.raw) await recordFact(inner.transaction, { kind: 'inbox_message.downloaded', subjectId: id, actor: inner.actor, occurredAt: inner.now, recordedAt: inner.now, data: { name: row.name, externalId: row.external_id, bytes: row.raw.length } });
      return row;
    });
    if (!found?.raw) throw new Refusal('not_found');
    const ending = found.kind === 'email' ? 'eml' : 'txt';
    const { 'accept-ranges': _ranges, ...headers } = downloadHeaders({ name: `${id}.${ending}`, mediaType: 'application/octet-stream', tag: `message-${id}` }, { asAttachment: true });
    return reply.headers(headers).send(found.raw);
  },
});

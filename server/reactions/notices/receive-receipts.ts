import type { NoticeChannel, Urgency } from '../../../contract/notice.ts';
import { smsReceiptForms, type SmsReceipt } from '../../channels/sms/receipts.ts';
import type { Services } from '../../platform/context.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { RawAnswer, RawCall } from '../../platform/http/hooks.ts';
import { accountsOf } from '../../records/notice/accounts.ts';
import { wakeSender } from '../../records/notice/direct.ts';
import { readReceiptAddress } from '../../records/notice/receipt-address.ts';
import { nextChannel, reachOfPerson } from './choose-channels.ts';
import { putDown } from './plan-bundles.ts';

interface Settled { id: string; staff_id: string; bundle_id: string | null; urgency: Urgency; step: number; count: number }
// Only onward: what has arrived, or failed, is not told otherwise by a receipt that comes late or twice.
const settle = statement<Settled>('notice.receipt', `
  UPDATE notice_delivery SET state = CASE WHEN $3 THEN 'delivered' ELSE 'failed' END, reason = CASE WHEN $3 THEN NULL ELSE 'address' END, problem = CASE WHEN $3 THEN NULL ELSE $4 END,
    problem_code = CASE WHEN $3 THEN NULL ELSE 'carrier' END, settled_at = $5
  WHERE tenant_id = $1 AND provider_id = $2 AND channel = 'sms' AND state = 'sent' RETURNING id, staff_id, bundle_id, urgency, step, count`);
const findKnown = statement<{ known: boolean }>('notice.receipt_known', "SELECT EXISTS (SELECT 1 FROM notice_delivery WHERE tenant_id = $1 AND provider_id = $2 AND channel = 'sms') AS known");
// Told before we have written down that it was taken.
const findUnderWay = statement<{ waits: boolean }>('notice.receipt_early', "SELECT EXISTS (SELECT 1 FROM notice_delivery WHERE tenant_id = $1 AND channel = 'sms' AND state = 'sending' AND ($2::uuid IS NULL OR id = $2)) AS waits");
const findUsed = statement<{ channel: NoticeChannel }>('notice.receipt_used', 'SELECT channel FROM notice_delivery WHERE tenant_id = $1 AND bundle_id = $2');

/**
 * Takes the receipts of text messages (接收短信回执) at an account's secret address. A message that did not arrive goes on to the next
 * channel, as one that was never taken. What is not known here is let pass; what is still being sent is to be told again.
 */
export function receiveReceipts({ database, secrets, clock }: Pick<Services, 'database' | 'secrets' | 'clock'>): (call: RawCall) => Promise<RawAnswer> {
  return async ({ params, body, method }) => {
    const now = clock.now();
    const tenantId = readReceiptAddress(secrets, params['account'] ?? '', now);
    if (tenantId === null) throw new Refusal('not_found');
    const mode = await database.transact(tenantId, async (transaction) => (await accountsOf(transaction)).get('sms')?.settings.mode ?? '');
    const form = Object.hasOwn(smsReceiptForms, mode) ? smsReceiptForms[mode]! : null;
    if (!form) throw new Refusal('not_found');
    // The clouds look whether somebody is there when the address is written down.
    const receipts = method === 'GET' ? [] : form.read(parsed(body));
    const answer = (text: string): RawAnswer => ({ status: 200, contentType: 'application/json; charset=utf-8', body: text });
    const early = receipts.length > 0 && await database.transact(tenantId, async (transaction) => {
      let waits = false;
      for (const receipt of receipts) waits = await take(transaction, receipt, now) || waits;
      return waits;
    });
    wakeSender();
    return answer(early ? form.again : form.taken);
  };
}

/** @returns whether it came too early and has to come again */
async function take(transaction: Transaction, { providerId, reference, delivered, said }: SmsReceipt, now: Date): Promise<boolean> {
  const { tenantId } = transaction;
  const rows = await transaction.query(settle, [tenantId, providerId, delivered, said.slice(0, 500), now]);
  if (rows.length === 0) {
    const [[present], [under]] = await Promise.all([transaction.query(findKnown, [tenantId, providerId]), transaction.query(findUnderWay, [tenantId, reference !== null && isId(reference) ? reference : null])]);
    return present?.known === false && under?.waits === true;
  }
  for (const row of rows) {
    if (delivered || row.bundle_id === null) continue;
    const reach = await reachOfPerson(transaction, row.staff_id);
    const used = (await transaction.query(findUsed, [tenantId, row.bundle_id])).map((one) => one.channel);
    const next = reach && nextChannel(reach, row.urgency, used, now);
    if (next) await putDown(transaction, { id: row.bundle_id, staff_id: row.staff_id, urgency: row.urgency, step: row.step }, next, { reach, count: row.count, now, insteadOf: row.id });
  }
  return false;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refusal('call_malformed');
  }
}

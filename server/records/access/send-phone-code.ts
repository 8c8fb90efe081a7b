import type { Language } from '../../../contract/refusals.ts';
import type { SendSms } from '../../channels/sms/send.ts';
import type { Services } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';

const usefulSeconds = 300;

/** Sends a sign-in code by text message (发送验证码), in the language it was asked for in, Chinese when none is told; a code that has run out meanwhile is not worth sending. */
export async function sendPhoneCode(services: Pick<Services, 'secrets' | 'clock' | 'database'>, sendSms: SendSms, data: { tenantId: string; sealed: string; requestedAt: string; language?: Language }, reference: string): Promise<void> {
  if (services.clock.now().getTime() - Date.parse(data.requestedAt) > usefulSeconds * 1000) return;
  const opened = services.secrets.open('sms', Buffer.from(data.sealed, 'base64'));
  if (!opened) throw new Error('the code was sealed under another secret key');
  const { phone, code } = JSON.parse(opened.toString()) as { phone: string; code: string };
  const organization = await services.database.transact(data.tenantId, (transaction) => transaction.first(build.selectFrom('organization').select('name').where('tenant_id', '=', data.tenantId)));
  const text = data.language === 'en'
    ? `Your code is ${code}. It is good for 5 minutes; tell it to nobody.`
    : `验证码 ${code}，5 分钟内有效。请勿告诉他人。`;
  // Carriers want the sender's name in these brackets, whatever the language.
  await sendSms({ phone, text: `【${organization?.name ?? 'Bihuan'}】${text}`, reference });
}

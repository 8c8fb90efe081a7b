import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { CustomerSession, PhoneCodeRequested, PhoneSignIn, RequestPhoneCode } from '../../../contract/portal.ts';
import type { Context } from '../../platform/context.ts';
import { build, type Database } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { maskPhone } from '../../platform/masking.ts';
import { hashToken } from '../../platform/secrets.ts';
import { createCustomer } from '../customer/match.ts';
import { toStoredPhone } from '../customer/phone.ts';
import { noteText } from '../report/texts.ts';
import { newToken } from './tokens.ts';

const validSeconds = 300;
const pauseSeconds = 60;
const attempts = 5;
const codesAnHour = 5;
const hourSeconds = 3_600;
// Of one organization: beyond it somebody plays with its bill. A network has an allowance of its own.
const textsAnHour = 1_000;
const sessionDays = 30;
const params = Closed({ org: Type.String({ maxLength: 63 }) });

/**
 * Sends a six-digit code to a phone (手机验证码). The answer is the same whether the number is known or not. The code
 * goes out by a job that a reader of the fact log starts; the fact carries it sealed. A number gets one a minute and
 * five an hour; its five wrong guesses are for all codes of the hour, so that asking anew is no way to more of them.
 * A network has sixty an hour sent, and all together a thousand.
 */
export const requestPhoneCode = useCase({
  summary: 'Ask for a sign-in code by text message',
  params,
  body: RequestPhoneCode,
  answer: PhoneCodeRequested,
  status: 202,
  async run(context, { body }) {
    if (!context.services.smsConfigured) throw new Refusal('sms_not_configured');
    const phone = toStoredPhone(context, body.phone, '/phone');
    const code = String(randomInt(0, 1_000_000)).padStart(6, '0');
    const { now } = context;
    const row = {
      code_hash: context.services.secrets.digest('phone-code', `${context.tenantId} ${phone} ${code}`),
      created_at: now, expires_at: new Date(now.getTime() + validSeconds * 1000),
    };
    const hourOver = sql<boolean>`phone_code.hour_started_at <= ${new Date(now.getTime() - hourSeconds * 1000)}::timestamptz`;
    // Asked and answered by one statement: of many requests at the same moment one sends a text.
    const written = await context.transaction.run(build.insertInto('phone_code')
      .values({ tenant_id: context.tenantId, phone, ...row, attempts_left: attempts, hour_started_at: now, codes_in_hour: 1 })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'phone'])
        .doUpdateSet({
          ...row,
          attempts_left: sql<number>`CASE WHEN ${hourOver} THEN ${attempts}::smallint ELSE phone_code.attempts_left END`,
          codes_in_hour: sql<number>`CASE WHEN ${hourOver} THEN 1 ELSE phone_code.codes_in_hour + 1 END`,
          hour_started_at: sql<Date>`CASE WHEN ${hourOver} THEN ${now}::timestamptz ELSE phone_code.hour_started_at END`,
        })
        .where('phone_code.created_at', '<=', new Date(now.getTime() - pauseSeconds * 1000))
        .where(sql<boolean>`(${hourOver} OR (phone_code.codes_in_hour < ${codesAnHour} AND phone_code.attempts_left > 0))`))
      .returning('phone'));
    if (written.length === 0) throw await tooSoon(context, phone);
    await noteText(context);
    await ensureTextsLeft(context);
    await recordFact(context.transaction, {
      kind: 'phone_code.requested', actor: context.actor, occurredAt: context.now, recordedAt: context.now,
      data: { phone: maskPhone(phone), language: context.language, sealed: context.services.secrets.seal('sms', JSON.stringify({ phone, code })).toString('base64') },
    });
    return { expiresInSeconds: validSeconds };
  },
});

async function tooSoon({ transaction, tenantId, now }: Context, phone: string): Promise<Refusal> {
  const present = await transaction.first(build.selectFrom('phone_code').select(['created_at', 'hour_started_at', 'codes_in_hour', 'attempts_left'])
    .where('tenant_id', '=', tenantId).where('phone', '=', phone));
  const left = (since: Date, seconds: number) => Math.min(seconds, Math.max(1, Math.ceil(seconds - (now.getTime() - since.getTime()) / 1000)));
  if (!present) return new Refusal('phone_code_too_soon', { seconds: pauseSeconds });
  const hourIsFull = present.codes_in_hour >= codesAnHour || present.attempts_left <= 0;
  return new Refusal('phone_code_too_soon', { seconds: hourIsFull ? left(present.hour_started_at, hourSeconds) : left(present.created_at, pauseSeconds) });
}

/** Counts what the present hour of every number has brought; with the one that has just been written. */
async function ensureTextsLeft({ transaction, tenantId, now }: Context): Promise<void> {
  const [sent] = await transaction.run(build.selectFrom('phone_code')
    .select((select) => [sql<number>`sum(codes_in_hour)::int`.as('count'), select.fn.min('hour_started_at').as('oldest')])
    .where('tenant_id', '=', tenantId).where('hour_started_at', '>', new Date(now.getTime() - hourSeconds * 1000)));
  if (sent!.count > textsAnHour) throw new Refusal('rate_limited', { seconds: Math.max(1, Math.ceil(hourSeconds - (now.getTime() - sent!.oldest.getTime()) / 1000)) });
}

/** Signs a customer in by the code (验证码登录): the number is thereby theirs, and with it the tickets of that customer. */
export const signInByPhone = useCase({
  summary: 'Sign in as a customer by phone code',
  params,
  body: PhoneSignIn,
  answer: CustomerSession,
  status: 201,
  secret: true,
  async run(context, { body }) {
    const phone = toStoredPhone(context, body.phone, '/phone');
    const spent = await spendAttempt(context.services.database, context.tenantId, phone);
    const digest = context.services.secrets.digest('phone-code', `${context.tenantId} ${phone} ${body.code}`);
    if (!spent || spent.expires_at <= context.now || !spent.code_hash.equals(digest)) throw wrongCode();
    // Spent, but not forgotten: the codes of the hour go on being counted.
    const used = await context.transaction.run(build.updateTable('phone_code').set({ code_hash: Buffer.alloc(0), attempts_left: attempts }).where('tenant_id', '=', context.tenantId).where('phone', '=', phone).where('code_hash', '=', digest).returning('phone'));
    if (used.length === 0) throw wrongCode();
    const customer = await ownerOf(context, phone);
    const token = newToken('session', context.tenantId);
    const expiresAt = new Date(context.now.getTime() + sessionDays * 86_400_000);
    const id = newId(context.now.getTime());
    await context.transaction.run(build.insertInto('session').values({
      tenant_id: context.tenantId, token_hash: hashToken(token), id, staff_id: null, customer_id: customer.id, created_at: context.now, last_seen_at: context.now,
      expires_at: expiresAt, user_agent: context.userAgent || null, address: context.remoteAddress,
    }));
    await recordFact(context.transaction, { kind: 'customer.signed_in', actor: { kind: 'customer', id: customer.id, name: customer.name }, data: { phone: maskPhone(phone) }, occurredAt: context.now, recordedAt: context.now, subjectId: customer.id });
    return { token, expiresAt: expiresAt.toISOString(), customer };
  },
});

/** A guess that was counted is counted once: sent again under its Idempotency-Key it is answered as it was. */
const wrongCode = (): Refusal => new Refusal('phone_code_wrong', {}, { keepsWrites: true });

/** The customer of a number that has just been proven. */
async function ownerOf(context: Context, phone: string): Promise<{ id: string; name: string }> {
  const { transaction, tenantId, now } = context;
  let customer = await transaction.first(build.selectFrom('contact_point').innerJoin('customer', (join) => join.onRef('customer.tenant_id', '=', 'contact_point.tenant_id').onRef('customer.id', '=', 'contact_point.customer_id'))
    .select(['customer.id', 'customer.name']).where('contact_point.tenant_id', '=', tenantId).where('contact_point.kind', '=', 'phone').where('contact_point.value', '=', phone));
  if (customer) {
    await transaction.run(build.updateTable('contact_point').set({ verified_at: now }).where('tenant_id', '=', tenantId).where('kind', '=', 'phone').where('value', '=', phone).where('verified_at', 'is', null));
  } else {
    customer = { id: newId(now.getTime()), name: maskPhone(phone)! };
    await createCustomer(context, { ...customer, phone, email: null, verifiedAt: now });
  }
  return customer;
}

/** A guess costs an attempt even when it fails, so it is counted in a transaction of its own. */
function spendAttempt(database: Database, tenantId: string, phone: string): Promise<{ code_hash: Buffer; expires_at: Date } | undefined> {
  return database.transact(tenantId, (transaction) => transaction.first(build.updateTable('phone_code')
    .set((update) => ({ attempts_left: update('attempts_left', '-', 1) }))
    .where('tenant_id', '=', tenantId).where('phone', '=', phone).where('attempts_left', '>', 0)
    .returning(['code_hash', 'expires_at'])));
}

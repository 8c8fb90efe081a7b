import { Secret, TOTP } from 'otpauth';
import QRCode from 'qrcode';
import { verify } from '@node-rs/argon2';
import { SecondFactorCode, SecondFactorSetup, StartSecondFactor } from '../../../../contract/session.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import type { Secrets } from '../../../platform/secrets.ts';
import { ensureNotLocked, noteFailure } from '../attempts.ts';
import { configurationOf } from '../../organization/configuration.ts';

const periodSeconds = 30;
// So long a sign-in counts as having just shown the password.
const freshMilliseconds = 5 * 60_000;

/**
 * Checks a code of an authenticator app (RFC 6238: SHA-1, six digits, 30 s, one step of clock drift either way).
 *
 * @returns the step the code belongs to, or null when it is wrong or was used before
 */
export function checkSecondFactor(secrets: Secrets, sealed: Buffer, code: string, now: Date, lastStep: number | null): number | null {
  const secret = secrets.open('totp', sealed);
  if (!secret || !/^\d{6}$/.test(code)) return null;
  const totp = new TOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }), period: periodSeconds });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: 1 });
  if (delta === null) return null;
  const step = Math.floor(now.getTime() / 1000 / periodSeconds) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

async function readStaff(context: Context) {
  return (await context.transaction.first(build.selectFrom('staff').select(['id', 'email', 'name', 'password_hash', 'totp_secret', 'totp_enabled_at', 'totp_last_step', 'locked_until'])
    .where('tenant_id', '=', context.tenantId).where('id', '=', staffOf(context).staffId).forNoKeyUpdate()))!;
}

async function writeStaff(context: Context, values: { totp_secret?: Buffer | null; totp_enabled_at?: Date | null; totp_last_step?: number | null; failed_sign_ins?: 0 }): Promise<void> {
  await context.transaction.run(build.updateTable('staff').set(values).where('tenant_id', '=', context.tenantId).where('id', '=', staffOf(context).staffId));
}

/** The step of a right code. A wrong one counts as at sign-in: a session left open is no place to guess at. */
async function takeCode(context: Context, staff: Awaited<ReturnType<typeof readStaff>>, code: string): Promise<number> {
  ensureNotLocked(staff, context.now);
  const step = checkSecondFactor(context.services.secrets, staff.totp_secret!, code, context.now, staff.totp_last_step);
  if (step !== null) return step;
  await noteFailure(context.transaction, staff, context.now, { factor: 'second_factor', address: context.remoteAddress });
  throw new Refusal('second_factor_wrong', {}, { keepsWrites: true });
}

/**
 * Refuses to go on unless whoever asks has just signed in or knows the password: with a session left open at a counter
 * anybody could put their own authenticator between its owner and the account.
 */
async function ensurePresent(context: Context, staff: Awaited<ReturnType<typeof readStaff>>, password: string | undefined): Promise<void> {
  const session = await context.transaction.first(build.selectFrom('session').select('created_at').where('tenant_id', '=', context.tenantId).where('id', '=', context.caller.kind === 'staff' ? context.caller.credentialId : ''));
  if (password === undefined) {
    if (session && context.now.getTime() - session.created_at.getTime() < freshMilliseconds) return;
    throw new Refusal('password_needed');
  }
  ensureNotLocked(staff, context.now);
  if (staff.password_hash && await verify(staff.password_hash, password)) return;
  await noteFailure(context.transaction, staff, context.now, { factor: 'password', address: context.remoteAddress });
  throw new Refusal('wrong_credentials', {}, { keepsWrites: true });
}

/** Begins to set up two-factor sign-in (两步验证): a new secret, which counts once a code of it was shown. */
export const startSecondFactor = useCase({
  summary: 'Start setting up two-factor sign-in',
  body: StartSecondFactor,
  answer: SecondFactorSetup,
  status: 201,
  secret: true,
  async run(context, { body }) {
    const staff = await readStaff(context);
    if (staff.totp_enabled_at) throw new Refusal('second_factor_already_on');
    await ensurePresent(context, staff, body.currentPassword);
    const { organization } = await configurationOf(context);
    const secret = new Secret({ size: 20 });
    const uri = new TOTP({ issuer: organization.name, label: staff.email ?? staff.name, secret, period: periodSeconds }).toString();
    await writeStaff(context, { totp_secret: context.services.secrets.seal('totp', Buffer.from(secret.bytes)), totp_last_step: null });
    return { secret: secret.base32, uri, qrCode: await QRCode.toString(uri, { type: 'svg', margin: 1 }) };
  },
});

/** Turns it on, with a code that proves the app has the secret. */
export const confirmSecondFactor = useCase({
  summary: 'Turn two-factor sign-in on',
  body: SecondFactorCode,
  answer: null,
  async run(context, { body }) {
    const staff = await readStaff(context);
    if (staff.totp_enabled_at) throw new Refusal('second_factor_already_on');
    if (!staff.totp_secret) throw new Refusal('second_factor_not_started');
    const step = await takeCode(context, staff, body.code);
    await writeStaff(context, { totp_enabled_at: context.now, totp_last_step: step, failed_sign_ins: 0 });
    await recordFact(context.transaction, { kind: 'second_factor.enabled', actor: context.actor, data: {}, occurredAt: context.now, recordedAt: context.now, subjectId: staffOf(context).staffId });
  },
});

/** Turns it off, with a code. */
export const disableSecondFactor = useCase({
  summary: 'Turn two-factor sign-in off',
  body: SecondFactorCode,
  answer: null,
  async run(context, { body }) {
    const staff = await readStaff(context);
    if (!staff.totp_enabled_at) throw new Refusal('second_factor_not_started');
    await takeCode(context, staff, body.code);
    await writeStaff(context, { totp_secret: null, totp_enabled_at: null, totp_last_step: null, failed_sign_ins: 0 });
    await recordFact(context.transaction, { kind: 'second_factor.disabled', actor: context.actor, data: {}, occurredAt: context.now, recordedAt: context.now, subjectId: staffOf(context).staffId });
  },
});

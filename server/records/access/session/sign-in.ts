import { verify } from '@node-rs/argon2';
import { SessionStarted, SignIn } from '../../../../contract/session.ts';
import type { Context, Services } from '../../../platform/context.ts';
import { build, everyTenant, type Transaction } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { newestPlace } from '../../../platform/facts/readers.ts';
import { recordFact, type FactActor } from '../../../platform/facts/fact.ts';
import { changeSessionCookie, csrfToken } from '../../../platform/http/server.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { normalisePhone } from '../../../platform/masking.ts';
import { hashToken } from '../../../platform/secrets.ts';
import { countLogins, lockedFrom, lockedUntil, recordFailure, returnAttempt, takeAttempt, type Attempt, type LoginCounts } from '../attempts.ts';
import { hashPassword } from '../passwords.ts';
import { newToken } from '../tokens.ts';
import { viewMe } from './me.ts';
import { checkSecondFactor } from './second-factor.ts';

const sessionDays = 14;
// Each costs the checking of a password.
const mostCandidates = 20;
// What an unknown account is checked against, so that it takes as long as a known one.
let decoy: Promise<string> | undefined;
const countsOf = new WeakMap<Services, LoginCounts>();
// A guess that was counted stays counted, once: sent again under its Idempotency-Key it is answered as it was.
const counted = { keepsWrites: true } as const;

interface Candidate {
  tenant_id: string;
  slug: string;
  organization: string;
  id: string;
  name: string;
  password_hash: string;
  totp_secret: Buffer | null;
  totp_enabled_at: Date | null;
  totp_last_step: number | null;
  failed_sign_ins: number;
  locked_until: Date | null;
}

/**
 * Signs a member of staff in (登录) by e-mail or phone, password and, where it is on, a code. Five wrong answers in a
 * row lock the account for a quarter of an hour. An unknown account answers like a known one with a wrong password, after
 * as long, and locks like it. A lock in one organization leaves the others open that know the same e-mail or phone.
 * Repeated with the same Idempotency-Key it is neither a second session nor a second guess.
 */
export const signIn = useCase({
  summary: 'Sign in',
  body: SignIn,
  answer: SessionStarted,
  status: 201,
  secret: true,
  async run(context, { body }) {
    const { database, clock, secrets } = context.services;
    const now = clock.now();
    const login = (body.email ?? body.phone ?? '').trim().toLowerCase();
    const candidates = await findCandidates(context.services, login, body.organization || undefined);
    const counts = countsOf.get(context.services) ?? countLogins();
    countsOf.set(context.services, counts);
    const countedAs = login.includes('@') ? login : normalisePhone(login);
    const tried: { candidate: Candidate; attempt: Attempt }[] = [];
    const matching: typeof tried = [];
    for (const candidate of candidates) {
      const attempt = await database.transact(candidate.tenant_id, (transaction) => takeAttempt(transaction, candidate.id, now));
      if (!attempt) continue;
      tried.push({ candidate, attempt });
      if (await verify(candidate.password_hash, body.password)) matching.push({ candidate, attempt });
    }
    if (tried.length === 0) await verify(await (decoy ??= hashPassword('nobody has this one')), body.password);
    if (matching.length === 0) {
      for (const { candidate, attempt } of tried) await noteRefusal(context, candidate, now, 'password', attempt);
      const lock = counts.lockOf(countedAs, now);
      if (lock) throw lockedUntil(lock, now, tried.length > 0 ? counted : {});
      // Locked elsewhere: at another node, by wrong codes, while signed in, or by guesses of the same moment that are
      // still being looked at. It is not counted, else it would take the place of one of those.
      if (candidates.length > 0 && tried.length === 0) throw lockedUntil(latestLock(candidates, now), now);
      counts.note(countedAs, now);
      throw new Refusal('wrong_credentials', {}, counted);
    }
    counts.forget(countedAs);
    // The password tells which organization is meant: that it is wrong in the others is no failure there.
    for (const { candidate } of tried) if (matching.length > 1 || candidate !== matching[0]!.candidate) await giveBack(context, candidate);
    if (matching.length > 1) {
      throw new Refusal('organization_ambiguous', {}, { details: { organizations: matching.map(({ candidate }) => ({ slug: candidate.slug, name: candidate.organization })) } });
    }
    const { candidate: staff, attempt } = matching[0]!;
    if (staff.totp_enabled_at) {
      if (body.code === undefined) {
        await giveBack(context, staff);
        throw new Refusal('second_factor_required');
      }
      const step = checkSecondFactor(secrets, staff.totp_secret!, body.code, now, staff.totp_last_step);
      if (step === null) {
        await noteRefusal(context, staff, now, 'second_factor', attempt);
        throw new Refusal('second_factor_wrong', {}, counted);
      }
      await spendStep(context, staff, step);
    }
    const token = newToken('session', staff.tenant_id);
    const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000);
    const actor: FactActor = { kind: 'staff', id: staff.id, name: staff.name };
    const me = await database.transact(staff.tenant_id, async (transaction) => {
      await ensureUnchanged(transaction, staff);
      const id = newId(now.getTime());
      await transaction.run(build.insertInto('session').values({
        tenant_id: staff.tenant_id, token_hash: hashToken(token), id, staff_id: staff.id, customer_id: null, created_at: now, last_seen_at: now,
        expires_at: expiresAt, user_agent: context.userAgent || null, address: context.remoteAddress,
      }));
      await transaction.run(build.updateTable('staff').set({ failed_sign_ins: 0, locked_until: null }).where('tenant_id', '=', staff.tenant_id).where('id', '=', staff.id));
      await recordFact(transaction, { kind: 'session.started', actor, data: { address: context.remoteAddress, userAgent: context.userAgent }, occurredAt: now, recordedAt: now, subjectId: id });
      return viewMe(transaction, staff.id, context.language);
    });
    changeSessionCookie(context, { token, expiresAt });
    return { token, csrfToken: csrfToken(context.services, token), expiresAt: expiresAt.toISOString(), staff: me, feedPlace: await newestPlace(database) };
  },
});

async function findCandidates(services: Services, login: string, organization: string | undefined): Promise<Candidate[]> {
  if (login === '') return [];
  // Whoever cannot sign in at all is as good as unknown, and must take as long to be refused.
  const select = build.selectFrom('staff')
    .innerJoin('organization', 'organization.tenant_id', 'staff.tenant_id')
    .select(['staff.tenant_id', 'organization.slug', 'organization.name as organization', 'staff.id', 'staff.name', 'staff.password_hash',
      'staff.totp_secret', 'staff.totp_enabled_at', 'staff.totp_last_step', 'staff.failed_sign_ins', 'staff.locked_until'])
    .where(login.includes('@') ? 'staff.email' : 'staff.phone', '=', login.includes('@') ? login : normalisePhone(login))
    .where('staff.active', '=', true).where('staff.password_hash', 'is not', null)
    .$narrowType<{ password_hash: string }>()
    .limit(mostCandidates);
  return services.database.transact(everyTenant, (transaction) => transaction.run(organization === undefined ? select : select.where('organization.slug', '=', organization)));
}

/** A code of the authenticator counts once: two sign-ins with the same one, even at the same moment, are one too many. */
async function spendStep(context: Context, staff: Candidate, step: number): Promise<void> {
  const spent = await context.services.database.transact(staff.tenant_id, (transaction) => transaction.run(build.updateTable('staff')
    .set({ totp_last_step: step })
    .where('tenant_id', '=', staff.tenant_id).where('id', '=', staff.id)
    .where((where) => where.or([where('totp_last_step', 'is', null), where('totp_last_step', '<', step)]))
    .returning('id')));
  if (spent.length === 0) throw new Refusal('second_factor_wrong', {}, counted);
}

/** Whoever was deactivated, or whose password or second factor was reset while theirs was looked at, is not signed in. */
async function ensureUnchanged(transaction: Transaction, staff: Candidate): Promise<void> {
  const present = await transaction.first(build.selectFrom('staff').select(['active', 'password_hash', 'totp_enabled_at'])
    .where('tenant_id', '=', staff.tenant_id).where('id', '=', staff.id).forNoKeyUpdate());
  if (!present?.active || present.password_hash !== staff.password_hash || (present.totp_enabled_at !== null) !== (staff.totp_enabled_at !== null)) throw new Refusal('wrong_credentials', {}, counted);
}

function latestLock(candidates: readonly Candidate[], now: Date): Date {
  const latest = Math.max(...candidates.map((candidate) => candidate.locked_until?.getTime() ?? 0));
  // Where none was locked when it was read, attempts at the same moment have done it.
  return latest > now.getTime() ? new Date(latest) : lockedFrom(now);
}

// The use-case has no transaction of its own: what is noted of an attempt stands whatever is answered.
async function noteRefusal(context: Context, staff: Candidate, now: Date, factor: 'password' | 'second_factor', { locks }: Attempt): Promise<void> {
  await context.services.database.transact(staff.tenant_id, (transaction) => recordFailure(transaction, staff, now, { factor, address: context.remoteAddress, locked: locks }));
}

async function giveBack(context: Context, staff: Candidate): Promise<void> {
  await context.services.database.transact(staff.tenant_id, (transaction) => returnAttempt(transaction, staff.id));
}

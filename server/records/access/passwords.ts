import { hash, verify } from '@node-rs/argon2';
import { ChangePassword } from '../../../contract/session.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureNotLocked, noteFailure } from './attempts.ts';

const shortest = 10;
const common = new Set(['1234567890', '0123456789', 'password12', 'password123', 'qwertyuiop', '1111111111', '0000000000', 'abcd123456', 'a123456789', 'woaini1314', 'iloveyou12', 'administrator', 'admin12345', 'letmein1234', 'qwerty123456', '123456789a']);

/**
 * The argon2id hash under which a password is kept (OWASP's parameters: 19 MiB, 2 passes, 1 lane).
 *
 * @param path where the password stands in the request
 * @throws Refusal password_too_weak
 */
export async function hashPassword(password: string, path = '/password'): Promise<string> {
  ensureStrong(password, path);
  return hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}

function ensureStrong(password: string, path: string): void {
  if ([...password].length < shortest || common.has(password.toLowerCase()) || /^(.)\1*$/u.test(password)) {
    throw refuseInput(path, 'password_too_weak');
  }
}

/** Changes one's own password (修改密码); every other session of one's own ends. What was due with a password that a colleague had set is done by it. */
export const changePassword = useCase({
  summary: 'Change one’s own password',
  whilePasswordDue: true,
  body: ChangePassword,
  answer: null,
  async run(context, { body }) {
    const { staffId } = staffOf(context);
    const staff = await context.transaction.first(build.selectFrom('staff').select(['id', 'name', 'password_hash', 'locked_until']).where('tenant_id', '=', context.tenantId).where('id', '=', staffId).forNoKeyUpdate());
    if (!staff?.password_hash) throw new Refusal('wrong_credentials');
    ensureNotLocked(staff, context.now);
    if (!await verify(staff.password_hash, body.currentPassword)) {
      await noteFailure(context.transaction, staff, context.now, { factor: 'password', address: context.remoteAddress });
      throw new Refusal('wrong_credentials', {}, { keepsWrites: true });
    }
    // Else the one that two people know would remain.
    if (body.newPassword === body.currentPassword) throw refuseInput('/newPassword', 'password_unchanged');
    await context.transaction.run(build.updateTable('staff').set({ failed_sign_ins: 0, password_change_due: false, password_hash: await hashPassword(body.newPassword, '/newPassword') }).where('tenant_id', '=', context.tenantId).where('id', '=', staffId));
    await context.transaction.run(build.updateTable('session').set({ revoked_at: context.now }).where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffId)
      .where('id', '<>', context.caller.kind === 'staff' ? context.caller.credentialId : staffId).where('revoked_at', 'is', null));
    await recordFact(context.transaction, { kind: 'password.changed', actor: context.actor, data: {}, occurredAt: context.now, recordedAt: context.now, subjectId: staffId });
  },
});

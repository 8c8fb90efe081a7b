import { PhoneLine, Telephone, UpdatePhoneLine } from '../../../contract/call.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';
import { hasSoftphone, sipPurpose } from './softphone.ts';

const findStaff = statement<{ id: string }>('phone_line.find_staff', `
  SELECT staff_id AS id FROM phone_line WHERE tenant_id = $1 AND extension = $2
  UNION ALL SELECT id FROM staff WHERE tenant_id = $1 AND email = lower($2) LIMIT 1`);

/** Whose telephone it is (分机归属), by extension or mail address; null where nobody's is known. */
export async function staffAt(transaction: Transaction, agent: string | null): Promise<string | null> {
  if (agent === null) return null;
  // sip:1001@pbx, PJSIP/1001-0000001
  for (const said of [agent, agent.replace(/^(?:sips?:|(?:PJ)?SIP\/)/i, '').split(/[@;]/, 1)[0]!.replace(/-[0-9a-f]{8}$/i, '')]) {
    const [found] = await transaction.query(findStaff, [transaction.tenantId, said]);
    if (found) return found.id;
  }
  return null;
}

interface Line {
  extension: string | null;
  sip_user: string | null;
  sealed_sip_password: Buffer | null;
  version: number;
}

async function read({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, staffId: string): Promise<Line & { isThere: boolean }> {
  const row = await transaction.first(build.selectFrom('phone_line').select(['extension', 'sip_user', 'sealed_sip_password', 'version']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
  return row ? { ...row, isThere: true } : { extension: null, sip_user: null, sealed_sip_password: null, version: 1, isThere: false };
}

const view = ({ extension, sip_user, sealed_sip_password, version }: Line): PhoneLine => ({ extension, sipUser: sip_user, hasSipPassword: sealed_sip_password !== null, version });

/** Somebody's extension (查看分机). */
export const showPhoneLine = useCase({
  summary: 'Show the extension of a member of staff',
  params: Closed({ id: Id }),
  answer: PhoneLine,
  async run(context, { params: { id } }) {
    const staff = await context.transaction.first(build.selectFrom('staff').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', id));
    if (!staff) throw new Refusal('not_found');
    return view(await read(context, id));
  },
});

/** Says which extension is whose (登记分机): calls to it pop up for that person; and by which SIP user and password their browser is a telephone. */
export const updatePhoneLine = useCase({
  summary: 'Say which extension a member of staff has',
  params: Closed({ id: Id }),
  body: UpdatePhoneLine,
  answer: PhoneLine,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    const staff = await transaction.first(build.selectFrom('staff').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', '=', id).forNoKeyUpdate());
    if (!staff) throw new Refusal('not_found');
    const before = await read(context, id);
    ensureVersion(before, ifMatch);
    const extension = body.extension === undefined ? before.extension : body.extension;
    const sip_user = body.sipUser === undefined ? before.sip_user : body.sipUser;
    const kept = sip_user !== null && sip_user === before.sip_user ? before.sealed_sip_password : null;
    if (typeof body.sipPassword === 'string' && sip_user === null) throw missingInput('/sipUser');
    const sealed_sip_password = body.sipPassword === undefined ? kept : body.sipPassword === null ? null : context.services.secrets.seal(sipPurpose(tenantId, id), body.sipPassword);
    const isPasswordNew = typeof body.sipPassword === 'string';
    if (extension === before.extension && sip_user === before.sip_user && !isPasswordNew && sealed_sip_password === before.sealed_sip_password) return view(before);
    const taken = extension === null || extension === before.extension ? undefined : await transaction.first(build.selectFrom('phone_line').select('staff_id').where('tenant_id', '=', tenantId).where('extension', '=', extension).where('staff_id', '<>', id));
    if (taken) throw refuseInput('/extension', 'name_taken', { field: { zh: '分机号', en: 'The extension' } });
    const next = { extension, sip_user, sealed_sip_password, version: before.version + 1 };
    if (before.isThere) await transaction.run(build.updateTable('phone_line').set({ ...next, updated_at: now }).where('tenant_id', '=', tenantId).where('staff_id', '=', id));
    else await transaction.run(build.insertInto('phone_line').values({ tenant_id: tenantId, staff_id: id, ...next, updated_at: now }));
    const told = (line: Line) => ({ extension: line.extension, sipUser: line.sip_user, hasSipPassword: line.sealed_sip_password !== null });
    await recordFact(transaction, { kind: 'phone_line.changed', subjectId: id, actor: context.actor, occurredAt: now, recordedAt: now, data: { name: staff.name, ...differencesOf(told(before), told(next)), ...(isPasswordNew ? { newPassword: true } : {}) } });
    return view(next);
  },
});

/** Whether there is a telephone here, and which extension is the caller's own (本人电话). */
export const showTelephone = useCase({
  summary: 'Show whether there is a telephone here, and which extension is one’s own',
  answer: Telephone,
  async run(context) {
    const { tenantId, transaction } = context;
    const [channels, { extension }, softphone] = await Promise.all([
      transaction.run(build.selectFrom('channel_account').select(['id', 'settings', 'active']).where('tenant_id', '=', tenantId).where('kind', '=', 'phone').where('archived_at', 'is', null)), read(context, staffOf(context).staffId), hasSoftphone(context),
    ]);
    return { connected: channels.length > 0, extension, dials: extension !== null && channels.some(({ active, settings }) => active && (settings as { mode?: string } | null)?.mode === 'ari'), softphone };
  },
});

/** The caller's own extension, null where they have none. */
export const ownExtension = async (context: Context): Promise<string | null> => (await read(context, staffOf(context).staffId)).extension;

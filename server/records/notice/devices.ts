import { hash } from 'node:crypto';
import { AddNoticeDevice, NoticeDevice, noticeLimits } from '../../../contract/notice.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { ensureActive } from './accounts.ts';

const purpose = 'notice device';

const viewDevice = (row: { id: string; name: string; face: string; endpoint_digest: Buffer; created_at: Date; last_sent_at: Date | null }): NoticeDeviceView => ({
  id: row.id, name: row.name, face: row.face as 'console', endpointDigest: row.endpoint_digest.toString('base64url'), createdAt: row.created_at.toISOString(), lastSentAt: row.last_sent_at?.toISOString() ?? null,
});
type NoticeDeviceView = { id: string; name: string; face: 'console' | 'field'; endpointDigest: string; createdAt: string; lastSentAt: string | null };

/** The browsers of somebody that take pushes (推送设备). */
export async function viewDevices({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, staffId: string): Promise<NoticeDeviceView[]> {
  const rows = await transaction.run(build.selectFrom('notice_device').select(['id', 'name', 'face', 'endpoint_digest', 'created_at', 'last_sent_at']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).orderBy('id'));
  return rows.map(viewDevice);
}

/** The same with what it takes to reach them, as JSON. */
export async function openDevices(transaction: Transaction, secrets: Secrets, staffId: string): Promise<{ id: string; subscription: string }[]> {
  const rows = await transaction.run(build.selectFrom('notice_device').select(['id', 'sealed']).where('tenant_id', '=', transaction.tenantId).where('staff_id', '=', staffId).orderBy('id'));
  return rows.flatMap((row) => {
    const opened = secrets.open(purpose, row.sealed);
    return opened ? [{ id: row.id, subscription: opened.toString() }] : [];
  });
}

/** A browser takes pushes from now on (登记推送设备). The same browser signed in as somebody else is theirs then. */
export const addNoticeDevice = useCase({
  summary: 'Let a browser take pushes for oneself',
  body: AddNoticeDevice,
  answer: NoticeDevice,
  status: 201,
  async run(context, { body }) {
    const { tenantId, transaction, now, services } = context;
    const { staffId } = staffOf(context);
    await ensureActive(transaction, 'web_push');
    await transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('id', '=', staffId).forNoKeyUpdate());
    const digest = hash('sha256', body.endpoint, 'buffer');
    const others = (await viewDevices(context, staffId)).filter((device) => device.endpointDigest !== digest.toString('base64url'));
    if (others.length >= noticeLimits.devices) throw new Refusal('too_many_devices', { limit: noticeLimits.devices });
    const sealed = services.secrets.seal(purpose, JSON.stringify({ endpoint: body.endpoint, keys: body.keys }));
    const [row] = await transaction.run(build.insertInto('notice_device')
      .values({ tenant_id: tenantId, id: newId(now.getTime()), staff_id: staffId, name: body.name.trim() || '-', face: body.face, endpoint_digest: digest, sealed, created_at: now })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'endpoint_digest']).doUpdateSet({ staff_id: staffId, name: body.name.trim() || '-', face: body.face, sealed }))
      .returning(['id', 'name', 'face', 'endpoint_digest', 'created_at', 'last_sent_at']));
    return viewDevice(row!);
  },
});

/** It takes none any more (取消推送设备). */
export const removeNoticeDevice = useCase({
  summary: 'Let a browser take no more pushes',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const [row] = await context.transaction.run(build.deleteFrom('notice_device').where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('id', '=', params.id).returning('id'));
    if (!row) throw new Refusal('not_found');
  },
});

export async function forgetDevice(transaction: Transaction, id: string): Promise<void> {
  await transaction.run(build.deleteFrom('notice_device').where('tenant_id', '=', transaction.tenantId).where('id', '=', id));
}

export async function noteSent(transaction: Transaction, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length > 0) await transaction.run(build.updateTable('notice_device').set({ last_sent_at: now }).where('tenant_id', '=', transaction.tenantId).where('id', 'in', ids));
}

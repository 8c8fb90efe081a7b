import type { NoticeChannel } from '../../../contract/notice.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { maskAddress } from './delivery-view.ts';

/** What a test or a code says, sealed in its row. */
export interface Direct {
  address: string;
  code?: string;
}
export const directPurpose = 'notice delivery';

export async function insertDirect({ transaction, tenantId, now }: Context, secrets: Secrets, { staffId, channel, purpose, ...direct }: Direct & { staffId: string; channel: NoticeChannel; purpose: 'test' | 'code' }): Promise<string> {
  const id = newId(now.getTime());
  await transaction.run(build.insertInto('notice_delivery').values({
    tenant_id: tenantId, id, staff_id: staffId, purpose, channel, state: 'waiting', urgency: 'urgent', address: maskAddress(channel, direct.address),
    sealed: secrets.seal(directPurpose, JSON.stringify(direct)), due_at: now, created_at: now,
  }));
  transaction.afterCommit(() => wake());
  return id;
}

let wake = (): void => {};

/** Says who is to look when there is something to send; called once by whoever sends. */
export function onDeliveryWaiting(callback: () => void): void {
  wake = callback;
}
export const wakeSender = (): void => wake();

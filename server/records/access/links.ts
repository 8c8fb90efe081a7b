import { idBytes, idFromBytes, type Secrets } from '../../platform/secrets.ts';

const linkDays = 180;

/**
 * The signed link by which a customer follows a ticket without an account (工单链接): `/t/{token}`. Good for 180 days
 * from when it was made; it opens this one ticket and nothing else. `handedOnBy`: the colleague it is shown to, so that the
 * history can say by whose link something was done.
 */
export function signTicketToken(secrets: Secrets, tenantId: string, ticketId: string, createdAt: Date, handedOnBy: string | null = null): string {
  return secrets.sign('ticket', Buffer.concat([idBytes(tenantId), idBytes(ticketId), ...handedOnBy === null ? [] : [idBytes(handedOnBy)]]), new Date(createdAt.getTime() + linkDays * 86_400_000));
}

export function readTicketToken(secrets: Secrets, token: string, now: Date): { tenantId: string; ticketId: string; handedOnBy: string | null } | null {
  const bytes = secrets.verify('ticket', token, now);
  if (bytes?.length !== 32 && bytes?.length !== 48) return null;
  return { tenantId: idFromBytes(bytes.subarray(0, 16)), ticketId: idFromBytes(bytes.subarray(16, 32)), handedOnBy: bytes.length === 48 ? idFromBytes(bytes.subarray(32)) : null };
}

/** The code on an asset (设备码): `/q/{token}`. It does not expire, as it is printed. */
export function signAssetToken(secrets: Secrets, tenantId: string, assetId: string): string {
  return secrets.sign('asset', Buffer.concat([idBytes(tenantId), idBytes(assetId)]), null);
}

export function readAssetToken(secrets: Secrets, token: string, now: Date): { tenantId: string; assetId: string } | null {
  const bytes = secrets.verify('asset', token, now);
  return bytes?.length === 32 ? { tenantId: idFromBytes(bytes.subarray(0, 16)), assetId: idFromBytes(bytes.subarray(16)) } : null;
}

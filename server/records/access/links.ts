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

/** What bears a code. */
export type CodeKind = 'asset' | 'site';
const codeKinds: readonly CodeKind[] = ['asset', 'site'];

/** The code on an asset or a place (设备码、地点码): `/q/{token}`. It does not expire, as it is printed; those of another round open nothing. */
export function signCodeToken(secrets: Secrets, tenantId: string, kind: CodeKind, id: string, round: number): string {
  const marked = Buffer.alloc(round === 0 ? 0 : 4);
  if (round > 0) marked.writeUInt32BE(round);
  return secrets.sign(kind, Buffer.concat([idBytes(tenantId), idBytes(id), marked]), null);
}

export function readCodeToken(secrets: Secrets, token: string, now: Date): { tenantId: string; kind: CodeKind; id: string; round: number } | null {
  for (const kind of codeKinds) {
    const bytes = secrets.verify(kind, token, now);
    if (bytes?.length === 32 || bytes?.length === 36) return { tenantId: idFromBytes(bytes.subarray(0, 16)), kind, id: idFromBytes(bytes.subarray(16, 32)), round: bytes.length === 36 ? bytes.readUInt32BE(32) : 0 };
  }
  return null;
}

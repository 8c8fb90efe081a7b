import { idBytes, idFromBytes, type Secrets } from '../../platform/secrets.ts';

/** Where the clouds tell what became of text messages (短信回执地址): nobody can make it up, and it names the organization. */
export const receiptPath = '/hooks/sms-receipts';
const purpose = 'sms receipts';

export const receiptAddress = (secrets: Secrets, publicUrl: string, tenantId: string): string => `${publicUrl}${receiptPath}/${secrets.sign(purpose, idBytes(tenantId), null)}`;

export function readReceiptAddress(secrets: Secrets, token: string, now: Date): string | null {
  const bytes = secrets.verify(purpose, token, now);
  return bytes?.length === 16 ? idFromBytes(bytes) : null;
}

import type { Secrets } from '../../platform/secrets.ts';

/** An ID number (证件号) in the form it is compared in: upper case, without blanks, brackets as they are typed elsewhere. */
export function normaliseIdNumber(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
}

/** How an ID number is kept: sealed, beside a keyed hash by which the same one is found again within the organization. */
export function sealIdNumber(secrets: Secrets, tenantId: string, text: string): { id_number: Buffer; id_number_digest: Buffer } {
  const number = normaliseIdNumber(text);
  return { id_number: secrets.seal('id-number', number), id_number_digest: secrets.digest('id-number', `${tenantId} ${number}`) };
}

/** The number behind a seal; null when there is none, or when it was sealed under another key. */
export function openIdNumber(secrets: Secrets, sealed: Buffer | null): string | null {
  return sealed === null ? null : secrets.open('id-number', sealed)?.toString() ?? null;
}

import { statement, type Transaction } from '../../platform/db/database.ts';
import type { Services } from '../../platform/context.ts';
import { signCodeToken, type CodeKind } from '../access/links.ts';

/** How a code fares (二维码): only its newest round opens anything. */
export interface CodeState {
  round: number;
  scans: number;
  lastScannedAt: Date | null;
}

interface CodeRow {
  subject_id: string;
  round: number;
  scans: number;
  last_scanned_at: Date | null;
}

const find = statement<CodeRow>('scan_code.find', 'SELECT subject_id, round, scans, last_scanned_at FROM scan_code WHERE tenant_id = $1 AND kind = $2 AND subject_id = ANY($3::uuid[])');
const renew = statement<{ round: number }>('scan_code.renew', `
  INSERT INTO scan_code (tenant_id, kind, subject_id, round, renewed_at) VALUES ($1, $2, $3, 1, $4)
  ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET round = scan_code.round + 1, renewed_at = excluded.renewed_at RETURNING round`);
const count = statement<never>('scan_code.count', `
  INSERT INTO scan_code (tenant_id, kind, subject_id, scans, last_scanned_at) VALUES ($1, $2, $3, 1, $4)
  ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET scans = scan_code.scans + 1, last_scanned_at = excluded.last_scanned_at`);

const never: CodeState = { round: 0, scans: 0, lastScannedAt: null };

/** How the codes of some assets or places fare; those that were never scanned nor renewed are not rows. */
export async function codesOf(transaction: Transaction, kind: CodeKind, ids: readonly string[]): Promise<(id: string) => CodeState> {
  const rows = ids.length === 0 ? [] : await transaction.query(find, [transaction.tenantId, kind, ids]);
  const states = new Map(rows.map((row) => [row.subject_id, { round: row.round, scans: row.scans, lastScannedAt: row.last_scanned_at }]));
  return (id) => states.get(id) ?? never;
}

/** Makes the codes that are out there open nothing any more, and a new one (换码). */
export const renewCode = async (transaction: Transaction, kind: CodeKind, id: string, now: Date): Promise<number> => (await transaction.query(renew, [transaction.tenantId, kind, id, now]))[0]!.round;

/** Somebody scanned it. */
export const countScan = (transaction: Transaction, kind: CodeKind, id: string, now: Date): Promise<unknown> => transaction.query(count, [transaction.tenantId, kind, id, now]);

/** What a code opens, and how often it was. */
export function viewCode(services: Pick<Services, 'secrets' | 'publicUrl'>, tenantId: string, kind: CodeKind, id: string, { round, scans, lastScannedAt }: CodeState): { scanUrl: string; scans: { count: number; lastAt: string | null } } {
  return { scanUrl: `${services.publicUrl}/q/${signCodeToken(services.secrets, tenantId, kind, id, round)}`, scans: { count: scans, lastAt: lastScannedAt?.toISOString() ?? null } };
}

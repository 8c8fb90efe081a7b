import type { Reference } from '../../../../contract/common.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';

/** Somebody who is away now. */
export interface CurrentAbsence {
  staffId: string;
  from: Date;
  to: Date;
  cover: Reference | null;
  note: string | null;
}

const findCurrent = statement<{ staff_id: string; starts_at: Date; ends_at: Date; note: string | null; cover_id: string | null; cover_name: string | null }>('absence.current', `
  SELECT a.staff_id, a.starts_at, a.ends_at, a.note, a.cover_id, c.name AS cover_name
  FROM absence a LEFT JOIN staff c ON c.tenant_id = a.tenant_id AND c.id = a.cover_id
  WHERE a.tenant_id = $1 AND a.staff_id = ANY($2::uuid[]) AND a.cancelled_at IS NULL AND a.starts_at <= $3 AND a.ends_at > $3`);

/** Which of some people are away at a moment (当前请假), by person. */
export async function currentAbsences(transaction: Transaction, staffIds: readonly string[], now: Date): Promise<Map<string, CurrentAbsence>> {
  if (staffIds.length === 0) return new Map();
  const rows = await transaction.query(findCurrent, [transaction.tenantId, [...new Set(staffIds)], now]);
  return new Map(rows.map((row) => [row.staff_id, {
    staffId: row.staff_id, from: row.starts_at, to: row.ends_at, note: row.note, cover: row.cover_id === null ? null : { id: row.cover_id, name: row.cover_name ?? '' },
  }]));
}

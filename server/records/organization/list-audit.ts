import { limits } from '../../../contract/common.ts';
import { AuditPage, ListAudit } from '../../../contract/organization.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { auditPage, viewAuditEntries, type AuditPlace } from './audit-page.ts';

/** What happened in the organization, newest first (审计日志); of tickets only what happened to those the reader may see. */
export const listAudit = useCase({
  summary: 'List the audit trail',
  query: ListAudit,
  answer: AuditPage,
  async run(context, { query }) {
    const { limit = limits.defaultPage, cursor, ...filters } = query;
    const { facts, next } = await auditPage(context, filters, cursor === undefined ? null : readPlace(cursor), limit);
    return {
      items: await viewAuditEntries(context, facts),
      lookedBackTo: next?.recordedAt ?? null,
      nextCursor: next ? Buffer.from(`audit ${next.recordedAt} ${next.position}`).toString('base64url') : null,
    };
  },
});

function readPlace(cursor: string): AuditPlace {
  const [, recordedAt, position] = /^audit (\S{24}) (\d{1,15})$/.exec(decodeCursor(cursor)) ?? [];
  const moment = new Date(recordedAt ?? '');
  // JavaScript also reads days that no calendar has, and a year 0.
  if (position === undefined || Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1 || moment.toISOString() !== recordedAt) throw new Refusal('invalid_cursor');
  return { recordedAt, position: Number(position) };
}

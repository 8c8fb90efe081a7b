import type { HotlineCase, HotlineReport } from '../../../contract/hotline.ts';
import { caseRules, openActions, type CaseState, type CodeLine, type ExtensionState } from '../../../rules/hotline/case.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { accessOf, type TicketRow } from '../ticket/row.ts';

/** A case as it lies in the database (热线派单). */
export interface CaseRow {
  id: string;
  account_id: string;
  case_number: string;
  ticket_id: string;
  state: CaseState;
  extension: ExtensionState | null;
  code: string | null;
  code_name: string | null;
  codes_number: number | null;
  dispatched_at: Date;
  deadline_at: Date | null;
  urged: number;
  satisfaction: number | null;
  satisfaction_words: string | null;
  satisfied_at: Date | null;
  version: number;
}

interface ReportRow {
  id: string;
  case_id: string;
  kind: HotlineReport['kind'];
  body: { words?: string; until?: string };
  state: HotlineReport['state'];
  attempts: number;
  failure: string | null;
  made_by: string | null;
  created_at: Date;
  settled_at: Date | null;
}

const columns = 'id, account_id, case_number, ticket_id, state, extension, code, code_name, codes_number, dispatched_at, deadline_at, urged, satisfaction, satisfaction_words, satisfied_at, version';
const lockByNumber = statement<CaseRow>('hotline_case.lock_by_number', `SELECT ${columns} FROM hotline_case WHERE tenant_id = $1 AND account_id = $2 AND case_number = $3 FOR NO KEY UPDATE`);
const lockById = statement<CaseRow>('hotline_case.lock', `SELECT ${columns} FROM hotline_case WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const ofTickets = statement<CaseRow & { account_name: string }>('hotline_case.of_tickets', `
  SELECT ${columns.split(', ').map((name) => `c.${name}`).join(', ')}, a.name AS account_name FROM hotline_case c JOIN channel_account a ON a.tenant_id = c.tenant_id AND a.id = c.account_id
  WHERE c.tenant_id = $1 AND c.ticket_id = ANY($2::uuid[]) ORDER BY c.id`);
const reportsOf = statement<ReportRow>('hotline_report.of_cases', `
  SELECT id, case_id, kind, body, state, attempts, failure, made_by, created_at, settled_at FROM hotline_report WHERE tenant_id = $1 AND case_id = ANY($2::uuid[]) ORDER BY id DESC`);
const newest = statement<{ number: number; codes: CodeLine[] }>('hotline_codes.newest', 'SELECT number, codes FROM hotline_codes WHERE tenant_id = $1 AND account_id = $2 ORDER BY number DESC LIMIT 1');

export const lockCaseNumbered = async (transaction: Transaction, accountId: string, caseNumber: string): Promise<CaseRow | undefined> => (await transaction.query(lockByNumber, [transaction.tenantId, accountId, caseNumber]))[0];
export const lockCase = async (transaction: Transaction, id: string): Promise<CaseRow | undefined> => (await transaction.query(lockById, [transaction.tenantId, id]))[0];

/** The code table of an account that is in use (分类对照表): version 0 where there is none. */
export const codesInUse = async (transaction: Transaction, accountId: string): Promise<{ number: number; codes: CodeLine[] }> => (await transaction.query(newest, [transaction.tenantId, accountId]))[0] ?? { number: 0, codes: [] };

/** The cases of a ticket with what the caller may do with them (热线派单视图). */
export async function viewCases(context: Context, ticket: TicketRow, mergedFrom: readonly string[]): Promise<HotlineCase[]> {
  const rows = await context.transaction.query(ofTickets, [context.tenantId, [ticket.id, ...mergedFrom]]);
  if (rows.length === 0) return [];
  const reports = Map.groupBy(await context.transaction.query(reportsOf, [context.tenantId, rows.map((row) => row.id)]), (report) => report.case_id);
  const access = accessOf(ticket);
  const subject = staffOf(context);
  return rows.map((row) => ({
    id: row.id, channel: { id: row.account_id, name: row.account_name }, caseNumber: row.case_number, ticketId: row.ticket_id, state: row.state, extension: row.extension, code: row.code, codeName: row.code_name, codesVersion: row.codes_number,
    dispatchedAt: row.dispatched_at.toISOString(), deadlineAt: row.deadline_at?.toISOString() ?? null, urged: row.urged, satisfaction: row.satisfaction, satisfactionWords: row.satisfaction_words, satisfiedAt: row.satisfied_at?.toISOString() ?? null,
    actions: openActions(row.state, row.extension).filter((action) => permits(reachOf(subject, caseRules[action].permission), access)),
    reports: (reports.get(row.id) ?? []).map((report) => ({
      id: report.id, kind: report.kind, state: report.state, words: report.body.words ?? null, until: report.body.until ?? null, attempts: report.attempts, failure: report.failure, by: report.made_by, createdAt: report.created_at.toISOString(), settledAt: report.settled_at?.toISOString() ?? null,
    })),
    version: row.version,
  }));
}

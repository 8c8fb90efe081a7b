import { outsideTools } from '../../channels/notice-channel.ts';
import { signedHeaders } from '../../channels/standard-webhooks.ts';
import { systemActor, type Context, type Services } from '../../platform/context.ts';
import { build, everyTenant, statement } from '../../platform/db/database.ts';
import { isFinal, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, secretsOf } from '../../records/channel/accounts.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding } from '../../records/ticket/landing.ts';

interface DueReport {
  tenant_id: string;
  id: string;
  case_id: string;
  kind: string;
  body: Record<string, unknown>;
  attempts: number;
  made_by: string | null;
  made_by_id: string | null;
  created_at: Date;
}

const leaseSeconds = 60;
const batch = 20;
const pollMilliseconds = 1_000;
const farewellMilliseconds = 5_000;
const callMilliseconds = 15_000;
const pauses = [5, 30, 120, 600, 1_800, 3_600];
const mostAttempts = 30;

// In the order they were made: what comes after one that the hotline has not taken waits until it has, or somebody passes that one over.
const claim = statement<DueReport>('hotline_report.claim', `
  UPDATE hotline_report r SET attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, id FROM hotline_report d WHERE due_at <= $1
    AND NOT EXISTS (SELECT 1 FROM hotline_report e WHERE e.tenant_id = d.tenant_id AND e.case_id = d.case_id AND e.id < d.id AND e.state IN ('waiting', 'failed'))
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE r.tenant_id = due.tenant_id AND r.id = due.id RETURNING r.tenant_id, r.id, r.case_id, r.kind, r.body, r.attempts, r.made_by, r.made_by_id, r.created_at`);
// Only of the attempt that was made: whoever was too slow must not undo what became of it meanwhile.
const settle = statement<{ id: string }>('hotline_report.settle', "UPDATE hotline_report SET state = $4, failure = $5, due_at = NULL, settled_at = $6 WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'waiting' RETURNING id");
const postpone = statement<never>('hotline_report.postpone', "UPDATE hotline_report SET failure = $4, due_at = $5 WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'waiting'");

let wake = (): void => {};

/** Wakes whoever reports. */
export const announceReports = (): void => wake();

/**
 * Tells hotlines what was done with their cases (热线回报): each report under a name that stays the same, so that it may be told twice and is taken
 * once; again with growing pauses for as long as nobody answers. What is refused for good stands on the ticket, and holds up what comes after it
 * until it is told once more or passed over.
 *
 * @returns how many there were
 */
export async function sendDueReports(services: Services): Promise<number> {
  const due = await services.database.transact(everyTenant, (transaction) => transaction.query(claim, [services.clock.now(), batch]));
  await Promise.all(due.map((report) => sendOne(services, report).catch((error: unknown) => services.log.error({ error, tenantId: report.tenant_id, report: report.id }, 'a hotline could not be told; it will be tried again'))));
  return due.length;
}

async function sendOne(services: Services, report: DueReport): Promise<void> {
  const { clock, database, secrets } = services;
  const found = await database.transact(report.tenant_id, async (transaction) => {
    const row = await transaction.first(build.selectFrom('hotline_case').select(['case_number', 'account_id', 'ticket_id']).where('tenant_id', '=', report.tenant_id).where('id', '=', report.case_id));
    return { row: row!, channel: (await findChannels(transaction, [row!.account_id]))[0] };
  });
  const { problem, final } = await tell();
  const now = clock.now();
  const attempt = [report.tenant_id, report.id, report.attempts] as const;
  await database.transact(report.tenant_id, async (transaction) => {
    if (problem === null) return void await transaction.query(settle, [...attempt, 'sent', null, now]);
    if (!final && report.attempts < mostAttempts) return void await transaction.query(postpone, [...attempt, problem, new Date(now.getTime() + pauses[Math.min(report.attempts, pauses.length) - 1]! * 1_000)]);
    if ((await transaction.query(settle, [...attempt, 'failed', problem, now])).length === 0) return;
    const context: Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'> = { tenantId: report.tenant_id, transaction, now, actor: systemActor };
    const landing = await lockLanding(context, found.row.ticket_id);
    if (landing) await tellOnTicket(context, landing.ticket, { kind: 'hotline.report_failed', data: { caseNumber: found.row.case_number, report: report.kind, failure: problem, ...(report.made_by_id === null ? {} : { staffId: report.made_by_id }) } });
  });

  async function tell(): Promise<{ problem: string | null; final: boolean }> {
    const { channel, row } = found;
    const url = channel?.settings['reportUrl'];
    const kept = channel ? secretsOf(secrets, channel) : null;
    if (!channel || channel.archived_at || !url || !kept) return { problem: 'there is nowhere to report to', final: true };
    const body = JSON.stringify({ report_id: report.id, case_no: row.case_number, type: `case.${report.kind}`, at: report.created_at.toISOString(), by: report.made_by, ...report.body });
    const signed = channel.settings['mode'] === 'signature' ? signedHeaders(kept['secret'] ?? '', report.id, clock.now(), body) : { authorization: `Bearer ${kept['token'] ?? ''}`, 'idempotency-key': report.id };
    try {
      const answer = await outsideTools(clock, services.privateHosts ?? []).call({ method: 'POST', url, headers: { accept: 'application/json', 'content-type': 'application/json; charset=utf-8', 'user-agent': 'bihuan', ...signed }, body }, { milliseconds: callMilliseconds });
      return readAnswer(answer.status, answer.body);
    } catch (error) {
      if (!(error instanceof OutsideFailure)) throw error;
      return { problem: `${error.code}: ${error.message}`.slice(0, 500), final: isFinal(error) };
    }
  }
}

/** An error within a 200 is an error. What is not understood stays so; being asked to wait does not. */
function readAnswer(status: number, body: string): { problem: string | null; final: boolean } {
  let code: unknown;
  try {
    code = (JSON.parse(body) as { code?: unknown } | null)?.code;
  } catch {
    code = undefined;
  }
  const well = code === undefined || code === null || code === 0 || code === '0' || code === 200 || code === '200';
  if (status >= 200 && status <= 299 && well) return { problem: null, final: false };
  const said = `HTTP ${status} ${body.slice(0, 200)}`.trim();
  return { problem: said, final: status >= 200 && status <= 299 ? true : status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status) };
}

/** Keeps reporting until stopped; woken when something was done with a case. */
export function runHotlineReports(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await sendDueReports(services) >= batch ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'reports to hotlines could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  );
  wake = work.wake;
  return stoppedWithin(work, farewellMilliseconds);
}

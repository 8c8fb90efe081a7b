import type { Updateable } from 'kysely';
import { Type, type Static } from 'typebox';
import { Closed, Id, OneOf } from '../../../contract/common.ts';
import { HotlineCases, TakeHotlineAction } from '../../../contract/hotline.ts';
import { caseActions, caseRules, openActions } from '../../../rules/hotline/case.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { HotlineReportTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, missingInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findChannels } from '../../records/channel/accounts.ts';
import { lockCase, viewCases, type CaseRow } from '../../records/hotline/rows.ts';
import { mergedInto } from '../../records/ticket/alias.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { ensureVersion, findReadableTicket, lockTicketFor } from '../../records/ticket/find.ts';
import { lockLandingFor, type Landing } from '../../records/ticket/landing.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { announceReports } from './send-hotline-reports.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });

async function casesOf(context: Context, ticket: TicketRow) {
  return { items: await viewCases(context, ticket, (await mergedInto(context, ticket.id)).map((source) => source.id)) };
}

/** The cases of a hotline that a ticket is about (工单的热线派单). */
export const listHotlineCases = useCase({
  summary: 'List the cases of a hotline that a ticket is about',
  params,
  answer: HotlineCases,
  run: async (context, { params: { id } }) => casesOf(context, await findReadableTicket(context, id)),
});

/** The case and the ticket it lies on now; both locked. */
async function lockBoth(context: Context, id: string, permission: (typeof caseRules)[keyof typeof caseRules]['permission']): Promise<{ found: CaseRow; landing: Landing }> {
  const found = await lockCase(context.transaction, id);
  if (!found) throw new Refusal('not_found');
  return { found, landing: await lockLandingFor(context, found.ticket_id, permission) };
}

/** 签收、退单、申请延期、办结、回访: what is done with a case, and told to the hotline in the same transaction (热线操作). */
export const takeHotlineAction = useCase({
  summary: 'Accept, return, finish a case of a hotline, ask for more time, or say what the citizen says; the hotline is told',
  params: Closed({ id: Id, action: OneOf(caseActions) }),
  body: TakeHotlineAction,
  answer: HotlineCases,
  versioned: true,
  async run(context, { params: { id, action }, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    const rule = caseRules[action];
    const { found, landing } = await lockBoth(context, id, rule.permission);
    ensureVersion(found, ifMatch);
    if (!openActions(found.state, found.extension).includes(action)) throw new Refusal('hotline_action_not_open');
    const words = body.words?.trim() ?? '';
    for (const need of rule.needs) if (need === 'words' ? words === '' : body[need] === undefined) throw missingInput(`/${need}`);
    if (action === 'ask_extension' && new Date(body.until!) <= (found.deadline_at ?? now)) throw new Refusal('hotline_extension_not_later');
    const [channel] = await findChannels(transaction, [found.account_id]);
    const byHand = !channel?.settings['reportUrl'];
    const told = { ...(words === '' ? {} : { words }), ...(action === 'ask_extension' ? { until: body.until } : {}), ...(action === 'revisit' ? { satisfaction: body.satisfaction } : {}) };
    await transaction.run(build.updateTable('hotline_case').set({ ...(rule.to === null ? {} : { state: rule.to }), ...(action === 'ask_extension' ? { extension: 'asked' } : {}), version: found.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', id));
    await transaction.run(build.insertInto('hotline_report').values({
      tenant_id: tenantId, id: newId(now.getTime()), case_id: id, kind: rule.report, body: JSON.stringify(told), state: byHand ? 'by_hand' : 'waiting', due_at: byHand ? null : now, made_by: context.actor.name, made_by_id: staffOf(context).staffId, created_at: now,
    }));
    const ticket = await tellOnTicket(context, landing.ticket, { kind: 'hotline.reported', data: { caseNumber: found.case_number, report: rule.report, byHand, ...told } });
    if (!byHand) transaction.afterCommit(announceReports);
    return casesOf(context, ticket);
  },
});

const reportParams = Closed({ id: Id });

/** A report that the hotline did not take becomes another, with its ticket locked; what waited behind it is looked at at once. */
async function settleFailed(context: Context, id: string, patch: Updateable<HotlineReportTable>): Promise<Static<typeof HotlineCases>> {
  const { tenantId, transaction } = context;
  const report = await transaction.first(build.selectFrom('hotline_report').select('case_id').where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!report) throw new Refusal('not_found');
  const owner = await transaction.first(build.selectFrom('hotline_case').select('ticket_id').where('tenant_id', '=', tenantId).where('id', '=', report.case_id));
  const ticket = await lockTicketFor(context, owner!.ticket_id, 'ticket.resolve', { merged: 'taken' });
  const changed = await transaction.run(build.updateTable('hotline_report').set(patch).where('tenant_id', '=', tenantId).where('id', '=', id).where('state', '=', 'failed').returning('id'));
  if (changed.length === 0) throw new Refusal('hotline_report_not_failed');
  transaction.afterCommit(announceReports);
  return casesOf(context, await findReadableTicket(context, ticket.id));
}

/** Tells the hotline once more what it did not take (重新回报). */
export const retryHotlineReport = useCase({
  summary: 'Tell a hotline once more what it did not take',
  params: reportParams,
  answer: HotlineCases,
  run: (context, { params: { id } }) => settleFailed(context, id, { state: 'waiting', attempts: 0, due_at: context.now, failure: null, settled_at: null }),
});

/** Passes over what the hotline did not take (跳过回报): somebody does it on the hotline's own platform, and what comes after it goes on. */
export const skipHotlineReport = useCase({
  summary: 'Pass over what a hotline did not take: it is done on their platform, and later reports go on',
  params: reportParams,
  answer: HotlineCases,
  run: (context, { params: { id } }) => settleFailed(context, id, { state: 'by_hand' }),
});

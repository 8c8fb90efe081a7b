import type { Effect } from '../../../../rules/workflow/state.ts';
import { asText, type Json } from '../../../../rules/conditions/json.ts';
import { priorities, type Priority } from '../../../../rules/ticket/lifecycle.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import { build, statement, type Transaction } from '../../../platform/db/database.ts';
import { isId, newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { llmInUse } from '../../llm/llm-setting.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { fillForm } from '../../ticket/fill-form.ts';
import { insertNewTicket } from '../../ticket/insert.ts';
import { ensureRoomForChild } from '../../ticket/link.ts';
import { refill } from '../../ticket/refill.ts';
import { findTeam, findType } from '../../ticket/references.ts';
import { changeTicket, type TicketPatch } from '../../ticket/change.ts';
import { priorityRank, type TicketRow } from '../../ticket/row.ts';
import { change, tell, writePending, type Answer, type Driving } from './driving.ts';
import { findPerformers, peopleAmong } from './performers.ts';

type Acting<Kind extends string> = Extract<Extract<Effect, { do: 'act' }>['action'], { do: Kind }>;

/** Tickets that flows may make in each other's wake. */
const deepestChild = 5;
/** Tickets that flows may make in one transaction; whatever is beyond is held, and goes on when it is tried again. */
const mostChildrenAtOnce = 100;
const childrenOf = new WeakMap<Transaction['afterCommit'], number>();
const leaseOne = statement<{ value: number }>('number_block.one', `
  INSERT INTO number_block (tenant_id, day, next_value) VALUES ($1, $2, 2)
  ON CONFLICT (tenant_id, day) DO UPDATE SET next_value = number_block.next_value + 1 RETURNING next_value - 1 AS value`);
const countAbove = statement<{ count: number }>('flow.ancestors', `
  WITH RECURSIVE up AS (
    SELECT parent_id, 1 AS height FROM ticket WHERE tenant_id = $1 AND id = $2
    UNION ALL SELECT t.parent_id, up.height + 1 FROM up JOIN ticket t ON t.tenant_id = $1 AND t.id = up.parent_id WHERE up.height < 20)
  SELECT count(*)::int AS count FROM up WHERE parent_id IS NOT NULL`);

/** Carries out an action of a flow (自动动作); null where a job answers later. */
export async function act(driving: Driving, effect: Extract<Effect, { do: 'act' }>): Promise<Answer | null> {
  const { action } = effect;
  switch (action.do) {
    case 'notify': {
      const staffIds = await peopleAmong(driving.context, await findPerformers(driving.context, driving.ticket, driving.state!, { performers: action.to, scope: effect.scope }, { fields: driving.ticket.fields }));
      await tell(driving, { kind: 'flow.notified', data: { staffIds, text: action.text } });
      return { ok: true };
    }
    case 'set_fields':
      return setFields(driving, action);
    case 'create_child':
      return createChild(driving, action);
    case 'request_parts': {
      const id = newId(driving.context.now.getTime());
      await driving.context.transaction.run(build.insertInto('flow_part_request').values({ tenant_id: driving.context.tenantId, id, ticket_id: driving.ticket.id, instance_id: driving.instance.id, lines: JSON.stringify(action.lines), note: action.note, created_at: driving.context.now }));
      await tell(driving, { kind: 'flow.parts_requested', subjectId: id, data: { lines: action.lines, note: action.note } });
      return { ok: true };
    }
    case 'http_call':
      return requestCall(driving, effect, action);
    case 'ask_llm':
      return askLlm(driving, effect, action);
  }
}

async function setFields(driving: Driving, action: Acting<'set_fields'>): Promise<Answer> {
  const { context } = driving;
  const configuration = await configurationOf(context);
  const patch: TicketPatch = {};
  const { priority, team, assignee, addTags } = action.ticket;
  if (priority !== undefined && priority !== null) {
    if (!(priorities as readonly unknown[]).includes(priority)) return { ok: false, reason: `priority: ${JSON.stringify(priority)}` };
    patch.priority = priorityRank(priority as Priority);
    patch.priority_explanation = { ...driving.ticket.priority_explanation, overridden: true };
  }
  if (team !== undefined && team !== null) {
    const found = findTeam(configuration, asText(team));
    Object.assign(patch, { team_id: found.id, department_id: found.departmentId });
  }
  if (assignee !== undefined && assignee !== null) {
    const person = isId(asText(assignee)) ? await context.transaction.first(build.selectFrom('staff').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', asText(assignee)).where('active', '=', true)) : undefined;
    if (!person) return { ok: false, reason: `assignee: ${JSON.stringify(assignee)}` };
    Object.assign(patch, { assignee_id: person.id, accepted_at: null, participant_ids: [...new Set([...driving.ticket.participant_ids, person.id])] });
  }
  if (addTags?.length) patch.tags = [...new Set([...driving.ticket.tags, ...addTags])].slice(0, 20);
  const filled = Object.keys(action.fields).length === 0 ? null : await refill(context, configuration, { ...driving.ticket, ...patch } as TicketRow, action.fields);
  if (filled) patch.fields = filled.values as TicketPatch['fields'];
  if (Object.keys(patch).length > 0) await change(driving, patch, { kind: 'ticket.changed', ...(filled ? { maskedFields: filled.maskedFields } : {}) });
  return { ok: true };
}

async function createChild(driving: Driving, action: Acting<'create_child'>): Promise<Answer> {
  const { context, ticket: parent } = driving;
  const { transaction, tenantId, now } = context;
  const configuration = await configurationOf(context);
  const type = findType(configuration, action.type ?? undefined);
  const subject = action.subject.trim();
  if (subject === '') return { ok: false, reason: 'subject' };
  const [above] = await transaction.query(countAbove, [tenantId, parent.id]);
  if (above!.count >= deepestChild) throw new Refusal('limit_reached', { limit: deepestChild });
  await ensureRoomForChild(context, parent.id);
  // Copies of a transaction have this in common. Children with flows of their own may make children in turn, all in one.
  // oxlint-disable-next-line typescript/unbound-method -- it stands for the transaction, and is never called
  const { afterCommit } = transaction;
  const made = childrenOf.get(afterCommit) ?? 0;
  if (made >= mostChildrenAtOnce) throw new Refusal('limit_reached', { limit: mostChildrenAtOnce });
  childrenOf.set(afterCommit, made + 1);
  const teamId = action.team === null ? parent.team_id : findTeam(configuration, action.team).id;
  const departmentId = teamId === null ? null : configuration.teams.get(teamId)?.departmentId ?? null;
  const { values: fields } = await fillForm(context, configuration, {
    type, form: type.form, mode: 'create', given: action.fields,
    ticket: { status: 'new', statusId: null, type: type.id, category: parent.category_id, channel: parent.channel, team: teamId, department: departmentId, assignee: null, waitingFor: null, tags: [], subject, customer: parent.customer_id, asset: parent.asset_id },
  });
  const day = localDay(now, configuration.organization.timeZone);
  const [number] = await transaction.query(leaseOne, [tenantId, day]);
  const child = await insertNewTicket(context, {
    id: newId(now.getTime()), number: `${day.replaceAll('-', '')}-${String(number!.value).padStart(5, '0')}`, type_id: type.id, form_version: type.formVersion, subject, description: action.description, status: 'new',
    priority: parent.priority, priority_explanation: parent.priority_explanation, channel: parent.channel, category_id: parent.category_id, team_id: teamId, department_id: departmentId, assignee_id: null, customer_id: parent.customer_id,
    contact_name: parent.contact_name, contact_phone: parent.contact_phone, contact_email: parent.contact_email, asset_id: parent.asset_id, address: parent.address, lat: parent.lat, lng: parent.lng, fields, tags: [],
  });
  const placed = await changeTicket(context, child, { parent_id: parent.id }, { kind: 'link.added', data: { link: 'parent', other: { number: parent.number }, flow: driving.loaded.name } });
  await tell(driving, { kind: 'link.added', data: { link: 'child', other: { number: child.number } } });
  await writePending(driving);
  await driving.startChild(context, placed, type);
  return { ok: true, ...(action.into === null ? {} : { vars: { [action.into]: child.id as Json } }) };
}

/** What a call is made of, as it is kept: to another system, or to the language model. */
export interface KeptHttpCall { method: string; url: string; headers: { name: string; value: string }[]; body: Record<string, Json> | null; into: Record<string, string>; timeoutSeconds: number; attempts: number }
export interface KeptQuestion { prompt: string; variable: string; answers: Record<string, string>; attempts: number }
export type KeptCall = KeptHttpCall | KeptQuestion;

async function requestCall(driving: Driving, effect: Extract<Effect, { do: 'act' }>, action: Acting<'http_call'>): Promise<null> {
  const { do: _do, ...request } = action;
  return keepCall(driving, effect, request, new URL(action.url).host);
}

const questionAttempts = 3;

async function askLlm(driving: Driving, effect: Extract<Effect, { do: 'act' }>, action: Acting<'ask_llm'>): Promise<Answer | null> {
  const llm = await llmInUse(driving.context.transaction);
  if (!llm) return { ok: false, code: 'not_configured', reason: '大模型 LLM' };
  return keepCall(driving, effect, { prompt: action.prompt, variable: action.into, answers: action.answers, attempts: questionAttempts }, new URL(llm.baseUrl).host);
}

async function keepCall(driving: Driving, effect: Extract<Effect, { do: 'act' }>, request: KeptCall, host: string): Promise<null> {
  const { context, instance } = driving;
  const id = newId(context.now.getTime());
  await context.transaction.run(build.insertInto('flow_call').values({
    tenant_id: context.tenantId, id, instance_id: instance.id, ticket_id: instance.ticket_id, activation: effect.activation, ask: effect.ask, request: JSON.stringify(request), state: 'waiting', created_at: context.now,
  }));
  await tell(driving, { kind: 'flow.call_requested', subjectId: id, data: { host } });
  return null;
}

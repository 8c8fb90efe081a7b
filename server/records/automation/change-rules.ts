import { Type } from 'typebox';
import { AutomationRule, AutomationRules, CreateAutomationRule, OrderAutomationRules, PublishAutomationRule, UpdateAutomationRule } from '../../../contract/automation.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import { withoutCallDetails } from '../../../rules/automation/call-details.ts';
import { automationLimits, type Definition } from '../../../rules/automation/definition.ts';
import { nextOccurrence, untouchedPace } from '../../../rules/automation/recurrence.ts';
import type { FactKind } from '../../../contract/facts.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { clearTimer, setTimer } from '../../platform/timers/timers.ts';
import { configurationOf } from '../organization/configuration.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';
import { raiseRulesVersion } from './active-rules.ts';
import { problemsOf } from './check-references.ts';
import { listInOrder } from './read-rules.ts';
import type { RuleRow } from './rows.ts';
import { sealHeaders } from './sealed-headers.ts';
import { findRule, viewRules } from './view-rules.ts';

const params = Closed({ id: Id });
const show = async (context: Context, row: RuleRow) => (await viewRules(context, [row]))[0]!;

/** Begins a rule (新建规则): as a draft, behind the others, not in use before it is published. */
export const createAutomationRule = useCase({
  summary: 'Create an automation rule',
  body: CreateAutomationRule,
  answer: AutomationRule,
  status: 201,
  async run(context, { body }) {
    ensureStorable(body.definition, context.language, '/definition');
    const present = await context.transaction.run(build.selectFrom('automation_rule').select('position').where('tenant_id', '=', context.tenantId).where('archived', '=', false).orderBy('position', 'desc').limit(automationLimits.rules));
    if (present.length >= automationLimits.rules) throw new Refusal('limit_reached', { limit: automationLimits.rules });
    const row: RuleRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), name: body.name.trim(), description: body.description?.trim() || null, position: (present[0]?.position ?? -1) + 1, enabled: false,
      stop_after_match: body.stopAfterMatch ?? false, archived: false, draft: sealHeaders(context, body.definition), definition: null, published_version: null, effective_from: null, failures: 0, suspended_at: null, suspended_reason: null,
      version: 1, created_by: context.actor.id, created_at: context.now, updated_at: context.now,
    };
    await context.transaction.run(build.insertInto('automation_rule').values({ ...row, draft: JSON.stringify(row.draft), definition: null, suspended_reason: null }));
    await tell(context, 'automation_rule.created', row, {});
    return show(context, row);
  },
});

/** Changes a rule (修改规则), from the version the caller saw: its draft, its name, whether it is in use. */
export const updateAutomationRule = useCase({
  summary: 'Change, switch or archive an automation rule',
  params,
  body: UpdateAutomationRule,
  answer: AutomationRule,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const row = await findRule(context, id, { change: true });
    ensureVersion(row, ifMatch);
    if (body.draft) ensureStorable(body.draft, context.language, '/draft');
    if (body.enabled && row.definition === null) throw new Refusal('rule_not_published');
    if (body.enabled && !row.enabled) await ensurePublishable(context, row.definition!, '/definition');
    const archived = body.archived ?? row.archived;
    const next = {
      name: body.name?.trim() ?? row.name, description: body.description === undefined ? row.description : body.description?.trim() || null, archived,
      // What is archived does nothing.
      enabled: !archived && (body.enabled ?? row.enabled), stop_after_match: body.stopAfterMatch ?? row.stop_after_match,
      draft: body.draft === undefined ? row.draft : body.draft && sealHeaders(context, body.draft, [row.definition, row.draft]),
    };
    if (next.draft !== null && row.definition !== null && canonicalJson(next.draft) === canonicalJson(row.definition)) next.draft = null;
    const said = ({ name, description, archived: gone, enabled, stop_after_match: stopAfterMatch, draft }: typeof next) => ({ name, description, archived: gone, enabled, stopAfterMatch, draft });
    const difference = differencesOf(said(row), said(next));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return show(context, row);
    const switchedOn = next.enabled && !row.enabled;
    const changed: RuleRow = { ...row, ...next, ...(switchedOn ? { effective_from: context.now, failures: 0, suspended_at: null, suspended_reason: null } : {}), version: row.version + 1, updated_at: context.now };
    await write(context, changed);
    await tell(context, difference.after.archived === true ? 'automation_rule.archived' : 'automation_rule.changed', changed, difference);
    return show(context, changed);
  },
});

/** Publishes the draft of a rule (发布规则) as its next version: what happens from now on is looked at by it. */
export const publishAutomationRule = useCase({
  summary: 'Publish the draft of an automation rule',
  params,
  body: PublishAutomationRule,
  answer: AutomationRule,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const row = await findRule(context, id, { change: true });
    ensureVersion(row, ifMatch);
    if (row.draft === null) throw new Refusal('rule_unchanged');
    return publish(context, row, row.draft, { note: body.note, enable: body.enable, draft: null });
  },
});

/** Publishes an earlier version of a rule anew (回滚规则). A draft stays. */
export const restoreAutomationRule = useCase({
  summary: 'Roll an automation rule back to an earlier version',
  params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }),
  body: PublishAutomationRule,
  answer: AutomationRule,
  async run(context, { params: { id, number }, body }) {
    const row = await findRule(context, id, { change: true });
    const earlier = await context.transaction.first(build.selectFrom('automation_rule_version').select('definition').where('tenant_id', '=', context.tenantId).where('rule_id', '=', id).where('number', '=', Number(number)));
    if (!earlier) throw new Refusal('not_found');
    const definition = sealHeaders(context, earlier.definition as unknown as Definition, [row.definition, row.draft]);
    if (canonicalJson(definition) === canonicalJson(row.definition)) throw new Refusal('rule_unchanged');
    return publish(context, row, definition, { note: body.note, enable: body.enable, draft: row.draft, restored: Number(number) });
  },
});

/** Puts the rules in order (规则排序): they are asked from the first to the last. */
export const orderAutomationRules = useCase({
  summary: 'Put the automation rules in order',
  body: OrderAutomationRules,
  answer: AutomationRules,
  async run(context, { body }) {
    const rows = await context.transaction.run(build.selectFrom('automation_rule').select(['id', 'position']).where('tenant_id', '=', context.tenantId).where('archived', '=', false).orderBy('id').forNoKeyUpdate());
    if (rows.length !== body.ids.length || !rows.every((row) => body.ids.includes(row.id))) throw invalidInput('/ids', 'all_once', { zh: '要列出全部规则，每条一次；列表可能刚被别人改过', en: 'has to name every rule once; somebody may just have changed the list' });
    for (const row of rows) {
      const position = body.ids.indexOf(row.id);
      if (position !== row.position) await context.transaction.run(build.updateTable('automation_rule').set({ position }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    }
    if (rows.some((row) => body.ids.indexOf(row.id) !== row.position)) {
      await raiseRulesVersion(context.transaction);
      await recordFact(context.transaction, { kind: 'automation_rules.ordered', actor: context.actor, occurredAt: context.now, recordedAt: context.now, data: { ids: body.ids } });
    }
    return { items: await viewRules(context, await listInOrder(context)) };
  },
});

async function ensurePublishable(context: Context, definition: Definition, at: string): Promise<void> {
  const problems = await problemsOf(context, definition);
  if (problems.length > 0) throw new Refusal('rule_has_problems', {}, { errors: problems.slice(0, 20).map((problem) => ({ path: `${at}${problem.path}`, code: problem.code, message: describeRuleProblem(problem) })) });
}

async function publish(context: Context, row: RuleRow, definition: Definition, { note, enable, draft, restored }: { note: string | undefined; enable: boolean | undefined; draft: Definition | null; restored?: number }): Promise<AutomationRule> {
  await ensurePublishable(context, definition, '/definition');
  const number = (row.published_version ?? 0) + 1;
  await context.transaction.run(build.insertInto('automation_rule_version').values({
    tenant_id: context.tenantId, rule_id: row.id, number, name: row.name, definition: JSON.stringify(definition), note: note?.trim() || null, restored: restored ?? null,
    published_by: context.actor.id, published_by_name: context.actor.name, published_at: context.now,
  }));
  const enabled = enable === undefined ? row.enabled : enable && !row.archived;
  const published: RuleRow = {
    ...row, definition, draft, published_version: number, enabled, effective_from: context.now, failures: 0, suspended_at: null, suspended_reason: null, version: row.version + 1, updated_at: context.now,
  };
  await write(context, published);
  await tell(context, 'automation_rule.published', published, { number, enabled, definition, ...(note?.trim() ? { note: note.trim() } : {}), ...(restored === undefined ? {} : { restored }) });
  return show(context, published);
}

/** Writes a rule, makes the nodes read it anew and sets the clock by which it runs. */
async function write(context: Context, row: RuleRow): Promise<void> {
  const { tenant_id: _tenant, id: _id, created_at: _createdAt, created_by: _createdBy, position: _position, ...values } = row;
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await context.transaction.run(build.updateTable('automation_rule').set({ ...values, draft: text(row.draft), definition: text(row.definition), suspended_reason: text(row.suspended_reason) })
    .where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
  await raiseRulesVersion(context.transaction);
  const due = row.enabled && row.definition ? firstSweep(row.definition, context.now, (await configurationOf(context)).organization.timeZone) : null;
  if (due) await setTimer(context.transaction, { kind: 'automation.sweep', subjectId: row.id, dueAt: due });
  else await clearTimer(context.transaction, 'automation.sweep', row.id);
}

/** When a rule that runs by the clock looks around next; null for one that waits for facts. */
export function firstSweep({ trigger }: Definition, now: Date, timeZone: string): Date | null {
  if (trigger.kind === 'schedule') return new Date(nextOccurrence(trigger.every, now.toISOString(), timeZone));
  return trigger.kind === 'untouched' ? new Date(now.getTime() + untouchedPace(trigger.for)) : null;
}

async function tell(context: Context, kind: FactKind, row: RuleRow, data: object): Promise<void> {
  await recordFact(context.transaction, { kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id, data: { name: row.name, ...withoutCallDetails(data) } });
}

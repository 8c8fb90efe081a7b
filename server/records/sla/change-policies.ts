import { Type } from 'typebox';
import { Closed, Id } from '../../../contract/common.ts';
import type { FactKind } from '../../../contract/facts.ts';
import { CreatePolicy, OrderPolicies, Policies, Policy, PublishPolicy, UpdatePolicy, mostPolicies, type PolicyDefinition } from '../../../contract/sla.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';
import { raisePoliciesVersion } from './active-policies.ts';
import { findPolicy, listInOrder, problemsOfPolicy, viewPolicies, type PolicyRow } from './view-policies.ts';

const params = Closed({ id: Id });
const show = async (context: Context, row: PolicyRow) => (await viewPolicies(context, [row]))[0]!;

/** Begins a policy (新建策略): as a draft, behind the others, promising nothing before it is published. */
export const createPolicy = useCase({
  summary: 'Create an SLA policy',
  body: CreatePolicy,
  answer: Policy,
  status: 201,
  async run(context, { body }) {
    ensureStorable(body.definition, context.language, '/definition');
    const present = await context.transaction.run(build.selectFrom('sla_policy').select('position').where('tenant_id', '=', context.tenantId).where('archived', '=', false).orderBy('position', 'desc').limit(mostPolicies));
    if (present.length >= mostPolicies) throw new Refusal('limit_reached', { limit: mostPolicies });
    const row: PolicyRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), name: body.name.trim(), name_en: body.nameEn?.trim() || null, position: (present[0]?.position ?? -1) + 1, enabled: false, archived: false,
      draft: body.definition, definition: null, published_version: null, version: 1, created_by: context.actor.id, created_at: context.now, updated_at: context.now,
    };
    await context.transaction.run(build.insertInto('sla_policy').values({ ...row, draft: JSON.stringify(row.draft), definition: null }));
    await tell(context, 'sla_policy.created', row, {});
    return show(context, row);
  },
});

/** Changes a policy (修改策略), from the version the caller saw: its draft, its name, whether it is in use. What runs by it runs on. */
export const updatePolicy = useCase({
  summary: 'Change, switch or archive an SLA policy',
  params,
  body: UpdatePolicy,
  answer: Policy,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const row = await findPolicy(context, id, { change: true });
    ensureVersion(row, ifMatch);
    if (body.draft) ensureStorable(body.draft, context.language, '/draft');
    if (body.enabled && row.definition === null) throw new Refusal('policy_not_published');
    const archived = body.archived ?? row.archived;
    const next = {
      name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, archived,
      enabled: !archived && (body.enabled ?? row.enabled), draft: body.draft === undefined ? row.draft : body.draft,
    };
    if (next.draft !== null && row.definition !== null && canonicalJson(next.draft) === canonicalJson(row.definition)) next.draft = null;
    const said = ({ name, name_en: nameEn, archived: gone, enabled, draft }: typeof next) => ({ name, nameEn, archived: gone, enabled, draft });
    const difference = differencesOf(said(row), said(next));
    if (!difference) return show(context, row);
    const changed: PolicyRow = { ...row, ...next, version: row.version + 1, updated_at: context.now };
    await write(context, changed);
    await tell(context, difference.after.archived === true ? 'sla_policy.archived' : 'sla_policy.changed', changed, difference);
    return show(context, changed);
  },
});

/** Publishes the draft of a policy (发布策略) as its next version. */
export const publishPolicy = useCase({
  summary: 'Publish the draft of an SLA policy',
  params,
  body: PublishPolicy,
  answer: Policy,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const row = await findPolicy(context, id, { change: true });
    ensureVersion(row, ifMatch);
    if (row.draft === null) throw new Refusal('policy_unchanged');
    return publish(context, row, row.draft, { ...body, draft: null });
  },
});

/** Publishes an earlier version of a policy anew (回滚策略). A draft stays. */
export const restorePolicy = useCase({
  summary: 'Roll an SLA policy back to an earlier version',
  params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }),
  body: PublishPolicy,
  answer: Policy,
  async run(context, { params: { id, number }, body }) {
    const row = await findPolicy(context, id, { change: true });
    const earlier = await context.transaction.first(build.selectFrom('sla_policy_version').select('definition').where('tenant_id', '=', context.tenantId).where('policy_id', '=', id).where('number', '=', Number(number)));
    if (!earlier) throw new Refusal('not_found');
    const definition = earlier.definition as unknown as PolicyDefinition;
    if (canonicalJson(definition) === canonicalJson(row.definition)) throw new Refusal('policy_unchanged');
    return publish(context, row, definition, { ...body, draft: row.draft, restored: Number(number) });
  },
});

/** Puts the policies in order (策略排序): of those that fit a ticket the first counts. */
export const orderPolicies = useCase({
  summary: 'Put the SLA policies in order',
  body: OrderPolicies,
  answer: Policies,
  async run(context, { body }) {
    const rows = await context.transaction.run(build.selectFrom('sla_policy').select(['id', 'position']).where('tenant_id', '=', context.tenantId).where('archived', '=', false).orderBy('id').forNoKeyUpdate());
    if (rows.length !== body.ids.length || !rows.every((row) => body.ids.includes(row.id))) throw invalidInput('/ids', 'all_once', { zh: '要列出全部策略，每条一次；列表可能刚被别人改过', en: 'has to name every policy once; somebody may just have changed the list' });
    const moved = rows.filter((row) => body.ids.indexOf(row.id) !== row.position);
    for (const row of moved) await context.transaction.run(build.updateTable('sla_policy').set({ position: body.ids.indexOf(row.id) }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    if (moved.length > 0) {
      await raisePoliciesVersion(context.transaction, context.now);
      await recordFact(context.transaction, { kind: 'sla_policies.ordered', actor: context.actor, occurredAt: context.now, recordedAt: context.now, data: { ids: body.ids } });
    }
    return { items: await viewPolicies(context, await listInOrder(context)) };
  },
});

interface Publishing { note?: string; enable?: boolean; running?: boolean; draft: PolicyDefinition | null; restored?: number }

async function publish(context: Context, row: PolicyRow, definition: PolicyDefinition, { note, enable, running, draft, restored }: Publishing): Promise<Policy> {
  const problems = await problemsOfPolicy(context, definition);
  if (problems.length > 0) throw new Refusal('policy_has_problems', {}, { errors: problems.slice(0, 20).map(({ path, code, message }) => ({ path: `/definition${path === '/' ? '' : path}`, code, message: { zh: message, en: message } })) });
  const number = (row.published_version ?? 0) + 1;
  await context.transaction.run(build.insertInto('sla_policy_version').values({
    tenant_id: context.tenantId, policy_id: row.id, number, name: row.name, name_en: row.name_en, definition: JSON.stringify(definition), note: note?.trim() || null, restored: restored ?? null,
    published_by: context.actor.id, published_by_name: context.actor.name, published_at: context.now,
  }));
  const enabled = enable === undefined ? row.enabled : enable && !row.archived;
  const published: PolicyRow = { ...row, definition, draft, published_version: number, enabled, version: row.version + 1, updated_at: context.now };
  await write(context, published);
  await tell(context, 'sla_policy.published', published, { number, enabled, definition, ...(note?.trim() ? { note: note.trim() } : {}), ...(restored === undefined ? {} : { restored }), ...(running ? { running: true } : {}) });
  return show(context, published);
}

async function write(context: Context, row: PolicyRow): Promise<void> {
  const { tenant_id: _tenant, id: _id, created_at: _createdAt, created_by: _createdBy, position: _position, ...values } = row;
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await context.transaction.run(build.updateTable('sla_policy').set({ ...values, draft: text(row.draft), definition: text(row.definition) }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
  // Drafts alone promise nothing. Nothing here may read the policies that hold after this: what is not committed must not be kept in memory.
  if (row.definition !== null) await raisePoliciesVersion(context.transaction, context.now);
}

async function tell(context: Context, kind: FactKind, row: PolicyRow, data: object): Promise<void> {
  await recordFact(context.transaction, { kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id, data: { name: row.name, ...data } });
}

import type { PolicyDefinition } from '../../../contract/sla.ts';
import type { Properties } from '../../../rules/conditions/filter.ts';
import { prepareRules, type SlaRules } from '../../../rules/sla/ledger.ts';
import type { Calendars } from '../../../rules/sla/clock-state.ts';
import type { SlaPolicy, SlaScope } from '../../../rules/sla/policy.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { activeCalendars } from '../calendar/active-calendars.ts';
import { loadConfiguration, type Configuration } from '../organization/configuration.ts';
import { below, filterProperties } from '../ticket/filter-setting.ts';

/** What an organization promises, ready to be applied (生效策略). */
export interface ActiveSla {
  rules: SlaRules;
  /** In their order, those in use. */
  policies: readonly SlaPolicy[];
  calendars: Calendars;
  /** Tickets made before the first policy have no clocks. */
  since: Date;
  /** What of a ticket has to be looked up, as facts do not tell it. */
  needs: SlaNeeds;
}
export interface SlaNeeds {
  tier: boolean;
  record: boolean;
  step: boolean;
}

interface State { tenant_id: string; version: number; since: Date; calendars: number | null; configuration: number }
const findStates = statement<State>('sla_state.find', `
  SELECT s.tenant_id, s.version, s.since, c.version AS calendars, o.configuration_version AS configuration
  FROM sla_state s JOIN organization o USING (tenant_id) LEFT JOIN business_calendar_state c USING (tenant_id) WHERE s.tenant_id = ANY($1::uuid[])`);
const raise = statement<never>('sla_state.raise', 'INSERT INTO sla_state (tenant_id, version, since) VALUES ($1, 1, $2) ON CONFLICT (tenant_id) DO UPDATE SET version = sla_state.version + 1');

/** Makes every process read the policies anew; in the transaction that changes them. Organizations begin with their first published one. */
export async function raisePoliciesVersion(transaction: Transaction, now: Date): Promise<void> {
  await transaction.query(raise, [transaction.tenantId, now]);
}

const kept = new Map<string, { state: State; sla: ActiveSla }>();
const mostKept = 500;

/**
 * What these organizations promise, of those that promise anything (生效策略缓存): one look-up by key for all of them, and the
 * policies themselves only when they, or what they are read with, have changed since.
 */
export async function activeSla(transaction: Transaction, tenantIds: readonly string[]): Promise<Map<string, ActiveSla>> {
  const found = new Map<string, ActiveSla>();
  for (const state of await transaction.query(findStates, [[...tenantIds]])) {
    const { tenant_id: tenantId } = state;
    let present = kept.get(tenantId);
    if (!present || present.state.version < state.version || (present.state.calendars ?? 0) < (state.calendars ?? 0) || (present.sla.needs.record && present.state.configuration < state.configuration)) {
      present = { state, sla: await load({ ...transaction, tenantId }, state) };
      kept.delete(tenantId);
      kept.set(tenantId, present);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    }
    found.set(tenantId, present.sla);
  }
  return found;
}

/** A policy as rules/sla knows it. */
export function slaPolicy(row: { id: string; name: string; nameEn: string | null; version: number; active: boolean }, definition: PolicyDefinition): SlaPolicy {
  return { ...definition, ...row };
}

async function load(transaction: Transaction, state: State): Promise<ActiveSla> {
  const { tenantId } = transaction;
  const rows = await transaction.run(build.selectFrom('sla_policy').select(['id', 'name', 'name_en', 'published_version', 'enabled', 'archived', 'definition'])
    .where('tenant_id', '=', tenantId).where('definition', 'is not', null).orderBy('position').orderBy('id'));
  const present = rows.map((row) => slaPolicy(
    { id: row.id, name: row.name, nameEn: row.name_en, version: row.published_version!, active: row.enabled && !row.archived }, row.definition as unknown as PolicyDefinition));
  const versions = await transaction.run(build.selectFrom('sla_policy_version').select(['policy_id', 'number', 'name', 'name_en', 'definition']).where('tenant_id', '=', tenantId));
  const former = versions.map((row) => slaPolicy({ id: row.policy_id, name: row.name, nameEn: row.name_en, version: row.number, active: false }, row.definition as unknown as PolicyDefinition));
  const { calendars } = await activeCalendars(transaction, tenantId, state.calendars);
  const needs = needsOf(present, former);
  const surroundings = needs.record ? conditionSurroundings(await loadConfiguration(transaction, state.configuration)) : { properties: {}, timeZone: 'UTC' };
  // Those that are switched off are looked at as well, so that the explanation can say so.
  return { rules: prepareRules(present, surroundings, former), policies: present.filter((policy) => policy.active), calendars, since: state.since, needs };
}

/** What policies have to know of a ticket beside what its facts say. */
export function needsOf(present: readonly SlaPolicy[], former: readonly SlaPolicy[] = []): SlaNeeds {
  const used = present.filter((policy) => policy.active);
  const scopes = (policy: SlaPolicy): SlaScope[] => [policy, ...policy.targets];
  const all = [...used, ...former];
  return {
    tier: all.some((policy) => scopes(policy).some(({ tiers }) => tiers !== undefined)),
    record: used.some((policy) => policy.condition !== undefined),
    step: all.some((policy) => policy.targets.some(({ metric }) => metric === 'step')),
  };
}

/** What conditions of policies are read with: the properties of tickets, without what clocks themselves make of them. */
export function conditionSurroundings(configuration: Configuration): { properties: Properties; timeZone: string; below: (property: string, entry: string) => readonly string[] } {
  const { dueAt: _dueAt, breachedAt: _breachedAt, ...properties } = filterProperties(configuration) as Record<string, Properties[string]>;
  return {
    properties, timeZone: configuration.organization.timeZone,
    below: (property, entry) => below(configuration, property, entry),
  };
}

import { maskLevelsOf, showAt, standardMaskPolicy, type MaskLevel, type MaskPolicy, type PersonalDatum } from '../../../../rules/privacy/masks.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';

/** The policy of an organization with its version; version 0 is the standard one, which no row says. */
export interface VersionedPolicy {
  version: number;
  policy: MaskPolicy;
}

/** How a caller sees personal data. */
export interface Masks {
  levels: Record<PersonalDatum, MaskLevel>;
  /** A datum as the caller sees it: all, masked, or null. */
  show(datum: PersonalDatum, value: string | null): string | null;
}

type Reading = Pick<Context, 'tenantId' | 'transaction' | 'caller' | 'configurationVersion'>;

const kept = new Map<string, { configurationVersion: number; found: VersionedPolicy }>();
const mostKept = 500;

/** Reads the policy as it stands (脱敏策略). */
export async function readMaskPolicy({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>): Promise<VersionedPolicy> {
  const row = await transaction.first(build.selectFrom('mask_policy').select(['policy', 'version']).where('tenant_id', '=', tenantId));
  if (!row) return { version: 0, policy: standardMaskPolicy };
  const stored = row.policy as MaskPolicy;
  // What was added to the list since it was written stands as everybody has it.
  return { version: row.version, policy: { ...standardMaskPolicy, ...stored, data: { ...standardMaskPolicy.data, ...stored.data } } };
}

/** The policy, kept in memory for as long as the organization's configuration stands, as changing it raises that version. */
export async function maskPolicyOf(context: Reading): Promise<VersionedPolicy> {
  const present = kept.get(context.tenantId);
  if (present?.configurationVersion === context.configurationVersion) return present.found;
  const found = await readMaskPolicy(context);
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(context.tenantId, { configurationVersion: context.configurationVersion, found });
  return found;
}

/**
 * How the caller sees personal data (可见级别), by the policy and their roles. Whoever is no member of staff sees masks.
 * An API key that was narrowed sees raw data only when it may have them revealed.
 */
export async function masksOf(context: Reading): Promise<Masks> {
  return masksUnder(context, (await maskPolicyOf(context)).policy);
}

/** How the caller sees personal data under a policy. */
export async function masksUnder(context: Reading, policy: MaskPolicy): Promise<Masks> {
  const { caller } = context;
  const byRole = Object.values(policy.data).some(({ roles }) => Object.keys(roles).length > 0);
  const roleIds = caller.kind !== 'staff' || !byRole ? []
    : (await context.transaction.run(build.selectFrom('staff_role').select('role_id').where('tenant_id', '=', context.tenantId).where('staff_id', '=', caller.subject.staffId))).map((row) => row.role_id);
  const levels = maskLevelsOf(policy, roleIds);
  const capped = caller.kind !== 'staff' || caller.subject.onlyPermissions?.has('personal_data.reveal') === false;
  if (capped) for (const datum of Object.keys(levels) as PersonalDatum[]) if (levels[datum] === 'raw') levels[datum] = 'masked';
  return { levels, show: (datum, value) => showAt(levels[datum], datum, value) };
}

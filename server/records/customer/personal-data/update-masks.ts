import { Masks, UpdateMasks } from '../../../../contract/customer.ts';
import { exceedsOwn } from '../../../../rules/access/exceeds-own.ts';
import { permissions } from '../../../../rules/access/permissions.ts';
import { maskLevels, maskLevelsOf, type MaskPolicy, type PersonalDatum } from '../../../../rules/privacy/masks.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from '../../organization/configuration.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { readMaskPolicy } from './masks.ts';
import { viewMasks } from './show-masks.ts';

/** Decides who sees what of personal data (修改脱敏策略), from the version the caller saw. */
export const updateMasks = useCase({
  summary: 'Change the mask policy',
  body: UpdateMasks,
  answer: Masks,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId } = context;
    // From here on, changes of the configuration wait for one another.
    await raiseConfigurationVersion(transaction);
    const present = await readMaskPolicy(context);
    ensureVersion(present, ifMatch);
    await ensureRoles(context, body.policy ?? {});
    const data = { ...present.policy.data, ...body.policy } as MaskPolicy['data'];
    const next: MaskPolicy = { data, revealsPerHour: body.revealsPerHour ?? present.policy.revealsPerHour };
    const changed = (Object.keys(data) as PersonalDatum[]).filter((datum) => canonical(data[datum]) !== canonical(present.policy.data[datum]));
    if (changed.length === 0 && next.revealsPerHour === present.policy.revealsPerHour) return viewMasks(context, present);
    ensureNoMoreThanOwn(context, present.policy, next, changed);
    const version = present.version + 1;
    await transaction.run(build.insertInto('mask_policy').values({ tenant_id: tenantId, policy: JSON.stringify(next), version })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ policy: JSON.stringify(next), version })));
    const pick = (policy: MaskPolicy) => ({ ...Object.fromEntries(changed.map((datum) => [datum, policy.data[datum]])), ...(next.revealsPerHour === present.policy.revealsPerHour ? {} : { revealsPerHour: policy.revealsPerHour }) });
    await recordFact(transaction, { kind: 'mask_policy.changed', actor: context.actor, data: { before: pick(present.policy), after: pick(next) }, occurredAt: context.now, recordedAt: context.now });
    return viewMasks(context, { version, policy: next });
  },
});

/**
 * Showing anybody more than now is revealing it to them (放宽脱敏): for those alone who may have all of it revealed, of the
 * whole organization. Showing less is anybody's who may change the policy.
 *
 * @throws Refusal grant_exceeds_own
 */
function ensureNoMoreThanOwn(context: Context, present: MaskPolicy, next: MaskPolicy, changed: readonly PersonalDatum[]): void {
  const more = (datum: PersonalDatum) => [...new Set([undefined, ...Object.keys(next.data[datum].roles), ...Object.keys(present.data[datum].roles)])].some((role) => rank(next, datum, role) > rank(present, datum, role));
  const wider = changed.find(more);
  if (wider === undefined && next.revealsPerHour <= present.revealsPerHour) return;
  const excess = exceedsOwn(staffOf(context), [{ permission: 'personal_data.reveal', scope: 'organization' }]);
  if (excess) throw refuseInput(wider === undefined ? '/revealsPerHour' : `/policy/${wider}`, 'grant_exceeds_own', { permission: { zh: permissions[excess.permission].zh, en: permissions[excess.permission].en } });
}

/** How much people of a role see; without one, those of no role. */
function rank(policy: MaskPolicy, datum: PersonalDatum, roleId: string | undefined): number {
  return maskLevels.indexOf(maskLevelsOf(policy, roleId === undefined ? [] : [roleId])[datum]);
}

async function ensureRoles({ transaction, tenantId }: Context, policy: Partial<Record<PersonalDatum, { roles: Record<string, unknown> }>>): Promise<void> {
  const named = Object.entries(policy).flatMap(([datum, { roles }]) => Object.keys(roles).map((id) => ({ datum, id })));
  if (named.length === 0) return;
  const known = new Set((await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('id', 'in', [...new Set(named.map(({ id }) => id))]))).map((row) => row.id));
  const unknown = named.find(({ id }) => !known.has(id));
  if (unknown) throw refuseInput(`/policy/${unknown.datum}/roles/${unknown.id}`, 'unknown_reference', { field: 'roleIds' });
}

const canonical = ({ everybody, roles }: MaskPolicy['data'][PersonalDatum]): string => JSON.stringify([everybody, Object.entries(roles).sort(([a], [b]) => (a < b ? -1 : 1))]);

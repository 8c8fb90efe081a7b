import { Masks } from '../../../../contract/customer.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { masksUnder, readMaskPolicy, type VersionedPolicy } from './masks.ts';
import { revealsLeft } from './reveal.ts';

/** Who sees what of personal data, and what the caller sees (脱敏策略). */
export const showMasks = useCase({
  summary: 'Show the mask policy, and what the caller sees by it',
  answer: Masks,
  run: async (context) => viewMasks(context, await readMaskPolicy(context)),
});

export async function viewMasks(context: Context, { policy, version }: VersionedPolicy): Promise<Masks> {
  const { levels } = await masksUnder(context, policy);
  return {
    mine: levels, revealsPerHour: policy.revealsPerHour, revealsLeft: await revealsLeft(context, staffOf(context).staffId, policy.revealsPerHour),
    policy: Object.fromEntries(Object.entries(policy.data).map(([datum, { everybody, roles }]) => [datum, { everybody, roles: { ...roles } }])) as Masks['policy'], version,
  };
}

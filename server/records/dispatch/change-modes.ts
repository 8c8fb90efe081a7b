import { Closed, Id } from '../../../contract/common.ts';
import { DispatchModes, UpdateDispatchModes } from '../../../contract/offer.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf, nameIn } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { findTeam } from './change-weights.ts';
import { modesOf } from './modes.ts';

const params = Closed({ id: Id });

/** How a team gives out its tickets (班组派单方式). */
export const showDispatchModes = useCase({
  summary: 'Show how a team gives out its tickets',
  params,
  answer: DispatchModes,
  run: async (context, { params }) => view(context, await findTeam(context, params.id)),
});

/** Says how a team gives out its tickets (修改派单方式), or that it goes by the usual settings again. What is offered already goes on as it was. */
export const updateDispatchModes = useCase({
  summary: 'Change how a team gives out its tickets',
  params,
  body: UpdateDispatchModes,
  answer: DispatchModes,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    // Locked, so that two who enter the first settings wait for each other.
    const team = await findTeam(context, params.id, true);
    const { settings: before, own, version } = await modesOf(context, team.id);
    ensureVersion({ version }, ifMatch);
    const { types } = await configurationOf(context);
    body.settings?.types.forEach(({ typeId }, index) => {
      if (!types.has(typeId)) throw refuseInput(`/settings/types/${index}/typeId`, 'unknown_reference', { field: 'typeId' });
      if (body.settings!.types.findIndex((other) => other.typeId === typeId) < index) throw invalidInput(`/settings/types/${index}/typeId`, 'duplicate', { zh: '这个类型已经设过', en: 'This type is there already' });
    });
    body.settings?.rings.forEach((ring, index) => {
      if (ring.people === null && ring.kilometres === null && ring.minutes === null) throw invalidInput(`/settings/rings/${index}`, 'required', { zh: '每一圈至少给一个范围', en: 'A ring has at least one bound' });
    });
    const kept = own ? before : null;
    if (canonicalJson(kept) === canonicalJson(body.settings)) return view(context, team);
    const values = { settings: body.settings && JSON.stringify(body.settings), version: version + 1, updated_at: now };
    await transaction.run(build.insertInto('dispatch_mode').values({ tenant_id: tenantId, team_id: team.id, ...values }).onConflict((conflict) => conflict.columns(['tenant_id', 'team_id']).doUpdateSet(values)));
    await recordFact(transaction, {
      kind: 'dispatch.modes_changed', actor: context.actor, data: { teamName: team.name, before: kept, after: body.settings }, occurredAt: now, recordedAt: now, subjectId: team.id,
    });
    return view(context, team);
  },
});

async function view(context: Context, team: { id: string; name: string; name_en: string | null }): Promise<DispatchModes> {
  return { team: { id: team.id, name: nameIn(context.language, { name: team.name, nameEn: team.name_en }) }, ...await modesOf(context, team.id) };
}

import { Closed, Id } from '../../../../contract/common.ts';
import { FlowMigration, MigrateFlow, flowServiceLimits, type FlowLanding } from '../../../../contract/flow.ts';
import { carryOutMove, moveProblems, planMove, type Move } from '../../../../rules/workflow/migrate.ts';
import { sql } from 'kysely';
import { reachOf } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { reachCondition } from '../../../records/access/reach-condition.ts';
import { loadFlow } from '../../../records/flow/instance/bundle.ts';
import { flowContext } from '../../../records/flow/instance/context.ts';
import { moveRun } from '../../../records/flow/instance/drive.ts';
import { viewOf } from '../../../records/flow/instance/driving.ts';
import { lockInstance, type InstanceRow } from '../../../records/flow/instance/rows.ts';
import { lockTicket } from '../../../records/ticket/find.ts';

type Row = InstanceRow & { ticket_number: string; subject: string };
/** Runs on another version, of tickets the caller may read: nobody learns of others, nor moves them. */
const findOthers = (context: Context, flowId: string, published: number, instances: readonly string[] | null) => context.transaction.run(sql<Row>`
  SELECT i.id, i.ticket_id, i.flow_id, i.number, i.status, i.state, i.held, i.version, i.started_at, i.ended_at, t.number AS ticket_number, t.subject
  FROM flow_instance i JOIN ticket t ON t.tenant_id = i.tenant_id AND t.id = i.ticket_id
  WHERE i.tenant_id = ${context.tenantId} AND i.flow_id = ${flowId} AND i.status = 'running' AND i.number <> ${published} AND (${instances}::uuid[] IS NULL OR i.id = ANY(${instances}::uuid[]))
    AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'), 't')} ORDER BY i.ticket_id LIMIT ${flowServiceLimits.migration}`);

/** Shows where each running ticket would land in the published version (迁移预览); nothing moves. */
export const previewMigration = useCase({
  summary: 'Show where running tickets would land in the published version of a flow', params: Closed({ id: Id }), body: MigrateFlow, answer: FlowMigration,
  run: (context, { params, body }) => migrate(context, params.id, body, false),
});

/** Moves running tickets to the published version (迁移): each where the preview said; those with problems stay where they are, with the reason. */
export const migrateFlow = useCase({
  summary: 'Move running tickets to the published version of a flow', params: Closed({ id: Id }), body: MigrateFlow, answer: FlowMigration,
  run: (context, { params, body }) => migrate(context, params.id, body, true),
});

async function migrate(context: Context, flowId: string, body: MigrateFlow, isReal: boolean): Promise<FlowMigration> {
  const { transaction, tenantId } = context;
  const flow = await transaction.first(build.selectFrom('flow').select(['id', 'published']).where('tenant_id', '=', tenantId).where('id', '=', flowId));
  if (!flow) throw new Refusal('not_found');
  if (flow.published === null) throw new Refusal('flow_not_published');
  const to = await loadFlow(transaction, flow.id, flow.published);
  const rows = await findOthers(context, flowId, flow.published, body.instances ?? null);
  const items: FlowLanding[] = [];
  for (const row of rows) {
    const from = await loadFlow(transaction, row.flow_id, row.number);
    let state = row.state;
    if (isReal) {
      const ticket = await lockTicket(context, row.ticket_id);
      const instance = await lockInstance(transaction, row.id);
      // It went on or ended while the list was read.
      if (!ticket || !instance || instance.status !== 'running' || instance.number !== row.number) continue;
      state = instance.state;
      const move = planMove(from.bundle, to.bundle, state, body.map);
      items.push(landingOf(context, row, flow.published, move));
      if (move.problems.length > 0) continue;
      const own = flowContext(context, to.name);
      await moveRun(own, to, ticket, instance, flow.published, carryOutMove(to.bundle, from.bundle, state, move, await viewOf({ context: own, ticket, loaded: to })), context.actor);
    } else {
      items.push(landingOf(context, row, flow.published, planMove(from.bundle, to.bundle, state, body.map)));
    }
  }
  return { items, moved: isReal ? items.filter((item) => item.moves).length : 0, refused: items.filter((item) => !item.moves).length };
}

function landingOf(context: Context, row: { id: string; ticket_id: string; number: number; ticket_number: string; subject: string }, to: number, move: Move): FlowLanding {
  const said = (words: { zh: string; en?: string } | null) => (words === null ? null : context.language === 'en' ? words.en || words.zh : words.zh);
  return {
    instance: row.id, ticket: { id: row.ticket_id, number: row.ticket_number, subject: row.subject }, from: row.number, to, moves: move.problems.length === 0,
    stands: move.stands.map((stand) => ({ activation: stand.activation, node: stand.node, name: said(stand.name)!, lands: stand.lands, landsName: said(stand.landsName) })),
    problems: move.problems.map((problem) => ({ code: problem.code, message: moveProblems[problem.code][context.language === 'en' ? 'en' : 'zh'].replace('{node}', () => said(problem.name)!) })),
  };
}

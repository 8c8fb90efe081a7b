import { Closed, Id } from '../../../contract/common.ts';
import { FlowTestResult, TestFlow } from '../../../contract/flow.ts';
import { explanationSentence, holdSentence } from '../../../rules/workflow/explain.ts';
import { performerExpressionNames, type FlowDefinition, type Performer } from '../../../rules/workflow/definition.ts';
import { rehearse, type RehearsalEvent } from '../../../rules/workflow/rehearse.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, missingInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../organization/configuration.ts';
import { namesOfStaff } from '../staff/names.ts';
import { findType } from '../ticket/references.ts';
import { ensureBearable } from './flows.ts';
import { findingsOf, subflowsOf, viewFindings } from './surroundings.ts';
import { workingTimeOf } from './instance/working-time.ts';

const refusalWords: Readonly<Record<string, { zh: string; en: string }>> = {
  not_open: { zh: '这里没有等待处理的步骤', en: 'Nothing waits for this here' }, no_timer: { zh: '没有等待到点的定时器', en: 'No timer is pending' }, unknown_outcome: { zh: '没有这个处理结果', en: 'There is no such outcome' },
  no_such_step: { zh: '不能退回到这一步', en: 'It cannot be sent back to there' }, not_held: { zh: '这里没有停住', en: 'Nothing is held here' }, not_running: { zh: '流程已经结束', en: 'The flow is over' },
  too_much: { zh: '条件的计算量太大，试运行到此为止', en: 'Its conditions take too much: the rehearsal ends here' },
};

/**
 * Steps a flow with a sample ticket and a clock of its own (试运行): what was sent is played from the beginning each time, nothing is
 * written, told or called.
 */
export const testFlow = useCase({
  summary: 'Try a flow with a sample ticket and a simulated clock',
  params: Closed({ id: Id }),
  body: TestFlow,
  answer: FlowTestResult,
  async run(context, { params, body }) {
    const row = await context.transaction.first(build.selectFrom('flow').leftJoin('flow_version', (join) => join.onRef('flow_version.tenant_id', '=', 'flow.tenant_id').onRef('flow_version.flow_id', '=', 'flow.id').onRef('flow_version.number', '=', 'flow.published'))
      .select(['flow.id', 'flow.draft', 'flow_version.definition']).where('flow.tenant_id', '=', context.tenantId).where('flow.id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    const definition = (body.definition ?? row.draft ?? row.definition) as FlowDefinition;
    ensureBearable(definition);
    const errors = viewFindings(context, await findingsOf(context, params.id, definition)).filter((finding) => finding.level === 'error');
    if (errors.length > 0) throw new Refusal('flow_cannot_run', {}, { errors: errors.slice(0, 100).map((finding) => ({ path: `/definition${finding.node === null ? '' : `/${finding.node}`}`, code: finding.code, message: finding.message })) });
    const configuration = await configurationOf(context);
    const type = body.ticket?.type === undefined ? configuration.defaultType : findType(configuration, body.ticket.type);
    const played = rehearse({ definition, subflows: await subflowsOf(context, definition) }, {
      fields: body.ticket?.fields ?? {}, ticket: { status: 'new', priority: 'normal', type: type.id, tags: [], number: '00000000-00000', ...body.ticket?.values },
      startAt: body.startAt === undefined ? context.now.toISOString() : new Date(body.startAt).toISOString(), dayOf: (now) => localDay(new Date(now), configuration.organization.timeZone), addWorkingTime: await workingTimeOf(context.transaction),
    }, body.events.map(complete));
    const nameOf = await performerNames(context, played.stands.flatMap((stand) => stand.performers));
    const english = context.language === 'en';
    return {
      now: played.now, status: played.status, visited: played.visited, taken: played.taken, fields: played.fields, ticket: played.ticket, vars: played.vars,
      stands: played.stands.map((stand) => ({
        ...stand, hold: stand.hold === null ? null : { code: stand.hold.code, message: holdSentence(stand.hold, context.language), since: stand.hold.since, edge: stand.hold.edge ?? null }, performers: stand.performers.map(nameOf),
      })),
      log: played.log.slice(-1_000).map(({ at, event, explanation }) => ({ at, event, node: explanation.node, code: explanation.code, text: explanationSentence(explanation, context.language) })),
      refused: played.refused === null ? null : { ...played.refused, message: refusalWords[played.refused.code]?.[english ? 'en' : 'zh'] ?? (english ? 'This cannot happen here' : '这里不能这样做') },
    };
  },
});

const needed: Readonly<Record<RehearsalEvent['do'], readonly string[]>> = { complete: ['activation'], return: ['activation', 'to'], advance: ['minutes'], next_timer: [], fact: ['fact'], answer: ['activation', 'ok'], set: ['fields'], retry: ['activation'] };

/** An event with all that its kind takes. */
function complete(event: TestFlow['events'][number], index: number): RehearsalEvent {
  const missing = needed[event.do].find((name) => event[name as keyof typeof event] === undefined);
  if (missing !== undefined) throw missingInput(`/events/${index}/${missing}`);
  return event as RehearsalEvent;
}

async function performerNames(context: Context, performers: readonly Performer[]): Promise<(performer: Performer) => string> {
  const { teams } = await configurationOf(context);
  const names = await namesOfStaff(context, performers.map((performer) => (performer.kind === 'person' ? performer.id : null)));
  return (performer) => {
    switch (performer.kind) {
      case 'person': return names.get(performer.id) ?? '';
      case 'team': return teams.get(performer.id)?.name ?? '';
      case 'expression': return performerExpressionNames[performer.expression][context.language === 'en' ? 'en' : 'zh'];
      case 'rule': return context.language === 'en' ? 'By a rule' : '按规则计算';
    }
  };
}

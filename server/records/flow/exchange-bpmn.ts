import { Closed, Id, limits } from '../../../contract/common.ts';
import type { Flow } from '../../../contract/flow.ts';
import { ExportBpmn, FlowBpmn, FlowImport, ImportBpmn } from '../../../contract/flow-bpmn.ts';
import { checkFlow } from '../../../rules/workflow/check.ts';
import { flowLimits, type FlowDefinition } from '../../../rules/workflow/definition.ts';
import { findingSentence } from '../../../rules/workflow/finding.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { BpmnRefused } from './bpmn/problem.ts';
import { readBpmn } from './bpmn/read-bpmn.ts';
import { writeBpmn } from './bpmn/write-bpmn.ts';
import { createFlow } from './flows.ts';
import { withoutSecrets } from './sealed-headers.ts';

/** Makes a flow of a BPMN file (导入 BPMN): a draft, to be looked over and published. What stands in the way is named. */
export const importBpmn = useCase({
  summary: 'Make a flow of a BPMN 2.0 file',
  body: ImportBpmn,
  answer: FlowImport,
  status: 201,
  async run(context, { body }) {
    const { name, definition, notices } = await readBpmn(body.xml).catch((error: unknown) => {
      if (!(error instanceof BpmnRefused)) throw error;
      throw new Refusal('invalid_input', {}, { errors: error.problems.map((problem) => ({ path: '/xml', code: problem.code, message: problem.message })) });
    });
    ensureSound(context, definition);
    const flow = (await createFlow.run(context, { params: {}, query: {}, ifMatch: null, body: { name: body.name ?? (await freeName(context, name)), definition } })) as Flow;
    return { flow, notices: notices.map(({ id, message }) => ({ id, message: context.language === 'en' ? message.en : message.zh })) };
  },
});

/** An extension may say anything at all: what is no flow by its shape is not kept. */
function ensureSound(context: Context, definition: FlowDefinition): void {
  const wrong = checkFlow(definition).filter(({ code }) => code === 'shape' || code === 'too_large' || code === 'duplicate_id');
  if (wrong.length === 0) return;
  throw new Refusal('invalid_input', {}, { errors: wrong.slice(0, 50).map((finding) => ({ path: '/xml', code: finding.code, message: `${finding.node ?? ''} ${findingSentence(finding, context.language)}`.trim() })) });
}

/** The name a file brings along, told apart from those there are. */
async function freeName(context: Context, wanted: string): Promise<string> {
  const rows = await context.transaction.run(build.selectFrom('flow').select('name').where('tenant_id', '=', context.tenantId).limit(1_000));
  const taken = new Set(rows.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : ` (${number})`;
    const name = `${wanted.slice(0, Math.min(limits.name, flowLimits.name) - ending.length).replace(/\p{Surrogate}$/u, '').trim()}${ending}`;
    if (!taken.has(name)) return name;
  }
}

/** A flow as a BPMN file with its diagram (导出 BPMN): the draft where there is one, or the version that is asked for. */
export const exportBpmn = useCase({
  summary: 'A flow as BPMN 2.0 XML',
  params: Closed({ id: Id }),
  query: ExportBpmn,
  answer: FlowBpmn,
  async run(context, { params, query }) {
    const { transaction, tenantId } = context;
    const flow = await transaction.first(build.selectFrom('flow').select(['id', 'name', 'draft', 'published']).where('tenant_id', '=', tenantId).where('id', '=', params.id));
    if (!flow) throw new Refusal('not_found');
    const wanted = query.version === undefined ? (flow.draft === null ? flow.published : null) : query.version === 'draft' ? null : Number(query.version);
    const version = wanted === null ? undefined : await transaction.first(build.selectFrom('flow_version').select('definition').where('tenant_id', '=', tenantId).where('flow_id', '=', flow.id).where('number', '=', wanted));
    const definition = (wanted === null ? flow.draft : version?.definition) as FlowDefinition | null | undefined;
    if (!definition) throw new Refusal('not_found');
    return { name: flow.name, xml: await writeBpmn(withoutSecrets(definition), { id: flow.id, name: flow.name }) };
  },
});

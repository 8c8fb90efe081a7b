import { Type, type Static } from 'typebox';
import { Closed, Nullable, limits, visible } from './common.ts';
import { Flow } from './flow.ts';

/** Flows as BPMN 2.0 files: POST /flows/import-bpmn · GET /flows/{id}/bpmn. */

/** A file to be made a flow of (导入 BPMN). */
export const ImportBpmn = Closed({
  xml: Type.String({ minLength: 1, maxLength: 900_000, description: 'BPMN 2.0 XML in UTF-8, with one process' }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: limits.name, pattern: visible, description: 'What the flow is called; what its process is called when absent' })),
}, { title: 'ImportBpmn' });
export type ImportBpmn = Static<typeof ImportBpmn>;

/** The flow that was made, with a draft to go on with, and what could not be taken over as it was. */
export const FlowImport = Closed({
  flow: Flow,
  notices: Type.Array(Closed({ id: Nullable(Type.String({ description: 'Id of the node or edge; null where the whole flow is meant' })), message: Type.String({ description: 'In the language of Accept-Language' }) })),
}, { title: 'FlowImport' });
export type FlowImport = Static<typeof FlowImport>;

export const ExportBpmn = Closed({
  version: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,8}|draft)$', description: 'A version’s number, or `draft`; what is being worked on when absent' })),
}, { title: 'ExportBpmn' });
/** A flow as a file (导出 BPMN). */
export const FlowBpmn = Closed({ name: Type.String(), xml: Type.String() }, { title: 'FlowBpmn' });
export type FlowBpmn = Static<typeof FlowBpmn>;

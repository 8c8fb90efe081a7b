import { Type, type Static } from 'typebox';
import { Closed, Id, Location, Nullable, NullableTimestamp, OneOf, Page, Timestamp, limits, pageQuery, visible } from './common.ts';
import { importFormats, importKinds, importStatuses } from './import-words.ts';
import { Channel, PriorityName } from './ticket.ts';

export { importFormats, importKinds, importStatuses, type ImportKind } from './import-words.ts';
export const importLimits = { rows: 100_000, bytes: 50 * 1024 * 1024, columns: 200, cell: 32_767, comments: 500, unfinished: 5 } as const;

const kind = OneOf(importKinds);
export const ImportKindName = kind;
const column = Type.Integer({ minimum: 0, maximum: importLimits.columns - 1, description: 'Place of the column, from 0' });

/** Something a column can say about a record (导入字段). */
export const ImportTarget = Closed({
  key: Type.String(), label: Type.String({ description: 'In the language of Accept-Language' }), required: Type.Boolean(),
  help: Nullable(Type.String()), example: Nullable(Type.String()), jsonOnly: Type.Boolean({ description: 'Lists of objects, which only JSON Lines can say' }),
}, { title: 'ImportTarget' });
export const ImportKindInfo = Closed({ kind, title: Type.String(), targets: Type.Array(ImportTarget), permission: Type.String({ description: 'What one needs beside import.run' }), allowed: Type.Boolean() }, { title: 'ImportKind' });
export type ImportKindInfo = Static<typeof ImportKindInfo>;
export const ImportKindList = Closed({ items: Type.Array(ImportKindInfo) });

/** Which column says what; columns that are not named here are left out. */
export const ColumnMapping = Type.Array(Closed({ column, target: Type.String({ maxLength: 120 }) }), { maxItems: importLimits.columns, title: 'ColumnMapping' });
export type ColumnMapping = Static<typeof ColumnMapping>;

/** A file to be imported: uploaded before (`fileId`), or the part `file` of a multipart form with these as fields (`mapping` as JSON text). */
export const CreateImport = Closed({
  kind, fileId: Type.String({ format: 'uuid' }), mapping: Type.Optional(ColumnMapping),
  dryRun: Type.Optional(Type.Boolean({ description: 'Looks at every row and says what would happen; writes nothing' })),
  sheet: Type.Optional(Type.String({ maxLength: 100, description: 'Name of the sheet of a workbook; the first visible one when absent' })),
  encoding: Type.Optional(OneOf(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'], { description: 'Of text files; found out when absent' })),
}, { title: 'CreateImport' });
export type CreateImport = Static<typeof CreateImport>;
export const ImportForm = Closed({
  kind, mapping: Type.Optional(Type.String({ maxLength: 4_096 })), dryRun: Type.Optional(OneOf(['true', 'false'])), sheet: Type.Optional(Type.String({ maxLength: 100 })), encoding: Type.Optional(OneOf(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'])),
});

/** What a file holds and what its columns seem to say (导入预览). */
export const ImportPreview = Closed({
  kind, name: Type.String(), format: OneOf(importFormats), encoding: Nullable(Type.String()), separator: Nullable(Type.String()), sheets: Type.Array(Type.String()),
  columns: Type.Array(Closed({ column, header: Type.String(), samples: Type.Array(Type.String(), { description: 'Up to three values' }) })),
  mapping: ColumnMapping, proposedBy: Type.Array(Closed({ column, by: OneOf(['remembered', 'name'], { description: 'remembered: so it was mapped last time' }) })),
  missing: Type.Array(Type.String(), { description: 'Required targets that no column says' }),
}, { title: 'ImportPreview' });
export type ImportPreview = Static<typeof ImportPreview>;

const counts = {
  rows: Nullable(Type.Integer({ description: 'Rows of the file; null until it was read' })), processed: Type.Integer(), created: Type.Integer(), updated: Type.Integer(),
  present: Type.Integer({ description: 'There already, and the same' }), failed: Type.Integer({ description: 'Rows with a fault: they stand in the result file' }),
};
/** An import with its progress (导入任务). */
export const Import = Closed({
  id: Id, kind, status: OneOf(importStatuses), dryRun: Type.Boolean(), file: Closed({ name: Type.String(), size: Type.Integer(), format: OneOf(importFormats) }),
  columns: Type.Array(Type.String()), mapping: ColumnMapping, counts: Closed(counts),
  error: Nullable(Closed({ code: Type.String(), message: Type.String() }, { description: 'Why it failed' })),
  resultUrl: Nullable(Type.String({ description: 'The rows with a fault as CSV, each with its reason; null while there are none or when it may not be had' })),
  createdBy: Closed({ id: Id, name: Type.String() }), createdAt: Timestamp, startedAt: NullableTimestamp, finishedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'Import' });
export type Import = Static<typeof Import>;
export const ImportPage = Page(Import);
export const ListImports = Closed({ ...pageQuery, kind: Type.Optional(kind), status: Type.Optional(OneOf(importStatuses)) });

/** What is wrong with a row (导入问题). */
export const ImportIssue = Closed({ row: Type.Integer({ description: 'Line of the file, from 1, the heading included' }), column: Nullable(Type.String({ description: 'Heading of the column' })), code: Type.String(), message: Type.String({ description: 'In the language of whoever imported' }) }, { title: 'ImportIssue' });
export type ImportIssue = Static<typeof ImportIssue>;
export const ImportIssuePage = Page(ImportIssue);
export const ListIssues = Closed({ ...pageQuery });

/** A ticket with its history as it was elsewhere (历史工单). Moments lie in the past, none before it was made. */
export const ImportedTicket = Closed({
  subject: Type.String({ minLength: 1, maxLength: limits.subject, pattern: visible }), description: Type.Optional(Type.String({ maxLength: limits.description })),
  type: Type.Optional(Type.String({ maxLength: 100 })), category: Type.Optional(Type.String({ maxLength: 300 })), priority: Type.Optional(PriorityName),
  requester: Type.Optional(Closed({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: limits.name })), phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })),
    email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })), customerId: Type.Optional(Id),
  })),
  assetId: Type.Optional(Id), team: Type.Optional(Id), assignee: Type.Optional(Id), location: Type.Optional(Location), tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: limits.tags, uniqueItems: true })),
  channel: Type.Optional(Channel), createdAt: Type.Optional(Timestamp), resolvedAt: Type.Optional(Timestamp), closedAt: Type.Optional(Timestamp), resolution: Type.Optional(Type.String({ maxLength: limits.description })),
  rating: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })), externalId: Type.Optional(Type.String({ maxLength: 120 })), fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 200 })),
  comments: Type.Optional(Type.Array(Closed({
    at: Timestamp, author: Type.Optional(Type.String({ maxLength: 254 })), visibility: Type.Optional(OneOf(['public', 'internal'])), body: Type.String({ minLength: 1, maxLength: limits.comment, pattern: visible }),
  }), { maxItems: importLimits.comments })),
}, { title: 'ImportedTicket' });
export type ImportedTicket = Static<typeof ImportedTicket>;

/** A case of a hotline as a file says it (热线派单). */
export const ImportedCase = Closed({
  caseNumber: Type.String({ minLength: 1, maxLength: 100, pattern: visible }), title: Type.String({ minLength: 1, maxLength: limits.subject, pattern: visible }), content: Type.Optional(Type.String({ maxLength: limits.description })),
  code: Type.Optional(Type.String({ maxLength: 60 })), codeName: Type.Optional(Type.String({ maxLength: 200 })), citizenName: Type.Optional(Type.String({ maxLength: limits.name })), citizenPhone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })),
  address: Type.Optional(Type.String({ maxLength: 300 })), dispatchedAt: Type.Optional(Timestamp), deadline: Type.Optional(Timestamp), urgent: Type.Optional(OneOf(['yes', 'no'])),
}, { title: 'ImportedCase' });
export type ImportedCase = Static<typeof ImportedCase>;

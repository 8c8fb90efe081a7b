import { Type, type Static } from 'typebox';
import { caseActions, caseStates, extensionStates } from '../rules/hotline/case.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Reference, Timestamp } from './common.ts';

export const hotlineLimits = { words: 2_000, codes: 2_000, code: 60, name: 200 } as const;
export const reportStates = ['waiting', 'sent', 'failed', 'by_hand'] as const;

/** What the hotline is told (热线回报). */
export const HotlineReport = Closed({
  id: Id, kind: OneOf(['accepted', 'returned', 'extension_asked', 'finished', 'revisited']), state: OneOf(reportStates, { description: 'by_hand: the account has no address to report to' }), words: Nullable(Type.String()), until: NullableTimestamp,
  attempts: Type.Integer(), failure: Nullable(Type.String()), by: Nullable(Type.String()), createdAt: Timestamp, settledAt: NullableTimestamp,
}, { title: 'HotlineReport' });
export type HotlineReport = Static<typeof HotlineReport>;

/** A case that a hotline handed over (热线派单), with what may be done with it now. */
export const HotlineCase = Closed({
  id: Id, channel: Reference, caseNumber: Type.String(), ticketId: Id, state: OneOf(caseStates), extension: Nullable(OneOf(extensionStates)), code: Nullable(Type.String()), codeName: Nullable(Type.String()),
  codesVersion: Nullable(Type.Integer({ description: 'Which version of the code table was read' })), dispatchedAt: Timestamp, deadlineAt: NullableTimestamp, urged: Type.Integer({ description: 'How often the hotline asked to hurry' }),
  satisfaction: Nullable(Type.Integer({ description: 'What the hotline heard of the citizen: 1 to 5' })), satisfactionWords: Nullable(Type.String()), satisfiedAt: NullableTimestamp,
  actions: Type.Array(OneOf(caseActions)), reports: Type.Array(HotlineReport, { description: 'Newest first' }), version: Type.Integer(),
}, { title: 'HotlineCase' });
export type HotlineCase = Static<typeof HotlineCase>;
export const HotlineCases = Closed({ items: Type.Array(HotlineCase) }, { title: 'HotlineCases' });
export const TakeHotlineAction = Closed({
  words: Type.Optional(Type.String({ maxLength: hotlineLimits.words, description: 'Why; of finishing, what was done; of a revisit, what the citizen said' })), until: Type.Optional(Timestamp), satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
}, { title: 'TakeHotlineAction' });

const CodeLine = Closed({ code: Type.String({ minLength: 1, maxLength: hotlineLimits.code }), name: Type.String({ maxLength: hotlineLimits.name }), category: Nullable(Id) }, { title: 'HotlineCode' });
/** The hotline's categories and what they are here (分类对照表), as the newest version says. */
export const HotlineCodes = Closed({
  version: Type.Integer({ description: '0 where there is none yet' }), codes: Type.Array(CodeLine), note: Nullable(Type.String()), versions: Type.Array(Closed({ number: Type.Integer(), count: Type.Integer(), note: Nullable(Type.String()), by: Nullable(Type.String()), createdAt: Timestamp })),
}, { title: 'HotlineCodes' });
export type HotlineCodes = Static<typeof HotlineCodes>;
export const UpdateHotlineCodes = Closed({ codes: Type.Array(CodeLine, { maxItems: hotlineLimits.codes }), note: Type.Optional(Type.String({ maxLength: 500 })) }, { title: 'UpdateHotlineCodes' });

import { Type, type Static } from 'typebox';
import { foundKinds, extractLimits } from '../rules/text/extract.ts';
import { priorities } from '../rules/ticket/lifecycle.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Timestamp, limits } from './common.ts';

/** What was guessed of a ticket and nobody has confirmed so far (猜测). */
export const Guess = Closed({
  field: Type.String({ description: 'category, asset, address, name, phone, email, subject, priority or fields.<key>' }),
  words: Type.String({ description: 'The words it was read from; masked where the field is' }),
  confidence: Type.Number({ minimum: 0, maximum: 1 }), by: OneOf(['rule', 'model', 'llm']), at: Timestamp,
}, { title: 'Guess' });
export type Guess = Static<typeof Guess>;

/** What was asked of another system for a ticket, and what came of it (补全). */
export const Completion = Closed({
  source: Type.String({ description: 'The id of the connector' }), name: Type.String(), state: OneOf(['waiting', 'filled', 'nothing', 'failed']),
  filled: Type.Array(Type.String(), { description: 'What it filled in, as targets of its mapping' }), reason: Nullable(Type.String({ description: 'A stable word' })), said: Nullable(Type.String()), attempts: Type.Integer(), at: NullableTimestamp,
}, { title: 'Completion' });
export type Completion = Static<typeof Completion>;

export const ConfirmGuesses = Closed({ fields: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { minItems: 1, maxItems: 60, uniqueItems: true }) }, { title: 'ConfirmGuesses' });

export const intakeLimits = { masks: 20, mask: 60, rawDays: { least: 30, most: 3_650 }, messageDays: { least: 180, most: 3_650 }, callDays: { least: 30, most: 3_650 }, chatDays: { least: 30, most: 3_650 } } as const;

/** How requests are taken in (受理设置): whether words are read, and how long what came in is kept. */
export const IntakeSetting = Closed({
  understand: Type.Boolean({ description: 'Whether what customers write and say is read, to fill in what is empty' }), askLlm: Type.Boolean({ description: 'Whether the language model, where one is set up, sharpens that' }),
  orderMasks: Type.Array(Type.String(), { description: 'How the organization’s own order numbers look: 9 a digit, A a capital letter, * either' }),
  rawDays: Type.Integer({ description: 'How long the bytes of what came in by channels are kept' }), messageDays: Type.Integer({ description: 'How long is kept that it came' }),
  callDays: Type.Integer({ description: 'How long calls are kept, with their recordings and words' }),
  chatDays: Type.Integer({ description: 'How long visitors of websites see what passed with them' }),
  classifier: Nullable(Closed({ learnedAt: Timestamp, tickets: Type.Integer(), heldOut: Type.Integer(), right: Type.Integer() }, { description: 'What was learned of categories, and of how many tickets held out the category was found' })),
  llm: Type.Boolean({ description: 'Whether a language model is set up' }), version: Type.Integer(),
}, { title: 'IntakeSetting' });
export type IntakeSetting = Static<typeof IntakeSetting>;
export const UpdateIntakeSetting = Closed({
  understand: Type.Optional(Type.Boolean()), askLlm: Type.Optional(Type.Boolean()),
  orderMasks: Type.Optional(Type.Array(Type.String({ minLength: 4, maxLength: intakeLimits.mask }), { maxItems: intakeLimits.masks, uniqueItems: true })),
  rawDays: Type.Optional(Type.Integer({ minimum: intakeLimits.rawDays.least, maximum: intakeLimits.rawDays.most })),
  messageDays: Type.Optional(Type.Integer({ minimum: intakeLimits.messageDays.least, maximum: intakeLimits.messageDays.most })),
  callDays: Type.Optional(Type.Integer({ minimum: intakeLimits.callDays.least, maximum: intakeLimits.callDays.most })),
  chatDays: Type.Optional(Type.Integer({ minimum: intakeLimits.chatDays.least, maximum: intakeLimits.chatDays.most })),
}, { title: 'UpdateIntakeSetting', minProperties: 1 });

export const ExtractText = Closed({ text: Type.String({ minLength: 1, maxLength: extractLimits.text }), type: Type.Optional(Id) }, { title: 'ExtractText' });
/** What a text names, and what a ticket of it could say (来话抽取). */
export const ExtractedText = Closed({
  found: Type.Array(Closed({ kind: OneOf(foundKinds), value: Type.String(), words: Type.String(), start: Type.Integer(), end: Type.Integer(), confidence: Type.Number(), until: Type.Optional(Type.String({ description: 'Of a span of time its end' })) })),
  subject: Type.String({ maxLength: limits.subject }),
  category: Nullable(Closed({ id: Id, path: Type.Array(Type.String()), confidence: Type.Number(), words: Type.Array(Type.String()) })),
  asset: Nullable(Closed({ id: Id, code: Type.String(), name: Type.String() })),
  address: Nullable(Closed({ value: Type.String(), words: Type.String(), confidence: Type.Number() })),
  priority: Closed({ priority: OneOf(priorities), words: Type.Array(Type.String(), { description: 'What speaks for it' }) }, { description: 'As it would be reckoned where nobody sets one' }),
  fields: Type.Record(Type.String(), Type.Unknown(), { description: 'Answers to the own fields of the type' }),
}, { title: 'ExtractedText' });
export type ExtractedText = Static<typeof ExtractedText>;

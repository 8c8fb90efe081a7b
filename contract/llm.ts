import { Type, type Static } from 'typebox';
import { flowLimits } from '../rules/workflow/definition.ts';
import { Closed, Nullable, NullableTimestamp, visible } from './common.ts';

const llmLimits = flowLimits.llm;

/** The language model flows may ask (大模型接入): any service that speaks the OpenAI chat protocol. Its key is never shown. */
export const LlmSetting = Closed({
  enabled: Type.Boolean(), baseUrl: Nullable(Type.String({ description: 'Up to the version, without a slash in the end: https://host/v1' })), model: Nullable(Type.String()),
  hasKey: Type.Boolean(), timeoutSeconds: Type.Integer(), ready: Type.Boolean({ description: 'Whether it is switched on and has all it needs' }), updatedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'LlmSetting' });
export type LlmSetting = Static<typeof LlmSetting>;

export const UpdateLlmSetting = Closed({
  enabled: Type.Optional(Type.Boolean()),
  baseUrl: Type.Optional(Nullable(Type.String({ maxLength: llmLimits.url, pattern: '^https?://[^\\s?#@]+[^\\s?#@/]$' }))),
  model: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: llmLimits.model, pattern: visible }))),
  key: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: llmLimits.key, pattern: '^[\\x21-\\x7e]+$', description: 'Sent as a bearer token; null removes it. It belongs to its address: another baseUrl takes it away' }))),
  timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: llmLimits.seconds })),
}, { title: 'UpdateLlmSetting', minProperties: 1 });
export type UpdateLlmSetting = Static<typeof UpdateLlmSetting>;

import { isObject, type Json } from '../../../rules/conditions/json.ts';
import { callOutside, isFinal, OutsideFailure } from '../../platform/egress/call-outside.ts';

/** A question to a language model (大模型提问). */
export interface LlmQuestion {
  /** Up to the version: `https://host/v1`. */
  baseUrl: string;
  model: string;
  /** Sent as a bearer token. */
  key: string | null;
  prompt: string;
  /** Whether the answer has to be a JSON object. */
  json: boolean;
  milliseconds: number;
}

/** What it said; or why it said nothing of use, and whether asking again is of no use. */
export type LlmAnswer = { ok: true; text: string; json: Json | null } | { ok: false; problem: string; final: boolean };

const longestAnswer = 20_000;
const largestReply = 1_000_000;
// Models like to wrap what they were asked for.
const fence = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/;

/**
 * Asks a language model one question (询问大模型), by the chat protocol of OpenAI (platform.openai.com/docs/api-reference/chat):
 * one message of a user, temperature 0, no streaming.
 *
 * @param privateHosts hosts of the own network that may be called
 */
export async function askLlm(question: LlmQuestion, privateHosts: readonly string[]): Promise<LlmAnswer> {
  const body = {
    model: question.model, temperature: 0, stream: false, messages: [{ role: 'user', content: question.prompt }],
    ...(question.json ? { response_format: { type: 'json_object' } } : {}),
  };
  let status: number;
  let reply: string;
  try {
    ({ status, body: reply } = await callOutside({
      method: 'POST', url: `${question.baseUrl}/chat/completions`, body: JSON.stringify(body),
      headers: { accept: 'application/json', 'content-type': 'application/json; charset=utf-8', 'user-agent': 'bihuan', ...(question.key === null ? {} : { authorization: `Bearer ${question.key}` }) },
    }, { privateHosts, milliseconds: question.milliseconds, bytes: largestReply, redirects: 0 }));
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    return { ok: false, problem: `${error.code}: ${error.message}`.slice(0, 300), final: isFinal(error) };
  }
  // A wrong key, model or request stays wrong; being asked to wait does not.
  if (status < 200 || status > 299) return { ok: false, problem: `HTTP ${status}`, final: status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429 };
  return read(reply, question.json);
}

function read(reply: string, wantsJson: boolean): LlmAnswer {
  const text = contentOf(reply);
  if (text === null) return { ok: false, problem: 'the answer is not one of a chat completion', final: true };
  if (text.length > longestAnswer || text.includes('\0') || !text.isWellFormed()) return { ok: false, problem: 'the answer cannot be kept', final: true };
  if (!wantsJson) return { ok: true, text, json: null };
  try {
    const json = JSON.parse(fence.exec(text)?.[1] ?? text) as Json;
    if (isObject(json)) return { ok: true, text, json };
  } catch {
    // Said below, as for JSON of another kind.
  }
  // The next answer may be another one.
  return { ok: false, problem: 'the answer is not a JSON object', final: false };
}

function contentOf(reply: string): string | null {
  let found: unknown;
  try {
    found = JSON.parse(reply);
  } catch {
    return null;
  }
  const choices = isObject(found) ? found['choices'] : undefined;
  const message = Array.isArray(choices) && isObject(choices[0]) ? choices[0]['message'] : undefined;
  const content = isObject(message) ? message['content'] : undefined;
  return typeof content === 'string' ? content : null;
}

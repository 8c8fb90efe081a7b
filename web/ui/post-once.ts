import { api, ApiProblem, newIdempotencyKey } from './api.ts';

let attempt: { content: string; key: string } | null = null;

/**
 * Sends something that must arrive once (只提交一次). As long as no answer comes, the same content goes out under the
 * same Idempotency-Key, however often the button is pressed; after an answer, or with other content, under a new one.
 *
 * @throws ApiProblem
 */
export async function postOnce<Body>(path: string, body: object): Promise<Body> {
  const content = `${path} ${JSON.stringify(body)}`;
  if (attempt?.content !== content) attempt = { content, key: newIdempotencyKey() };
  try {
    const { data } = await api.post<Body>(path, body, { idempotencyKey: attempt.key });
    attempt = null;
    return data;
  } catch (error) {
    if (!(error instanceof ApiProblem) || !error.temporary) attempt = null;
    throw error;
  }
}

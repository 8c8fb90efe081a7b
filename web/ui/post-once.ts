import { api, ApiProblem, newIdempotencyKey } from './api.ts';

/** What is on its way without an answer so far, and under which key. */
export interface Attempt {
  content: string;
  key: string;
}

/** Where an attempt waits for its answer: as long as the page, or as long as the draft of what it sends. */
export interface AttemptPlace {
  recall(path: string): Attempt | null;
  keep(path: string, attempt: Attempt | null): void;
}

/**
 * Sends something that must arrive once (只提交一次). As long as no answer comes, the same content goes out under the
 * same Idempotency-Key, however often the button is pressed; after an answer, or with other content, under a new one.
 * A second press while the first is on its way sends nothing: both get the same answer.
 *
 * @param place where drafts outlive the page, the attempt must outlive it too
 * @throws ApiProblem
 */
export function openPostOnce(place: AttemptPlace): <Body>(path: string, body: object) => Promise<Body> {
  const running = new Map<string, Promise<unknown>>();
  return <Body>(path: string, body: object) => {
    const content = `${path} ${JSON.stringify(body)}`;
    const sent = running.get(content) as Promise<Body> | undefined;
    if (sent !== undefined) return sent;
    const sending = send<Body>(path, body, content).finally(() => running.delete(content));
    running.set(content, sending);
    return sending;
  };

  async function send<Body>(path: string, body: object, content: string): Promise<Body> {
    const begun = place.recall(path);
    const attempt = begun?.content === content ? begun : { content, key: newIdempotencyKey() };
    // Before it leaves: the page may be gone before the answer comes.
    if (attempt !== begun) place.keep(path, attempt);
    try {
      const { data } = await api.post<Body>(path, body, { idempotencyKey: attempt.key });
      place.keep(path, null);
      return data;
    } catch (error) {
      const open = error instanceof ApiProblem && (error.temporary || error.code === 'idempotency_key_in_flight');
      if (!open) place.keep(path, null);
      throw error;
    }
  }
}

let current: Attempt | null = null;

/** `openPostOnce` for what is lost with the page. */
export const postOnce = openPostOnce({
  recall: () => current,
  keep: (_path, attempt) => void (current = attempt),
});

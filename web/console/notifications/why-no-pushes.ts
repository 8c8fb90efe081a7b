import { asProblem } from '../../ui/api-problem.ts';

/** The person, or the browser for them, said no to notifications. */
export class PushDenied extends Error {}

/**
 * Why this browser takes no pushes (推送为什么没开通): what the browser itself refused has words of ours, what the server refused has
 * its own. By the Push API a browser that may not answers NotAllowedError, one that cannot reach its push service AbortError.
 */
export function whyNoPushes(error: unknown): { text: 'own.pushDenied' | 'own.pushUnreachable' | 'own.pushFailed' } | { sentence: string } {
  if (error instanceof PushDenied) return { text: 'own.pushDenied' };
  if (error instanceof DOMException) {
    // Chromium says "permission denied" under the same name as "push service not available".
    if (error.name === 'NotAllowedError' || /permission/i.test(error.message)) return { text: 'own.pushDenied' };
    return { text: error.name === 'AbortError' ? 'own.pushUnreachable' : 'own.pushFailed' };
  }
  const problem = asProblem(error);
  return problem.code === 'answer_unreadable' && problem.status === 0 ? { text: 'own.pushFailed' } : { sentence: problem.errors[0]?.message ?? problem.title };
}

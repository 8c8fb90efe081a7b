import { openPostOnce, type Attempt } from '../ui/post-once.ts';
import { forget, recall, remember } from './storage.ts';

/**
 * Sends what a draft holds once (只提交一次), also when the answer was lost and the page opened anew: the key is kept on
 * this device as long as the draft is.
 *
 * @throws ApiProblem
 */
export const postOnce = openPostOnce({
  recall: (path) => recall<Attempt>(`attempt.${path}`),
  keep: (path, attempt) => (attempt === null ? forget(`attempt.${path}`) : remember(`attempt.${path}`, attempt)),
});

import { useState } from 'preact/hooks';
import type { Progress } from '../../../contract/portal.ts';
import { newsChoices, type NewsChoice } from '../../../rules/news/events.ts';
import { asProblem, type ApiProblem } from '../../ui/api.ts';
import { postOnce } from '../post.ts';
import { Problem } from '../parts/notice.tsx';
import { say } from '../texts/say.ts';
import { progressPath } from './follow.ts';

/** What somebody wants to be told without asking (选择通知); kept at once. */
export function NewsBox({ token, progress, look }: { token: string; progress: Progress; look: () => Promise<void> }) {
  const [chosen, setChosen] = useState<NewsChoice | null>(null);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  if (progress.news === null) return null;

  async function choose(choice: NewsChoice): Promise<void> {
    setChosen(choice);
    setSaved(false);
    setProblem(null);
    try {
      await postOnce(`${progressPath(token)}/news`, { choice });
      setSaved(true);
      await look();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setChosen(null);
  }

  return (
    <section class="card" aria-labelledby="news-title">
      <h2 id="news-title" class="card-title">{say('news.title')}</h2>
      <div class="choices" role="radiogroup" aria-labelledby="news-title">
        {newsChoices.map((choice) => (
          <label key={choice} class="choice">
            <input type="radio" name="news" value={choice} checked={(chosen ?? progress.news) === choice} disabled={chosen !== null} onChange={() => void choose(choice)} />
            <span>{say(`news.${choice}`)}</span>
          </label>
        ))}
      </div>
      <Problem error={problem} />
      <p class="quiet" role="status">{saved ? say('news.saved') : say('news.hint')}</p>
    </section>
  );
}

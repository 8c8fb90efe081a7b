import { useState } from 'preact/hooks';
import type { Progress } from '../../../contract/portal.ts';
import { asProblem, type ApiProblem } from '../../ui/api.ts';
import { postOnce } from '../post.ts';
import { Field } from '../parts/field.tsx';
import { Star } from '../parts/icons.tsx';
import { Problem } from '../parts/notice.tsx';
import { forget, recall, remember } from '../storage.ts';
import { say } from '../texts/say.ts';
import { progressPath } from './follow.ts';

const stars = [1, 2, 3, 4, 5] as const;
type Stars = (typeof stars)[number];

interface RatingDraft {
  rating: Stars | null;
  comment: string;
}

/** One to five stars and a word (评价); thanks, once given. */
export function RatingBox({ token, progress, look }: { token: string; progress: Progress; look: () => Promise<void> }) {
  const draftName = `rating.${token}`;
  const [draft, setDraft] = useState<RatingDraft>(() => recall<RatingDraft>(draftName) ?? { rating: null, comment: '' });
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  if (progress.rating !== null) {
    const given = Math.min(5, Math.max(1, progress.rating.rating)) as Stars;
    return (
      <section class="card thanks" role="status">
        <p class="thanks-title">{say('rating.thanks')}</p>
        <p class="stars stars-given" role="img" aria-label={say('rating.given', { count: given, word: say(`rating.${given}`) })}>
          {stars.map((star) => <Star key={star} filled={star <= given} />)}
        </p>
        {progress.rating.comment !== null && progress.rating.comment !== '' && <p class="prose quiet">{progress.rating.comment}</p>}
      </section>
    );
  }
  // First whether it is solved, then how it was.
  if (!progress.canRate || progress.canConfirm) return null;

  function change(part: Partial<RatingDraft>): void {
    const next = { ...draft, ...part };
    setDraft(next);
    remember(draftName, next);
  }

  async function send(): Promise<void> {
    setTried(true);
    if (draft.rating === null) return;
    setRunning(true);
    setProblem(null);
    const body = { rating: draft.rating, ...(draft.comment.trim() === '' ? {} : { comment: draft.comment.trim() }) };
    try {
      await postOnce(`${progressPath(token)}/rating`, body);
      forget(draftName);
      await look();
    } catch (error) {
      setProblem(asProblem(error));
      await look();
    } finally {
      setRunning(false);
    }
  }

  return (
    <form
      class="card ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset class="rating">
        <legend>{say('rating.title')}</legend>
        <div class="stars">
          {stars.map((star) => (
            <label key={star} class={draft.rating !== null && star <= draft.rating ? 'star star-on' : 'star'}>
              <input type="radio" class="visually-hidden" name="rating" value={star} checked={draft.rating === star} onChange={() => change({ rating: star })} />
              <Star filled={draft.rating !== null && star <= draft.rating} />
              <span class="visually-hidden">{say('rating.star', { count: star })}</span>
            </label>
          ))}
        </div>
        <p class={tried && draft.rating === null ? 'field-error rating-word' : 'rating-word'} role="status">
          {draft.rating !== null ? say(`rating.${draft.rating}`) : tried ? say('rating.missing') : ''}
        </p>
      </fieldset>
      {draft.rating !== null && <Field label={say('rating.comment')} name="comment" rows={2} optional value={draft.comment} onInput={(comment) => change({ comment })} maxLength={2000} />}
      <Problem error={problem} />
      <button type="submit" class="button button-main button-wide" disabled={running}>{say('rating.send')}</button>
    </form>
  );
}

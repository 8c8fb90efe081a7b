import { StarFill, StarOutline } from 'antd-mobile-icons';
import { useId } from 'react';
import { useTexts } from '../i18n.ts';
import { TextField } from './text-field.tsx';

const stars = [1, 2, 3, 4, 5] as const;

/** Stars that are given or were (星级), read out as a number. */
export function Stars({ rating }: { rating: number }) {
  const { t } = useTexts();
  return <span className="stars" role="img" aria-label={t('complete.stars', { count: rating })}>{stars.map((star) => (star <= rating ? <StarFill key={star} aria-hidden="true" /> : <StarOutline key={star} aria-hidden="true" />))}</span>;
}

/** The customer who has just signed rates the service (现场评价), if they like. */
export function RatingField({ rating, comment, onChange }: { rating: number | null; comment: string; onChange: (change: { rating?: number | null; ratingComment?: string }) => void }) {
  const { t } = useTexts();
  const name = useId();
  return (
    <>
      <fieldset className="rating">
        <legend className="field-label">{t('complete.rating')}</legend>
        <p className="field-hint">{t('complete.ratingHint')}</p>
        <div className="rating-stars">
          {stars.map((star) => (
            <label key={star} data-given={(rating !== null && star <= rating) || undefined}>
              <input type="radio" className="visually-hidden" name={name} aria-label={t('complete.stars', { count: star })} checked={rating === star} onChange={() => onChange({ rating: star })} />
              {rating !== null && star <= rating ? <StarFill aria-hidden="true" /> : <StarOutline aria-hidden="true" />}
            </label>
          ))}
          {rating !== null && <button type="button" className="small-button" onClick={() => onChange({ rating: null })}>{t('complete.ratingClear')}</button>}
        </div>
      </fieldset>
      {rating !== null && <TextField label={t('complete.ratingComment')} name="ratingComment" rows={2} value={comment} onChange={(ratingComment) => onChange({ ratingComment })} maxLength={1000} />}
    </>
  );
}

import { useEffect, useState } from 'react';
import type { OwnFigures } from '../../../contract/field.ts';
import { api } from '../../ui/api.ts';
import { database } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { Choice } from './choice.tsx';

const note = 'figures';

/** One's own figures of today and this week (我的指标), as the server last reckoned them. */
export function FiguresCard() {
  const { t } = useTexts();
  const [period, setPeriod] = useState<'today' | 'week'>('week');
  const kept = useLive(async () => ((await database().notes.get(note))?.value as OwnFigures | undefined) ?? null, []);
  useEffect(() => {
    const { notes } = database();
    // Without a network those of before stay.
    void api.get<OwnFigures>('/field/figures').then(({ data }) => notes.put({ key: note, value: data })).catch(() => {});
  }, []);
  if (kept == null) return null;
  const { completed, onTime, fixedAtOnce, rating } = kept[period];
  const share = ({ of, count }: { of: number; count: number }): string => (of === 0 ? '–' : `${Math.round((count / of) * 100)}%`);
  const tiles = [
    { name: t('figures.completed'), value: String(completed), hint: '' },
    { name: t('figures.onTime'), value: share(onTime), hint: onTime.of === 0 ? '' : `${onTime.count}/${onTime.of}` },
    { name: t('figures.firstTime'), value: share(fixedAtOnce), hint: fixedAtOnce.of === 0 ? '' : `${fixedAtOnce.count}/${fixedAtOnce.of}` },
    { name: t('figures.rating'), value: rating.average === null ? '–' : rating.average.toFixed(1), hint: rating.count === 0 ? '' : t('figures.ratings', { count: rating.count }) },
  ];
  return (
    <section className="card" aria-labelledby="figures-title">
      <div className="figures-head">
        <h2 id="figures-title" className="card-title">{t('figures.title')}</h2>
        <Choice label={t('figures.title')} options={(['today', 'week'] as const).map((value) => ({ value, label: t(`figures.${value}`) }))} value={period} onChange={setPeriod} />
      </div>
      <dl className="figures">
        {tiles.map(({ name, value, hint }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {hint !== '' && <dd className="figures-hint">{hint}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

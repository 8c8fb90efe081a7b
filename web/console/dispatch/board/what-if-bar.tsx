import { Button } from 'antd';
import type { DraftEvaluation } from '../../../../contract/day-plan.ts';
import { Icon } from '../../parts/icon.tsx';
import { useBoard } from './board-context.ts';
import type { Move } from './board-model.ts';
import { signed } from './clock.ts';
import { useBoardTexts } from './texts.ts';
import styles from './what-if-bar.module.css';

type Props = { moves: readonly Move[]; reckoned: DraftEvaluation | null; reckoning: boolean; busy: boolean; onApply: () => void; onDiscard: () => void };

/** What all that is tried out comes to (试排合计), and keeping it or not. */
export function WhatIfBar({ moves, reckoned, reckoning, busy, onApply, onDiscard }: Props) {
  const { t } = useBoardTexts();
  const { language } = useBoard();
  const fresh = reckoned?.broken.filter(({ isNew }) => isNew) ?? [];
  const hard = fresh.filter((one) => one.hard).length;
  return (
    <div className={styles.bar} role="region" aria-label={t('whatIf.label')}>
      <strong>{t('whatIf.label')}</strong>
      {moves.length === 0 ? <span className={styles.muted}>{t('whatIf.none')}</span> : (
        <>
          <span>{t('whatIf.count', { count: moves.length })}</span>
          {reckoned === null ? <span className={styles.muted}>{reckoning ? t('cost.reckoning') : t('cost.unknown')}</span> : (
            <>
              <span data-good={reckoned.difference.travelSeconds <= 0}>{t('cost.travel', { time: signed(reckoned.difference.travelSeconds * 1_000, language) })}</span>
              {reckoned.difference.late !== 0 && <span data-good={reckoned.difference.late < 0}>{t('cost.late', { time: reckoned.difference.late > 0 ? `+${reckoned.difference.late}` : `−${-reckoned.difference.late}` })}</span>}
              <span data-good={fresh.length === 0} title={fresh.map(({ title, detail }) => (detail === null ? title : `${title} · ${detail}`)).join('\n')}>
                <Icon name={fresh.length === 0 ? 'check' : hard > 0 ? 'cancel' : 'info'} size={14} />{fresh.length === 0 ? t('whatIf.sound') : t('whatIf.broken', { count: fresh.length })}
              </span>
            </>
          )}
        </>
      )}
      <span className={styles.deeds}>
        <Button size="small" onClick={onDiscard}>{t('whatIf.discard')}</Button>
        <Button size="small" type="primary" disabled={moves.length === 0} loading={busy} onClick={onApply}>{t('whatIf.apply')}</Button>
      </span>
    </div>
  );
}

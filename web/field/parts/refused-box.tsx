import { useState } from 'react';
import { discardStep, retryStep } from '../data/outbox.ts';
import { sync } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { ConfirmSheet } from './confirm-sheet.tsx';

/** A step the server did not take: its sentence, and what one can do (被拒绝的操作). */
export function RefusedBox({ job }: { job: Job }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  // A step that fails again and again is shown too, though it is still being tried.
  const command = job.refused ?? job.pending.find(({ attempts, problem }) => attempts >= 3 && problem !== null) ?? null;
  if (command === null) return null;
  const step = t(`step.${command.action}`);
  const following = job.pending.filter(({ seq }) => seq > command.seq).length;

  async function discard(): Promise<void> {
    if (command === null) return;
    await discardStep(command);
    void sync();
  }

  async function retry(): Promise<void> {
    if (command === null) return;
    await retryStep(command);
    void sync();
  }

  return (
    <section className="refused-box" role="alert">
      <p className="refused-title">{t(job.refused === null ? 'refused.trouble' : 'refused.title', { step })}</p>
      <p>{command.problem?.title}</p>
      {following > 0 && <p className="refused-following">{t('refused.following', { count: following })}</p>}
      <div className="button-row">
        <button type="button" className="secondary-button" onClick={() => setAsking(true)}>
          {t('refused.discard')}
        </button>
        <button type="button" className="secondary-button strong" onClick={() => void retry()}>
          {t('common.retry')}
        </button>
      </div>
      <ConfirmSheet title={t('refused.discardAsk', { step })} hint={t('refused.discardHint')} action={t('refused.discard')} open={asking} onConfirm={() => void discard()} onClose={() => setAsking(false)} />
    </section>
  );
}

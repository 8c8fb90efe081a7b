import { Toast } from 'antd-mobile';
import { CalendarOutline, LockOutline, SetOutline } from 'antd-mobile-icons';
import { useId, useState } from 'react';
import { EmptyState } from '../../ui/react/empty-state.tsx';
import { obstacleRules, visitObstacles } from '../../../rules/ticket/visit-lifecycle.ts';
import { useDraft } from '../data/drafts.ts';
import { useJob } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { PhotoField } from '../parts/photo-field.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { take } from '../parts/take.ts';
import { TextField } from '../parts/text-field.tsx';
import { linesOf } from '../lines.ts';
import { goTo, hrefTo } from '../router.ts';

/** What is needed, a line each: none empty, and no more than the office takes. */

const icons = { no_access: LockOutline, part_needed: SetOutline, return_visit: CalendarOutline } as const;

/** Ends a visit that cannot be finished: why, a word for colleagues, photos (上门异常). */
export function ObstacleScreen({ visitId }: { visitId: string }) {
  const { t } = useTexts();
  const job = useJob(visitId);
  const open = job != null && job.visit.actions.includes('report_obstacle') && job.refused === null;
  return (
    <>
      <ScreenHead title={t('step.obstacle')} back={{ screen: 'job', visitId }} />
      <main className="screen with-actions">
        <SyncLine />
        {open && <ObstacleForm job={job} />}
        {job !== undefined && !open && (
          <EmptyState title={t('job.notFound')} action={<a className="secondary-button" href={hrefTo({ screen: 'job', visitId })}>{t('done.see')}</a>} />
        )}
      </main>
    </>
  );
}

function ObstacleForm({ job }: { job: Job }) {
  const { t } = useTexts();
  const { visit } = job;
  const handle = useDraft(visit.id, 'obstacle');
  const [tried, setTried] = useState(false);
  const [sending, setSending] = useState(false);
  const name = useId();
  if (handle === null) return null;
  const { draft, change, settle } = handle;
  const kind = draft.obstacle ?? null;
  const noteMissing = kind !== null && obstacleRules[kind].noteNeeded && draft.text.trim() === '';

  async function submit(): Promise<void> {
    setTried(true);
    if (kind === null || noteMissing) {
      const first = document.querySelector<HTMLElement>(kind === null ? '.obstacle-choice input' : '[name="note"]');
      first?.scrollIntoView({ block: 'center' });
      first?.focus({ preventScroll: true });
      return;
    }
    setSending(true);
    settle();
    const note = draft.text.trim();
    const needs = kind === 'no_access' ? [] : linesOf(draft.needs ?? '');
    const parts = visit.status === 'on_site' ? linesOf(draft.parts ?? '') : [];
    const kept = await take(visit.id, 'report_obstacle', { body: { obstacle: kind, ...(note === '' ? {} : { note }), ...(needs.length === 0 ? {} : { needs }), ...(parts.length === 0 ? {} : { parts }) }, photoIds: draft.photoIds, form: 'obstacle' });
    setSending(false);
    if (!kept) return;
    Toast.show({ content: t('obstacle.taken'), position: 'top' });
    goTo({ screen: 'today' }, { replace: true });
  }

  return (
    <>
      <p className="form-subject">{visit.ticket.subject}</p>
      <fieldset className="obstacle-choices" aria-describedby={tried && kind === null ? `${name}-missing` : undefined}>
        <legend>{t('obstacle.title')}</legend>
        {visitObstacles.map((one) => {
          const Icon = icons[one];
          return (
            <label key={one} className="obstacle-choice">
              <input type="radio" className="visually-hidden" name={name} checked={one === kind} onChange={() => change({ obstacle: one })} />
              <span className="obstacle-card">
                <Icon aria-hidden="true" />
                <span>
                  <strong>{t(`obstacle.${one}`)}</strong>
                  {t(`obstacle.${one}.hint`)}
                </span>
              </span>
            </label>
          );
        })}
        {tried && kind === null && <p id={`${name}-missing`} className="field-error" role="alert">{t('obstacle.missing')}</p>}
      </fieldset>
      {kind !== null && (
        <>
          <TextField
            label={kind === 'no_access' ? t('obstacle.note') : t(`obstacle.note.${kind}`)}
            hint={obstacleRules[kind].noteNeeded ? undefined : t('obstacle.note.optional')}
            name="note"
            rows={3}
            value={draft.text}
            placeholder={t(`obstacle.example.${kind}`)}
            onChange={(text) => change({ text })}
            error={tried && noteMissing ? t('obstacle.note.missing') : undefined}
            maxLength={1000}
          />
          {kind !== 'no_access' && (
            <TextField label={t('obstacle.needs')} hint={t('obstacle.needsHint')} name="needs" rows={3} value={draft.needs ?? ''} placeholder={t('obstacle.needsExample')} onChange={(needs) => change({ needs })} maxLength={4000} />
          )}
          {visit.status === 'on_site' && <TextField label={t('complete.parts')} hint={t('complete.partsHint')} name="parts" rows={2} value={draft.parts ?? ''} placeholder={t('complete.partsExample')} onChange={(parts) => change({ parts })} maxLength={4000} />}
          <PhotoField visitId={visit.id} label={t('obstacle.photos')} photoIds={draft.photoIds} onChange={(next) => change((now) => ({ photoIds: next(now.photoIds) }))} />
        </>
      )}
      <p className="form-note">{t('obstacle.hint')}</p>
      <div className="action-bar">
        <button type="button" className="primary-button danger" disabled={sending} onClick={() => void submit()}>
          {t('obstacle.submit')}
        </button>
      </div>
    </>
  );
}

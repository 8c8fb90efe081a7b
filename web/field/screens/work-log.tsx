import { Toast } from 'antd-mobile';
import { useRef, useState } from 'react';
import { useDraft } from '../data/drafts.ts';
import { useJob } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { PhotoField } from '../parts/photo-field.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { take } from '../parts/take.ts';
import { TextField } from '../parts/text-field.tsx';
import { goBack, type Route } from '../router.ts';

/** Writes down what was done so far, with photos (工作记录). */
export function WorkLogScreen({ visitId }: { visitId: string }) {
  const { t } = useTexts();
  const job = useJob(visitId);
  const back: Route = { screen: 'job', visitId };
  return (
    <>
      <ScreenHead title={t('log.title')} back={back} />
      <main className="screen with-actions">
        <SyncLine />
        {job != null && <WorkLogForm job={job} back={back} />}
      </main>
    </>
  );
}

function WorkLogForm({ job, back }: { job: Job; back: Route }) {
  const { t } = useTexts();
  const handle = useDraft(job.visit.id, 'log');
  const [tried, setTried] = useState(false);
  const busy = useRef(false);
  if (handle === null) return null;
  const { draft, change, settle } = handle;
  const missing = draft.text.trim() === '';

  async function submit(): Promise<void> {
    setTried(true);
    if (missing) {
      document.querySelector<HTMLElement>('[name="text"]')?.focus();
      return;
    }
    // A log may follow a log, so nothing but this keeps a second tap from writing it twice.
    if (busy.current) return;
    busy.current = true;
    settle();
    if (!(await take(job.visit.id, 'log_work', { body: { workSummary: draft.text.trim() }, photoIds: draft.photoIds, form: 'log' }))) {
      busy.current = false;
      return;
    }
    Toast.show({ content: t('log.taken'), position: 'top' });
    goBack(back);
  }

  return (
    <>
      <p className="form-subject">{job.visit.ticket.subject}</p>
      <TextField label={t('log.text')} name="text" rows={6} value={draft.text} placeholder={t('log.placeholder')} onChange={(text) => change({ text })} error={tried && missing ? t('log.missing') : undefined} maxLength={20_000} />
      <PhotoField visitId={job.visit.id} label={t('log.media')} photoIds={draft.photoIds} onChange={(next) => change((now) => ({ photoIds: next(now.photoIds) }))} />
      <p className="form-note">{t(handle.saved ? 'log.kept' : 'log.keeping')}</p>
      <div className="action-bar">
        <button type="button" className="primary-button" onClick={() => void submit()}>
          {t('log.submit')}
        </button>
      </div>
    </>
  );
}

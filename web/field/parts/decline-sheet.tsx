import { Toast } from 'antd-mobile';
import { useState } from 'react';
import { useDraft } from '../data/drafts.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { goTo } from '../router.ts';
import { Sheet } from './sheet.tsx';
import { take } from './take.ts';
import { TextField } from './text-field.tsx';

const quick = ['time', 'skill', 'far', 'parts'] as const;

/** Gives a job back, with the reason (退单). */
export function DeclineSheet({ job, open, onClose }: { job: Job; open: boolean; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Sheet title={t('decline.title')} open={open} onClose={onClose}>
      <DeclineForm job={job} onClose={onClose} />
    </Sheet>
  );
}

function DeclineForm({ job, onClose }: { job: Job; onClose: () => void }) {
  const { t } = useTexts();
  const handle = useDraft(job.visit.id, 'decline');
  const [tried, setTried] = useState(false);
  if (handle === null) return null;
  const { draft, change, settle } = handle;

  async function submit(): Promise<void> {
    setTried(true);
    if (draft.text.trim() === '') return;
    settle();
    if (!(await take(job.visit.id, 'decline', { body: { reason: draft.text.trim() }, form: 'decline' }))) return;
    Toast.show({ content: t('decline.taken') });
    onClose();
    goTo({ screen: 'today' }, { replace: true });
  }

  return (
    <>
      <p className="sheet-hint">{t('decline.hint')}</p>
      <div className="chips">
        {quick.map((name) => (
          <button key={name} type="button" className="chip" aria-pressed={draft.text === t(`decline.quick.${name}`)} onClick={() => change({ text: t(`decline.quick.${name}`) })}>
            {t(`decline.quick.${name}`)}
          </button>
        ))}
      </div>
      <TextField label={t('decline.reason')} name="reason" rows={3} value={draft.text} onChange={(text) => change({ text })} error={tried && draft.text.trim() === '' ? t('decline.missing') : undefined} maxLength={1000} />
      <button type="button" className="primary-button danger" onClick={() => void submit()}>
        {t('decline.submit')}
      </button>
    </>
  );
}

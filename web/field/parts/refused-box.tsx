import { useState } from 'react';
import type { Form } from '../../../rules/forms/form.ts';
import { database, formNote, type Command } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { goTo } from '../router.ts';
import { discardStep, retryStep } from '../data/outbox.ts';
import { sync } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { ConfirmSheet } from './confirm-sheet.tsx';

/** A step the server did not take: its sentence, and what one can do (被拒绝的操作). */
export function RefusedBox({ job }: { job: Job }) {
  const { t, language } = useTexts();
  const [asking, setAsking] = useState(false);
  const { form } = job.visit;
  const fields = useLive(async () => (form === null ? null : ((await database().notes.get(formNote(form.typeId, form.version)))?.value as Form | undefined) ?? null), [form?.typeId, form?.version]);
  // A step that fails again and again is shown too, though it is still being tried.
  const command = job.refused ?? job.pending.find(({ attempts, problem }) => attempts >= 3 && problem !== null) ?? null;
  if (command === null) return null;
  const step = t(`step.${command.action}`);
  const wrong = command.problem?.errors ?? [];
  // What was refused in the form can be put right there.
  const mendable = job.refused === command && command.action === 'complete' && wrong.some(({ path }) => path.startsWith('/fields/'));
  const labelOf = (path: string): string => {
    const label = fields?.fields.find(({ key }) => path.split('/')[2] === key)?.label;
    return (language === 'en' ? label?.en ?? label?.zh : label?.zh) ?? '';
  };
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

  async function mend(refused: Command): Promise<void> {
    await discardStep(refused);
    goTo({ screen: 'complete', visitId: job.visit.id });
  }

  return (
    <section className="refused-box" role="alert">
      <p className="refused-title">{t(job.refused === null ? 'refused.trouble' : 'refused.title', { step })}</p>
      <p>{command.problem?.title}</p>
      {mendable && (
        <ul className="refused-fields">
          {wrong.map(({ path, message }) => <li key={path}>{labelOf(path) === '' ? message : t('refused.field', { label: labelOf(path), message })}</li>)}
        </ul>
      )}
      {following > 0 && <p className="refused-following">{t('refused.following', { count: following })}</p>}
      <div className="button-row">
        <button type="button" className="secondary-button" onClick={() => setAsking(true)}>
          {t('refused.discard')}
        </button>
        {/* The same once more would be refused again. */}
        <button type="button" className="secondary-button strong" onClick={() => void (mendable ? mend(command) : retry())}>
          {t(mendable ? 'refused.mend' : 'common.retry')}
        </button>
      </div>
      <ConfirmSheet title={t('refused.discardAsk', { step })} hint={t('refused.discardHint')} action={t('refused.discard')} open={asking} onConfirm={() => void discard()} onClose={() => setAsking(false)} />
    </section>
  );
}

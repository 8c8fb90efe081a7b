import { Toast } from 'antd-mobile';
import { useState } from 'react';
import type { Form } from '../../../rules/forms/form.ts';
import { ruleOfRefusal, stepRules, type Remedy } from '../../../rules/ticket/field-sync.ts';
import { database, formNote, type Command } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { goTo } from '../router.ts';
import { discardStep, retryStep } from '../data/outbox.ts';
import { sync } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { ConfirmSheet } from './confirm-sheet.tsx';

/** The step of a job that the server did not take; one that fails again and again is shown too, though it is still being tried. */
export function troubleOf(job: Job): Command | null {
  return job.refused ?? job.pending.find(({ attempts, problem }) => attempts >= 3 && problem !== null) ?? null;
}

/** A step the server did not take, on its job (被拒绝的操作). */
export function RefusedBox({ job }: { job: Job }) {
  const command = troubleOf(job);
  if (command === null) return null;
  return <RefusedStep command={command} job={job} following={job.pending.filter(({ seq }) => seq > command.seq).length} />;
}

/** What somebody wrote or did with a step, as they would tell it. */
function wordsOf(command: Command, step: string): string {
  const { workSummary, note, reason, needs = [] } = command.body;
  return [step, workSummary, note, reason, ...needs, new Date(command.at).toLocaleString()].filter((part) => part !== undefined && part !== '').join('\n');
}

/** Why a step did not go through, by the rule's name, and what one can do (未通过的操作). */
export function RefusedStep({ command, job, following }: { command: Command; job: Job | null; following: number }) {
  const { t, language } = useTexts();
  const [asking, setAsking] = useState(false);
  const form = job?.visit.form ?? null;
  const fields = useLive(async () => (form === null ? null : ((await database().notes.get(formNote(form.typeId, form.version)))?.value as Form | undefined) ?? null), [form?.typeId, form?.version]);
  const step = t(`step.${command.action}`);
  const refused = command.state === 'refused';
  const wrong = command.problem?.errors ?? [];
  const rule = stepRules[command.problem?.rule ?? ruleOfRefusal({ code: command.problem?.code ?? '', paths: wrong.map(({ path }) => path) }, job?.visit.status ?? null)];
  const remedies: readonly Remedy[] = refused ? rule.remedies : ['retry', 'give_up'];
  const labelOf = (path: string): string => {
    const label = fields?.fields.find(({ key }) => path.split('/')[2] === key)?.label;
    return (language === 'en' ? label?.en ?? label?.zh : label?.zh) ?? '';
  };

  async function discard(): Promise<void> {
    await discardStep(command);
    void sync();
  }

  async function retry(): Promise<void> {
    await retryStep(command);
    void sync();
  }

  /** Back to where it was written: the same once more would be refused again. */
  async function mend(): Promise<void> {
    await discardStep(command);
    const screen = command.action === 'complete' ? 'complete' : command.action === 'log_work' ? 'log' : command.action === 'report_obstacle' ? 'obstacle' : 'job';
    goTo({ screen, visitId: command.visitId });
  }

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(wordsOf(command, step));
      Toast.show({ content: t('refused.copied') });
    } catch {
      Toast.show({ content: t('refused.notCopied'), duration: 4000 });
    }
  }

  return (
    <section className="refused-box" role="alert">
      <p className="refused-title">{t(refused ? 'refused.title' : 'refused.trouble', { step })}</p>
      <p>{command.problem?.title}</p>
      {wrong.some(({ path }) => path.startsWith('/fields/')) && (
        <ul className="refused-fields">
          {wrong.map(({ path, message }) => <li key={path}>{labelOf(path) === '' ? message : t('refused.field', { label: labelOf(path), message })}</li>)}
        </ul>
      )}
      {refused && <p className="refused-following">{rule[language === 'en' ? 'en' : 'zh']}</p>}
      {following > 0 && <p className="refused-following">{t('refused.following', { count: following })}</p>}
      <div className="button-row">
        <button type="button" className="secondary-button" onClick={() => setAsking(true)}>
          {t('refused.discard')}
        </button>
        {remedies.includes('copy') && <button type="button" className="secondary-button" onClick={() => void copy()}>{t('refused.copy')}</button>}
        {remedies.includes('mend') && <button type="button" className="secondary-button strong" onClick={() => void mend()}>{t('refused.mend')}</button>}
        {remedies.includes('retry') && <button type="button" className="secondary-button strong" onClick={() => void retry()}>{t('common.retry')}</button>}
      </div>
      <ConfirmSheet title={t('refused.discardAsk', { step })} hint={t('refused.discardHint')} action={t('refused.discard')} open={asking} onConfirm={() => void discard()} onClose={() => setAsking(false)} />
    </section>
  );
}

import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { take } from './take.ts';

/** What is to be done point by point (检查清单): ticked by the thumb, without a network too. */
export function ChecklistCard({ job, invalid = false }: { job: Job; invalid?: boolean }) {
  const { t } = useTexts();
  const { visit } = job;
  if (visit.checklist.length === 0) return null;
  const open = job.refused === null && visit.actions.includes('check_items');
  const done = visit.checklist.filter((item) => item.done !== null).length;
  return (
    <section className={invalid ? 'card checklist field-invalid' : 'card checklist'} aria-labelledby="checklist-title">
      <h2 id="checklist-title" className="card-title">{t('job.checklist')} {done} / {visit.checklist.length}</h2>
      <ul>
        {visit.checklist.map((item) => (
          <li key={item.id}>
            <label className="check-line">
              <input type="checkbox" checked={item.done !== null} disabled={!open} onChange={(event) => void take(visit.id, 'check_items', { body: { items: [{ id: item.id, done: event.target.checked }] } })} />
              <span>
                {item.text}
                {item.done === null ? item.required && <em>{t('job.checklistRequired')}</em> : item.done.by !== null && <span className="card-note">{t('job.checklistBy', { name: item.done.by })}</span>}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {invalid && <p className="field-error" role="alert">{t('complete.checklistOpen')}</p>}
    </section>
  );
}

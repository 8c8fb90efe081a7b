import { Fragment, useEffect } from 'react';
import type { FormVersion } from '../../../contract/form.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { isEmpty } from '../../../rules/forms/field-values.ts';
import { applyForm } from '../../../rules/forms/apply-form.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { api } from '../../ui/api.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { nothingFilled, shownSections } from '../../ui/form/filling.ts';
import { answerWords } from '../../ui/form/phone-form.tsx';
import { database, ownFieldsNote } from '../data/database.ts';
import { jobFormState, useJobForm, type JobForm } from '../data/job-form.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { isOver, type Job } from '../jobs.ts';

/** What is kept on the phone of the own fields of a job that is over. */
interface KeptFields { form: Form; values: Record<string, unknown>; names: Record<string, string> }

async function fetchFields(ticketId: string): Promise<void> {
  const { notes } = database();
  const { data: ticket } = await api.get<Ticket>(`/tickets/${ticketId}`);
  const { data: version } = await api.get<FormVersion>(`/ticket-types/${ticket.type.id}/versions/${ticket.formVersion}`);
  await notes.put({ key: ownFieldsNote(ticketId), value: { form: version.form, values: ticket.fields, names: ticket.fieldNames } satisfies KeptFields });
}

/** The fields of a job's ticket type (自定义字段): what is known, and what is to be filled in before the job is done. */
export function OwnFields({ job }: { job: Job }) {
  const jobForm = useJobForm(job);
  const over = isOver(job);
  if (jobForm) {
    return (
      <>
        {!over && <WantedFields job={job} jobForm={jobForm} />}
        <KnownFields form={jobForm.form} values={jobForm.given.values} names={jobForm.given.names} />
      </>
    );
  }
  return over ? <PastFields ticketId={job.visit.ticket.id} /> : null;
}

/** What the completion is going to ask for, told while there is time to see to it. */
function WantedFields({ job, jobForm }: { job: Job; jobForm: JobForm }) {
  const { t, language } = useTexts();
  const draft = useLive(async () => await database().drafts.get([job.visit.id, 'complete']) ?? null, [job.visit.id]);
  if (draft === undefined) return null;
  const { asked, missing, state } = jobFormState(jobForm, { ...nothingFilled, held: draft?.fields ?? {} }, language);
  const wanted = jobForm.form.fields.filter(({ key, kind }) => asked.includes(key) && kind !== 'formula');
  if (wanted.length === 0) return null;
  return (
    <section className="card" aria-labelledby="job-wanted">
      <h2 id="job-wanted" className="card-title">{t('job.wanted')}</h2>
      <ul className="wanted-fields">
        {wanted.map((field) => (
          <li key={field.key}>
            <span>{wordsIn(field.label, language)}</span>
            <span className={missing.includes(field.key) ? 'wanted-missing' : undefined}>
              {t(missing.includes(field.key) ? 'job.wanted.missing' : isEmpty(state.applied.values[field.key]) ? 'job.wanted.optional' : 'job.wanted.done')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Those of a job that is over, as far as its ticket may still be read; kept for when there is no network. */
function PastFields({ ticketId }: { ticketId: string }) {
  useEffect(() => {
    // Without a network what was kept is shown.
    fetchFields(ticketId).catch(() => {});
  }, [ticketId]);
  const note = useLive(async () => (await database().notes.get(ownFieldsNote(ticketId)))?.value as KeptFields | undefined, [ticketId]);
  return note === undefined ? null : <KnownFields {...note} />;
}

function KnownFields({ form, values, names }: KeptFields) {
  const { t, language } = useTexts();
  const { states } = applyForm(form, {}, { mode: 'update', previous: values, actor: { kind: 'staff' }, now: new Date().toISOString(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const shown = shownSections(form, states).flatMap(({ fields }) => fields).filter((field) => !isEmpty(values[field.key]));
  if (shown.length === 0) return null;
  return (
    <section className="card" aria-labelledby="job-fields">
      <h2 id="job-fields" className="card-title">{t('job.fields')}</h2>
      <dl className="facts">
        {shown.map((field) => (
          <Fragment key={field.key}>
            <dt>{wordsIn(field.label, language)}</dt>
            <dd className="prose">{answerWords(field, values[field.key], language, names)}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

import { Fragment, useEffect } from 'react';
import type { FormVersion } from '../../../contract/form.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { applyForm } from '../../../rules/forms/apply-form.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { api } from '../../ui/api.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { shownSections } from '../../ui/form/filling.ts';
import { answerWords } from '../../ui/form/phone-form.tsx';
import { database, ownFieldsNote } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';

/** What is kept on the phone of a ticket's own fields, so that it is there in the basement, too. */
interface KeptFields { form: Form; values: Record<string, unknown>; names: Record<string, string> }

async function fetchFields(ticketId: string): Promise<void> {
  const { data: ticket } = await api.get<Ticket>(`/tickets/${ticketId}`);
  const { data: version } = await api.get<FormVersion>(`/ticket-types/${ticket.type.id}/versions/${ticket.formVersion}`);
  await database().notes.put({ key: ownFieldsNote(ticketId), value: { form: version.form, values: ticket.fields, names: ticket.fieldNames } satisfies KeptFields });
}

/** The fields of a job's ticket type (自定义字段), to be read; kept for when there is no network. */
export function OwnFields({ ticketId }: { ticketId: string }) {
  const { t, language } = useTexts();
  useEffect(() => {
    // Without a network what was kept is shown.
    fetchFields(ticketId).catch(() => {});
  }, [ticketId]);
  const note = useLive(async () => (await database().notes.get(ownFieldsNote(ticketId)))?.value as KeptFields | undefined, [ticketId]);
  if (note === undefined) return null;
  const { form, values, names } = note;
  const { states } = applyForm(form, {}, { mode: 'update', previous: values, actor: { kind: 'staff' }, now: new Date().toISOString(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const shown = shownSections(form, states).flatMap(({ fields }) => fields).filter((field) => values[field.key] !== null && values[field.key] !== undefined);
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

import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { Fragment, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { asProblem } from '../../ui/api.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { answersToSend, controlId, firstWrong, formState, nothingFilled, refuse, shownSections, type Filling } from '../../ui/form/filling.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { actorVariables, ticketVariables } from '../form/actor.ts';
import { NamesContext } from '../form/answer-names.ts';
import { AnswerText } from '../form/answer-text.tsx';
import { formVersion } from '../form/form-queries.ts';
import { FormView } from '../form/form-view.tsx';
import { useTexts } from '../i18n.ts';
import { focusControl } from '../parts/field-item.tsx';
import { useSession } from '../session/session.tsx';
import { useUpdateTicket } from './ticket-changes.ts';
import styles from './ticket-fields.module.css';

/**
 * The fields of a ticket's type (自定义字段), read at a glance; one that is chosen opens all of them for changing.
 *
 * @param asked which one was chosen elsewhere on the page; anew with every object
 */
export function TicketFields({ ticket, asked = null, part }: { ticket: Ticket; asked?: { key: string } | null; part: (content: ReactNode) => ReactNode }) {
  const { me, may } = useSession();
  const version = useQuery({ ...formVersion(ticket.type.id, ticket.formVersion), enabled: ticket.formVersion > 0 });
  const [editing, setEditing] = useState<{ key: string | null } | null>(null);
  const [opened, setOpened] = useState(asked);
  if (asked !== opened) {
    setOpened(asked);
    if (asked !== null) setEditing(asked);
  }
  const form = version.data?.form;
  const options = useMemo(() => ({ mode: 'update' as const, previous: ticket.fields, ticket: ticketVariables(ticket), actor: actorVariables(me), timeZone: me.organization.timeZone }), [ticket, me]);
  if (form === undefined || (form.fields.length === 0 && Object.keys(ticket.fields).length === 0)) return null;
  return part(editing === null ? (
    <Known ticket={ticket} form={form} options={options} onEdit={may('ticket.update') ? (key) => setEditing({ key }) : null} />
  ) : (
    <Change ticket={ticket} form={form} options={options} first={editing.key} onClose={() => setEditing(null)} />
  ));
}

type Options = Parameters<typeof formState>[2];

function Known({ ticket, form, options, onEdit }: { ticket: Ticket; form: Form; options: Options; onEdit: ((key: string | null) => void) | null }) {
  const { t, language } = useTexts();
  const state = useMemo(() => formState(form, nothingFilled, options, language), [form, options, language]);
  const former = Object.entries(ticket.fields).filter(([key, value]) => value !== null && !form.fields.some((field) => field.key === key));
  return (
    <NamesContext value={ticket.fieldNames}>
      {shownSections(form, state.applied.states).map(({ section, fields }) => (
        <Fragment key={section?.key ?? ''}>
        {section !== null && <div className={styles.section}>{wordsIn(section.label, language)}</div>}
        <dl className={styles.fields}>
          {fields.map((field) => {
            const locked = state.applied.states[field.key]?.readOnly === true;
            return (
              <div key={field.key} className={styles.line} data-stacked={field.kind === 'table' || field.kind === 'long_text' || undefined}>
                <dt>{wordsIn(field.label, language)}</dt>
                <dd>
                  <AnswerText field={field} value={state.applied.values[field.key]} failure={state.applied.states[field.key]?.failure} />
                  {onEdit !== null && !locked && (
                    <button type="button" className={styles.edit} aria-label={`${t('form.edit')} ${wordsIn(field.label, language)}`} onClick={() => onEdit(field.key)} />
                  )}
                </dd>
              </div>
            );
          })}
        </dl>
        </Fragment>
      ))}
      {former.length > 0 && (
        <>
        <div className={styles.section}>{t('form.former')}</div>
        <dl className={styles.fields}>
          {former.map(([key, value]) => (
            <div key={key} className={styles.line}>
              <dt>{key}</dt>
              <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)}</dd>
            </div>
          ))}
        </dl>
        </>
      )}
    </NamesContext>
  );
}

function Change({ ticket, form, options, first, onClose }: { ticket: Ticket; form: Form; options: Options; first: string | null; onClose: () => void }) {
  const { t, language } = useTexts();
  const { message } = App.useApp();
  const [filling, setFilling] = useState<Filling>(nothingFilled);
  const state = useMemo(() => formState(form, filling, options, language), [form, filling, options, language]);
  const update = useUpdateTicket(ticket);
  useEffect(() => {
    if (first !== null) focusControl(controlId(first));
  }, [first]);

  function save(): void {
    const tried = { ...filling, tried: true };
    const found = formState(form, tried, options, language);
    setFilling(tried);
    const wrong = firstWrong(form, found);
    if (wrong !== undefined) {
      setTimeout(() => focusControl(controlId(wrong)));
      return;
    }
    const fields = answersToSend(form, tried, found, ticket.fields);
    if (Object.keys(fields).length === 0) {
      onClose();
      return;
    }
    update.mutate({ fields }, {
      onSuccess: () => {
        void message.success(t('common.saved'));
        onClose();
      },
      onError: (error) => {
        // What was typed stands in the choice between the two.
        if (asProblem(error).status === 412) onClose();
        else setFilling((before) => refuse(before, asProblem(error).errors));
      },
    });
  }

  const problem = update.isError ? asProblem(update.error) : null;
  return (
    <form
      className={styles.change}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
      }}
    >
      <FormView form={form} filling={filling} state={state} onChange={setFilling} names={ticket.fieldNames} narrow />
      {problem !== null && problem.status !== 412 && <ProblemAlert error={problem} placed={problem.errors.filter(({ path }) => path.replace(/^\//, '').startsWith('fields/')).map(({ path }) => path.replace(/^\//, ''))} />}
      <div className={styles.foot}>
        <Button size="small" onClick={onClose}>{t('common.cancel')}</Button>
        <Button size="small" type="primary" htmlType="submit" loading={update.isPending}>{t('common.save')}</Button>
      </div>
    </form>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Form as TicketForm } from '../../../rules/forms/form.ts';
import { toAnswer } from '../../ui/form/answers.ts';
import { formState, nothingFilled, type Filling } from '../../ui/form/filling.ts';
import { actorVariables } from '../form/actor.ts';
import { ticketType } from '../form/form-queries.ts';
import { FormView } from '../form/form-view.tsx';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';

type Answers = Record<string, unknown>;

/** What a template can answer beforehand: everything but files, signatures and what is reckoned; nothing has to be. */
function presettable(form: TicketForm): TicketForm {
  const fields = form.fields.filter(({ kind }) => kind !== 'file' && kind !== 'signature' && kind !== 'formula');
  return { ...form, fields: fields.map((field) => ({ ...field, required: false, readOnly: false, default: undefined }) as typeof field) };
}

/** The answers a template gives beforehand (预填字段), by the form of its type. */
export function PresetFields({ typeId, value = {}, onChange = () => {} }: { typeId: string | undefined; value?: Answers; onChange?: (answers: Answers) => void }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { me } = useSession();
  const type = useQuery({ ...ticketType(typeId ?? ''), enabled: typeId !== undefined });
  const [filling, setFilling] = useState<Filling>({ ...nothingFilled, held: value });
  const form = useMemo(() => (type.data === undefined ? null : presettable(type.data.form)), [type.data]);
  const options = useMemo(() => ({ mode: 'create' as const, ticket: { status: 'new', ...(typeId === undefined ? {} : { type: typeId }) }, actor: actorVariables(me), timeZone: me.organization.timeZone }), [typeId, me]);
  const state = useMemo(() => (form === null ? null : formState(form, filling, options, language)), [form, filling, options, language]);
  if (form === null || state === null) return null;
  if (form.fields.length === 0) return <p className={styles.muted}>{say('templates.noFields')}</p>;
  return (
    <FormView
      form={form}
      filling={filling}
      state={state}
      narrow
      onChange={(step) => {
        const next = step(filling);
        setFilling(next);
        onChange(Object.fromEntries(form.fields.flatMap((field) => {
          const answer = next.held[field.key] === undefined ? undefined : toAnswer(field, next.held[field.key]);
          return answer === undefined || answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0) ? [] : [[field.key, answer]];
        })));
      }}
    />
  );
}

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, type RefObject } from 'react';
import type { TicketVariables } from '../../../rules/forms/form.ts';
import { answersToSend, controlId, firstWrong, formState, type Filling } from '../../ui/form/filling.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { actorVariables } from '../form/actor.ts';
import { ticketType } from '../form/form-queries.ts';
import { FormView } from '../form/form-view.tsx';
import { useTexts } from '../i18n.ts';
import { focusControl } from '../parts/field-item.tsx';
import { useSession } from '../session/session.tsx';
import styles from './type-fields.module.css';

type Props = {
  typeId: string;
  ticket: TicketVariables;
  filling: Filling;
  onChange: (step: (before: Filling) => Filling) => void;
  /** Set to what gives the answers to send; null when something is wrong, which is then in sight. */
  answers: RefObject<(() => Record<string, unknown> | null) | null>;
};

/** What a ticket type asks for beside what every ticket has (自定义字段). */
export function TypeFields({ typeId, ticket, filling, onChange, answers }: Props) {
  const { language } = useTexts();
  const { me } = useSession();
  const type = useQuery(ticketType(typeId));
  const form = type.data?.form;
  const options = useMemo(() => ({ mode: 'create' as const, ticket, actor: actorVariables(me), timeZone: me.organization.timeZone }), [ticket, me]);
  const state = useMemo(() => (form === undefined ? null : formState(form, filling, options, language)), [form, filling, options, language]);

  useEffect(() => {
    answers.current = () => {
      if (form === undefined) return null;
      const tried = { ...filling, tried: true };
      const found = formState(form, tried, options, language);
      const wrong = firstWrong(form, found);
      onChange(() => tried);
      if (wrong === undefined) return answersToSend(form, tried, found);
      setTimeout(() => focusControl(controlId(wrong)));
      return null;
    };
    return () => {
      answers.current = null;
    };
  });

  if (type.isError && form === undefined) return <ProblemAlert error={type.error} onRetry={() => void type.refetch()} />;
  if (form === undefined || state === null || form.fields.length === 0) return null;
  return (
    <div className={styles.fields}>
      <FormView form={form} filling={filling} state={state} onChange={onChange} />
    </div>
  );
}

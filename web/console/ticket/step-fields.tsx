import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { describeValueProblem } from '../../../contract/form-problems.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { askedAtSteps } from '../../../rules/forms/asked-at-steps.ts';
import type { Form, TicketVariables } from '../../../rules/forms/form.ts';
import type { ProblemError } from '../../ui/api-problem.ts';
import { answersToSend, controlId, formState, nothingFilled, refuse, type Filling } from '../../ui/form/filling.ts';
import { actorVariables, ticketVariables } from '../form/actor.ts';
import { formVersion } from '../form/form-queries.ts';
import { FormView } from '../form/form-view.tsx';
import { useTexts } from '../i18n.ts';
import { focusControl } from '../parts/field-item.tsx';
import { useSession } from '../session/session.tsx';

interface StepFields {
  /** The fields that are asked for, or nothing. */
  content: ReactNode;
  /** The answers to send; null when something is missing, which is then in sight. */
  answers: () => Record<string, unknown> | null;
  /** Shows what the server refused at its field. */
  refused: (errors: readonly ProblemError[]) => void;
}

const empty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * The fields a form wants in the state that a step leads to (操作时必填的字段), and that have no answer yet: asked for with
 * the step, so that nobody is sent away to fill them in first.
 *
 * @param to how the ticket will stand then
 */
export function useStepFields(ticket: Ticket, to: TicketVariables): StepFields {
  const { language } = useTexts();
  const { me } = useSession();
  const version = useQuery({ ...formVersion(ticket.type.id, ticket.formVersion), enabled: ticket.formVersion > 0 });
  const [filling, setFilling] = useState<Filling>(nothingFilled);
  const form = version.data?.form;
  const { status, statusId, waitingFor } = to;
  const options = useMemo(
    () => ({ mode: 'update' as const, previous: ticket.fields, ticket: { ...ticketVariables(ticket), status, statusId, waitingFor }, actor: actorVariables(me), timeZone: me.organization.timeZone }),
    [ticket, status, statusId, waitingFor, me],
  );
  const state = useMemo(() => (form === undefined ? null : formState(form, filling, options, language)), [form, filling, options, language]);
  const wanted = useMemo(() => {
    if (form === undefined) return [];
    const before = formState(form, nothingFilled, options, language).applied;
    return askedAtSteps(form).filter((key) => before.states[key]?.visible === true && before.states[key].required && !before.states[key].readOnly && empty(before.values[key]));
  }, [form, options, language]);
  // What the server asks for in addition is shown as well.
  const keys = new Set([...wanted, ...Object.keys(filling.refused).map((path) => path.split('/')[0]), ...Object.keys(filling.held)]);
  const asked: Form | null = form === undefined ? null : { ...form, sections: [], fields: form.fields.filter(({ key }) => keys.has(key)) };

  return {
    content: asked !== null && state !== null && asked.fields.length > 0 ? <FormView form={asked} filling={filling} state={state} onChange={setFilling} names={ticket.fieldNames} narrow /> : null,
    answers() {
      if (form === undefined || state === null || asked === null) return {};
      const missing = asked.fields.filter(({ key }) => state.applied.states[key]?.required === true && state.applied.states[key].visible && empty(state.applied.values[key]));
      const wrong = [...missing.map(({ key }) => key), ...Object.keys(formState(form, { ...filling, tried: true }, options, language).errors)][0];
      if (wrong === undefined) return answersToSend(form, filling, state, ticket.fields);
      const sentence = describeValueProblem({ code: 'required' })[language === 'en' ? 'en' : 'zh'];
      setFilling((before) => ({ ...before, tried: true, refused: { ...before.refused, ...Object.fromEntries(missing.map(({ key }) => [key, sentence])) } }));
      setTimeout(() => focusControl(controlId(wrong)));
      return null;
    },
    refused: (errors) => setFilling((before) => refuse(before, errors)),
  };
}

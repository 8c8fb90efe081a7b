import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Ticket } from '../../../../contract/ticket.ts';
import type { Form } from '../../../../rules/forms/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { answersToSend, controlId, firstWrong, formState, nothingFilled, refuse, type Filling } from '../../../ui/form/filling.ts';
import { ticketTypes } from '../../data/records.ts';
import { actorVariables, ticketVariables } from '../../form/actor.ts';
import { formVersion, ticketType } from '../../form/form-queries.ts';
import { FormView } from '../../form/form-view.tsx';
import { useTexts } from '../../i18n.ts';
import { FieldItem, focusControl } from '../../parts/field-item.tsx';
import { localName } from '../../parts/names.ts';
import { useSession } from '../../session/session.tsx';
import { CorrectFrame, useCorrection } from './correct-frame.tsx';
import styles from './correct-frame.module.css';

const noForm: Form = { fields: [] };

/** Another type (更换类型): its form is filled in with it, with the answers that move over already in place. */
export function CorrectType({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t, language } = useTexts();
  const { me } = useSession();
  const types = useQuery(ticketTypes).data ?? [];
  const [typeId, setTypeId] = useState<string>();
  const [filling, setFilling] = useState<Filling>(nothingFilled);
  const from = useQuery({ ...formVersion(ticket.type.id, ticket.formVersion), enabled: ticket.formVersion > 0 }).data?.form ?? noForm;
  const wanted = useQuery({ ...ticketType(typeId ?? ''), enabled: typeId !== undefined }).data;
  const form = typeId !== undefined && wanted?.id === typeId ? wanted.form : null;
  const correction = useCorrection(ticket, onClose, { onRefused: (problem) => setFilling((before) => refuse(before, problem.errors)) });
  const previous = useMemo(() => {
    const kinds = new Map(from.fields.map((field) => [field.key, field.kind]));
    return Object.fromEntries(Object.entries(ticket.fields).filter(([key, value]) => value !== '******' && form?.fields.some((field) => field.key === key && field.kind === kinds.get(key))));
  }, [ticket, from, form]);
  const options = useMemo(() => ({ mode: 'create' as const, previous, ticket: { ...ticketVariables(ticket), type: typeId ?? ticket.type.id }, actor: actorVariables(me), timeZone: me.organization.timeZone }), [previous, ticket, typeId, me]);
  const state = useMemo(() => (form === null ? null : formState(form, filling, options, language)), [form, filling, options, language]);
  const left = form === null ? [] : from.fields.filter(({ key }) => ticket.fields[key] !== undefined && ticket.fields[key] !== null && !(key in previous)).map((field) => wordsIn(field.label, language));

  function save(): void {
    if (form === null || typeId === undefined) return;
    const tried = { ...filling, tried: true };
    const found = formState(form, tried, options, language);
    setFilling(tried);
    const wrong = firstWrong(form, found);
    if (wrong !== undefined) {
      setTimeout(() => focusControl(controlId(wrong)));
      return;
    }
    const fields = answersToSend(form, tried, found, previous);
    correction.save({ type: typeId, ...(Object.keys(fields).length === 0 ? {} : { fields }) });
  }

  const placed = (correction.problem?.errors ?? []).map(({ path }) => path.replace(/^\//, '')).filter((path) => path.startsWith('fields/'));
  return (
    <CorrectFrame title={t('correct.type')} correction={correction} placed={placed} disabled={form === null} onSave={save} onClose={onClose}>
      <FieldItem id="correct-type" label={t('newTicket.type')}>
        <Select
          id="correct-type"
          autoFocus
          placeholder={ticket.type.name}
          value={typeId}
          options={types.filter((one) => one.id !== ticket.type.id).map((one) => ({ value: one.id, label: localName(one, language) }))}
          onChange={(id: string) => {
            setTypeId(id);
            setFilling(nothingFilled);
          }}
        />
      </FieldItem>
      {left.length > 0 && <p className={styles.note}>{t('correct.answersLeft', { names: left.join(t('common.listSeparator')) })}</p>}
      {form !== null && state !== null && form.fields.length > 0 && <FormView form={form} filling={filling} state={state} onChange={setFilling} names={ticket.fieldNames} narrow />}
    </CorrectFrame>
  );
}

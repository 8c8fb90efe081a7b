import { useMutation, useQuery } from '@tanstack/react-query';
import { Input, Modal, Radio, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import type { Task } from '../../../contract/flow.ts';
import type { TaskAction } from '../../../contract/task-actions.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { ApiProblem } from '../../ui/api-problem.ts';
import { answersToSend, formState, nothingFilled, refuse, type Filling } from '../../ui/form/filling.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { actorVariables, ticketVariables } from '../form/actor.ts';
import { formVersion } from '../form/form-queries.ts';
import { FormView } from '../form/form-view.tsx';
import { useTexts } from '../i18n.ts';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useSession } from '../session/session.tsx';
import { useRenewTasks } from './queries.ts';
import { useTaskTexts } from './texts.ts';
import styles from './ticket-flow.module.css';

type Props = { task: Task; ticket: Ticket; action: TaskAction; title: string; onTaken?: () => void; onClose: () => void };

/** Asks for what an action needs (任务操作对话框): fields of the form, an outcome, a colleague, a step to go back to, a comment. */
export function TaskDialog({ task, ticket, action, title, onTaken, onClose }: Props) {
  const { t } = useTaskTexts();
  const { language } = useTexts();
  const { me } = useSession();
  const renew = useRenewTasks();
  const ids = useId();
  const [filling, setFilling] = useState<Filling>(nothingFilled);
  const [outcome, setOutcome] = useState<string | undefined>(task.outcomes[0]?.key);
  const [person, setPerson] = useState<string | undefined>();
  const [position, setPosition] = useState<'before' | 'after'>('before');
  const [to, setTo] = useState<string | undefined>(task.returnTargets[0]?.node);
  const [comment, setComment] = useState('');
  const asksFields = (action === 'complete' || action === 'approve' || action === 'reject') && task.fields.length > 0;
  const asksPerson = action === 'add_signer' || action === 'hand_over';
  const version = useQuery({ ...formVersion(ticket.type.id, ticket.formVersion), enabled: asksFields });
  const form: Form | null = useMemo(() => {
    // It may be at hand though nothing is asked for: what is typed then would go nowhere.
    if (version.data === undefined || !asksFields) return null;
    const { sections: _sections, ...rest } = version.data.form;
    const asked = new Map(task.fields.map((field) => [field.key, field]));
    return { ...rest, fields: rest.fields.filter(({ key }) => asked.has(key)).map((field) => ({ ...field, section: undefined, ...(asked.get(field.key)!.required ? { required: true } : {}), ...(asked.get(field.key)!.readOnly ? { readOnly: true } : {}) })) as Form['fields'] };
  }, [version.data, asksFields, task.fields]);
  const options = useMemo(() => ({ mode: 'update' as const, previous: ticket.fields, ticket: ticketVariables(ticket), actor: actorVariables(me), timeZone: me.organization.timeZone }), [ticket, me]);
  const state = useMemo(() => (form === null ? null : formState(form, filling, options, language)), [form, filling, options, language]);
  const send = useMutation({
    mutationFn: () => postOnce<Task>(`/tasks/${task.id}/actions/${action}`, {
      ...(asksFields && form !== null && state !== null ? { fields: answersToSend(form, filling, state, ticket.fields) } : {}), ...(action === 'complete' && outcome !== undefined ? { outcome } : {}),
      ...(asksPerson && person !== undefined ? { staffIds: [person] } : {}), ...(action === 'add_signer' ? { position } : {}), ...(action === 'return' && to !== undefined ? { to } : {}), ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
    }),
    onSuccess: () => {
      onTaken?.();
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiProblem) setFilling((before) => refuse({ ...before, tried: true }, error.errors));
    },
    onSettled: () => renew(ticket.number),
  });
  const ready = (!asksPerson || person !== undefined) && (action !== 'return' || to !== undefined) && (!asksFields || form !== null);
  return (
    <Modal open title={`${title} · ${task.name}`} okText={title} okButtonProps={{ loading: send.isPending, disabled: !ready, danger: action === 'reject' }} onOk={() => send.mutate()} onCancel={onClose} destroyOnHidden>
      <div className={styles.dialog}>
        {send.isError && <ProblemAlert error={send.error} />}
        {form !== null && state !== null && <FormView form={form} filling={filling} state={state} onChange={setFilling} names={ticket.fieldNames} narrow />}
        {action === 'complete' && task.outcomes.length > 0 && (
          <Radio.Group aria-label={t('task.outcome')} value={outcome} onChange={(event) => setOutcome(event.target.value as string)} options={task.outcomes.map(({ key, name }) => ({ value: key, label: name }))} />
        )}
        {asksPerson && <StaffSelect value={person} onChange={setPerson} placeholder={t('task.colleague')} autoFocus />}
        {action === 'add_signer' && (
          <Radio.Group aria-label={t('task.position')} value={position} onChange={(event) => setPosition(event.target.value as 'before' | 'after')} options={[{ value: 'before', label: t('task.before') }, { value: 'after', label: t('task.after') }]} />
        )}
        {action === 'return' && <Select aria-label={t('task.returnTo')} value={to} onChange={setTo} options={task.returnTargets.map(({ node, name }) => ({ value: node, label: `${t('task.returnTo')} ${name}` }))} />}
        <label htmlFor={`${ids}comment`} className={styles.meta}>{t('task.comment')}</label>
        <Input.TextArea id={`${ids}comment`} value={comment} maxLength={1_000} autoSize={{ minRows: 2, maxRows: 6 }} onChange={(event) => setComment(event.target.value)} />
      </div>
    </Modal>
  );
}

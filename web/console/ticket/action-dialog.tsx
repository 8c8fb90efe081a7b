import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input, Modal, Segmented, Select } from 'antd';
import { useEffect, useRef } from 'react';
import type { TakeAction, Ticket } from '../../../contract/ticket.ts';
import { lifecycle, waitingReasons, type TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { asProblem } from '../../ui/api.ts';
import { ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { ticketLinks } from '../data/desk.ts';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { actionTexts, localName, unfinishedStatuses, waitForTexts } from '../parts/names.ts';
import { roomCount, roomRule } from '../parts/room-left.tsx';
import { textLimits } from '../parts/text-room.ts';
import type { StatusChoice } from './status-control.tsx';
import { useStepFields } from './step-fields.tsx';
import { useTakeAction } from './ticket-changes.ts';
import styles from './action-dialog.module.css';

/** What a step needs to be told; the others are taken at once. */
type Needs = { reason?: 'required' | 'optional'; resolution?: true; team?: true; waitFor?: true };
const needs: Partial<Record<TicketAction, Needs>> = {
  decline: { reason: 'required' },
  transfer: { team: true, reason: 'optional' },
  wait: { waitFor: true, reason: 'optional' },
  resolve: { resolution: true },
  reopen: { reason: 'required' },
  close: { reason: 'optional' },
  cancel: { reason: 'required' },
};

/** A step (操作): an action, or a status that was chosen. */
export type AskedStep = { action: TicketAction } | { choice: StatusChoice };

/** Asks for what a step needs (操作对话框): a reason, the result, a team, whom one waits for, and the fields its form wants then. */
export function ActionDialog({ ticket, step, refused, onClose }: { ticket: Ticket; step: AskedStep; refused?: unknown; onClose: () => void }) {
  const { t, language } = useTexts();
  const [form] = Form.useForm<TakeAction>();
  const takeAction = useTakeAction(ticket);
  const choice = 'choice' in step ? step.choice : null;
  const action = 'action' in step ? step.action : null;
  const need: Needs = choice !== null ? (choice.needs === 'reason' ? { reason: 'required' } : choice.needs === 'resolution' ? { resolution: true } : {}) : (needs[action ?? 'accept'] ?? {});
  const resolving = action === 'resolve' || choice?.class === 'resolved';
  // What it waits for may still be open: that is said, and whoever resolves it decides.
  const blockers = (useQuery({ ...ticketLinks(ticket.id), enabled: resolving }).data ?? []).filter(({ kind, ticket: one }) => kind === 'blocked_by' && (one.status === null || unfinishedStatuses.includes(one.status)));
  const teamList = useQuery({ ...teams, enabled: need.team === true });
  const required = [{ required: true, whitespace: true, message: t('act.missing') }];
  const waitFor = Form.useWatch('for', form) ?? 'customer';
  const status = choice?.class ?? lifecycle[action ?? 'accept'].to ?? ticket.status;
  const fields = useStepFields(ticket, {
    status, statusId: choice !== null ? (choice.status === choice.class ? null : choice.status) : status === ticket.status ? (ticket.ownStatus?.id ?? null) : null,
    waitingFor: status === 'waiting' ? (need.waitFor === true ? waitFor : ticket.waitingFor) : null,
  });
  const deed = choice === null ? t(actionTexts[action ?? 'accept']) : t('status.set', { name: choice.name });
  const shown = takeAction.error ?? (takeAction.isIdle ? refused : null);

  function take(body: TakeAction): void {
    const answers = fields.answers();
    if (answers === null) return;
    const whole = { ...body, ...(choice === null ? {} : { status: choice.status }), ...(Object.keys(answers).length === 0 ? {} : { fields: answers }) };
    takeAction.mutate({ action: action ?? 'set_status', choice, body: whole, asked: true }, { onSuccess: onClose, onError: (error) => fields.refused(asProblem(error).errors) });
  }
  // Why the step is asked about at all: its answer came back with fields that are missing.
  const told = useRef(refused);
  const tell = useRef(fields.refused);
  useEffect(() => {
    if (told.current != null) tell.current(asProblem(told.current).errors);
  }, []);

  return (
    <Modal
      open
      title={<DialogTitle deed={deed} subject={ticket.subject} />}
      okText={deed}
      okButtonProps={{ danger: action === 'cancel', loading: takeAction.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ for: 'customer' }}
        onFinish={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {shown != null && (
          <div className={styles.problem}>
            <ProblemAlert error={shown} placed={asProblem(shown).errors.filter(({ path }) => path.startsWith('/fields/')).map(({ path }) => path.slice(1))} />
          </div>
        )}
        {action === 'cancel' && ticket.visits.length > 0 && <p className={styles.warning}>{t('act.cancelWarning')}</p>}
        {need.team === true && (
          <Form.Item name="team" label={t('act.team')} rules={required}>
            <Select
              autoFocus
              showSearch={{ optionFilterProp: 'label' }}
              loading={teamList.isPending}
              options={(teamList.data ?? []).filter((team) => team.id !== ticket.team?.id).map((team) => ({ value: team.id, label: localName(team, language) }))}
            />
          </Form.Item>
        )}
        {need.waitFor === true && (
          <Form.Item name="for" label={t('act.waitFor')}>
            <Segmented block options={waitingReasons.map((reason) => ({ value: reason, label: t(waitForTexts[reason]) }))} />
          </Form.Item>
        )}
        {resolving && blockers.length > 0 && (
          <div className={styles.blocked} role="status">
            <p>{t('act.blocked', { count: blockers.length })}</p>
            <ul>
              {blockers.map(({ ticket: one }) => (
                <li key={one.number}>
                  {one.id === null ? one.number : <a href={`/tickets/${one.number}`} target="_blank" rel="noreferrer">{one.number} {one.subject}</a>}
                  {one.status !== null && <StatusTag status={one.status} />}
                </li>
              ))}
            </ul>
          </div>
        )}
        {need.resolution === true && (
          <Form.Item name="resolution" label={t('act.resolution')} extra={t('act.resolutionHint')} rules={[...required, roomRule(textLimits.description)]}>
            <Input.TextArea autoFocus autoSize={{ minRows: 4, maxRows: 12 }} count={roomCount(textLimits.description)} />
          </Form.Item>
        )}
        {resolving && (ticket.children?.open ?? 0) > 0 && (
          <Form.Item name="children" valuePropName="checked" getValueProps={(value) => ({ checked: value === 'resolve' })} getValueFromEvent={(event: { target: { checked: boolean } }) => (event.target.checked ? 'resolve' : 'leave')}>
            <Checkbox>{t('related.resolveChildren')}</Checkbox>
          </Form.Item>
        )}
        {fields.content !== null && <div className={styles.fields}>{fields.content}</div>}
        {need.reason !== undefined && (
          <Form.Item name="reason" label={need.reason === 'required' ? t('act.reason') : t('act.reasonOptional')} rules={[...(need.reason === 'required' ? required : []), roomRule(textLimits.reason)]}>
            <Input.TextArea autoFocus={need.team !== true} autoSize={{ minRows: 3, maxRows: 8 }} count={roomCount(textLimits.reason)} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input, Modal, Segmented, Select } from 'antd';
import type { TakeAction, Ticket } from '../../../contract/ticket.ts';
import { waitingReasons, type TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { actionTexts, localName, waitForTexts } from '../parts/names.ts';
import { useTakeAction } from './ticket-changes.ts';
import styles from './action-dialog.module.css';

/** What a step needs to be told; the others are taken at once. */
const needs: Partial<Record<TicketAction, { reason?: 'required' | 'optional'; resolution?: true; team?: true; waitFor?: true }>> = {
  decline: { reason: 'required' },
  transfer: { team: true, reason: 'optional' },
  wait: { waitFor: true, reason: 'optional' },
  resolve: { resolution: true },
  reopen: { reason: 'required' },
  close: { reason: 'optional' },
  cancel: { reason: 'required' },
};

/** Asks for what a step needs (操作对话框): a reason, the result, a team, whom one waits for. */
export function ActionDialog({ ticket, action, onClose }: { ticket: Ticket; action: TicketAction; onClose: () => void }) {
  const { t, language } = useTexts();
  const [form] = Form.useForm<TakeAction>();
  const takeAction = useTakeAction(ticket);
  const need = needs[action] ?? {};
  const teamList = useQuery({ ...teams, enabled: need.team === true });
  const required = [{ required: true, whitespace: true, message: t('act.missing') }];

  return (
    <Modal
      open
      title={<DialogTitle deed={t(actionTexts[action])} subject={ticket.subject} />}
      okText={t(actionTexts[action])}
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
        onFinish={(body) => takeAction.mutate({ action, body }, { onSuccess: onClose })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        {takeAction.isError && (
          <div className={styles.problem}>
            <ProblemAlert error={takeAction.error} />
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
        {need.resolution === true && (
          <Form.Item name="resolution" label={t('act.resolution')} extra={t('act.resolutionHint')} rules={required}>
            <Input.TextArea autoFocus autoSize={{ minRows: 4, maxRows: 12 }} maxLength={20_000} />
          </Form.Item>
        )}
        {action === 'resolve' && (ticket.children?.open ?? 0) > 0 && (
          <Form.Item name="children" valuePropName="checked" getValueProps={(value) => ({ checked: value === 'resolve' })} getValueFromEvent={(event: { target: { checked: boolean } }) => (event.target.checked ? 'resolve' : 'leave')}>
            <Checkbox>{t('related.resolveChildren')}</Checkbox>
          </Form.Item>
        )}
        {need.reason !== undefined && (
          <Form.Item name="reason" label={need.reason === 'required' ? t('act.reason') : t('act.reasonOptional')} rules={need.reason === 'required' ? required : []}>
            <Input.TextArea autoFocus={need.team !== true} autoSize={{ minRows: 3, maxRows: 8 }} maxLength={1000} showCount />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

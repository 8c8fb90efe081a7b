import { useMutation } from '@tanstack/react-query';
import { App, Form, Modal, Select } from 'antd';
import { lazy, Suspense } from 'react';
import type { AddLink } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { linkKinds, linkRules } from '../../../rules/ticket/links.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { useRenewTogether } from './renew-together.ts';
import { SplitDialog } from './split-dialog.tsx';
import { TicketPicker } from './ticket-picker.tsx';

const TicketLog = lazy(async () => ({ default: (await import('../automation/ticket-log.tsx')).TicketLog }));

export type Together = 'merge' | 'link' | 'split' | 'rules';
type Props = { ticket: Ticket; onClose: () => void };

/** Joins, links or splits tickets (合并、关联、拆分), or says what rules did on one (规则记录). */
export function TogetherDialog({ kind, ...props }: Props & { kind: Together }) {
  if (kind === 'rules') return <Suspense fallback={null}><TicketLog number={props.ticket.number} onClose={props.onClose} /></Suspense>;
  if (kind === 'merge') return <MergeDialog {...props} />;
  return kind === 'link' ? <LinkDialog {...props} /> : <SplitDialog {...props} />;
}

function LinkDialog({ ticket, onClose }: Props) {
  const { t, language } = useTexts();
  const { message } = App.useApp();
  const renew = useRenewTogether(ticket);
  const [form] = Form.useForm<AddLink>();
  const link = useMutation({
    mutationFn: (values: AddLink) => postOnce(`/tickets/${ticket.id}/links`, values),
    onSuccess: (_answer, { ticket: other }) => {
      renew(other);
      void message.success(t('related.added'));
      onClose();
    },
  });
  return (
    <Modal open title={<DialogTitle deed={t('related.add')} subject={ticket.subject} />} okText={t('related.add')} okButtonProps={{ loading: link.isPending }} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      {link.isError && <ProblemAlert error={link.error} />}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ kind: 'related' }} onFinish={(values) => link.mutate(values)}>
        <Form.Item name="kind" label={t('related.kind')}>
          <Select options={linkKinds.map((one) => ({ value: one, label: linkRules[one][language === 'en' ? 'en' : 'zh'] }))} />
        </Form.Item>
        <Form.Item name="ticket" label={t('related.ticket')} rules={[{ required: true, message: t('related.choose') }]}>
          <TicketPicker except={ticket.number} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import type { Staff } from '../../../contract/organization.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { StaffSelect } from '../parts/staff-select.tsx';
import { usePeopleTexts } from './texts.ts';
import styles from './people.module.css';

type Filled = { time: [Dayjs, Dayjs]; coverId?: string; note?: string };

/** Says for a colleague when they are away and who covers (登记请假). */
export function PlanAbsence({ person, onClose }: { person: Staff; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = usePeopleTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Filled>();
  const plan = useMutation({
    mutationFn: ({ time: [from, to], coverId, note }: Filled) => postOnce('/absences', { staffId: person.id, from: from.toISOString(), to: to.toISOString(), ...(coverId === undefined ? {} : { coverId }), ...(note?.trim() ? { note: note.trim() } : {}) }),
    onSuccess: () => {
      for (const name of ['staff', 'absences']) void queryClient.invalidateQueries({ queryKey: [name] });
      void message.success(say('people.planned'));
      onClose();
    },
  });
  return (
    <Modal open title={`${say('people.planAbsence')} · ${person.name}`} okText={say('people.planAbsence')} cancelText={t('common.cancel')} okButtonProps={{ loading: plan.isPending }} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => plan.mutate(values)}>
        {plan.isError && <ProblemAlert error={plan.error} />}
        <Form.Item name="time" label={say('people.from')} rules={[{ required: true, message: t('common.required') }]}>
          <DatePicker.RangePicker className={styles.full} showTime={{ format: 'HH:mm', minuteStep: 30 }} format="YYYY-MM-DD HH:mm" />
        </Form.Item>
        <Form.Item name="coverId" label={say('people.coverOf')} extra={say('people.coverHint')}>
          <CoverSelect />
        </Form.Item>
        <Form.Item name="note" label={say('people.note')}><Input maxLength={500} /></Form.Item>
      </Form>
    </Modal>
  );
}

/** The colleague who covers, as a field of a form. */
function CoverSelect({ value, onChange, id }: { value?: string; onChange?: (value: string | undefined) => void; id?: string }) {
  const { t: say } = usePeopleTexts();
  return <StaffSelect {...(id === undefined ? {} : { id })} className={styles.full} value={value} placeholder={say('people.coverOf')} onChange={(chosen) => onChange?.(chosen)} />;
}

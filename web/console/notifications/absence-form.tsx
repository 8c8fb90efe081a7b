import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { Absence, PlanAbsence } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { deskKeys } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { StaffSelect } from '../parts/staff-select.tsx';
import styles from './notifications-page.module.css';

type Filled = { time: [Dayjs, Dayjs]; coverId?: string; note?: string };

/** What an absence says: when, who stands in, and why. */
function useAbsenceForm(known: Absence | null, onDone: () => void) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Filled>();
  const save = useMutation({
    mutationFn: ({ time: [from, to], coverId, note }: Filled) => {
      if (known === null) {
        const planned: PlanAbsence = { from: from.toISOString(), to: to.toISOString(), ...(coverId === undefined ? {} : { coverId }), ...(note?.trim() ? { note: note.trim() } : {}) };
        return postOnce('/absences', planned);
      }
      return api.patch(`/absences/${known.id}`, { from: from.toISOString(), to: to.toISOString(), coverId: coverId ?? null, note: note?.trim() || null }, { ifMatch: `"${known.version}"` });
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deskKeys.absences });
      void queryClient.invalidateQueries({ queryKey: ['staff'] });
      void message.success(known === null ? t('absence.planned') : t('common.saved'));
      onDone();
    },
    onError: (error) => {
      // Somebody changed it meanwhile: the list shows what it says now.
      if (asProblem(error).status === 412) void queryClient.invalidateQueries({ queryKey: deskKeys.absences });
    },
  });
  return { form, save };
}

function Fields({ current }: { current: boolean }) {
  const { t } = useTexts();
  return (
    <>
      <Form.Item name="time" label={`${t('absence.from')} – ${t('absence.to')}`} rules={[{ required: true, message: t('common.required') }]}>
        <DatePicker.RangePicker className={styles.range} showTime={{ format: 'HH:mm', minuteStep: 30 }} format="YYYY-MM-DD HH:mm" disabled={[current, false]} />
      </Form.Item>
      <Form.Item name="coverId" label={t('absence.cover')}><Cover /></Form.Item>
      <Form.Item name="note" label={t('absence.note')}><Input maxLength={500} /></Form.Item>
    </>
  );
}

function Cover({ id, value, onChange = () => {} }: { id?: string; value?: string; onChange?: (id: string | undefined) => void }) {
  const { t } = useTexts();
  return <StaffSelect id={id} placeholder={t('absence.noCover')} value={value} onChange={onChange} />;
}

/** Plans an absence of one's own (登记请假). */
export function PlanAbsenceForm() {
  const { t } = useTexts();
  const { form, save } = useAbsenceForm(null, () => form.resetFields());
  return (
    <Form form={form} layout="vertical" requiredMark={false} className={styles.plan} onFinish={(values) => save.mutate(values)}>
      {save.isError && <ProblemAlert error={save.error} />}
      <Fields current={false} />
      <Button type="primary" htmlType="submit" loading={save.isPending}>{t('absence.plan')}</Button>
    </Form>
  );
}

/** Changes an absence that is planned or under way (修改请假). */
export function ChangeAbsenceDialog({ absence, onClose }: { absence: Absence; onClose: () => void }) {
  const { t } = useTexts();
  const { form, save } = useAbsenceForm(absence, onClose);
  return (
    <Modal open title={t('absence.change')} okText={t('common.save')} okButtonProps={{ loading: save.isPending }} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      {save.isError && <ProblemAlert error={save.error} />}
      <Form
        form={form} layout="vertical" requiredMark={false} onFinish={(values) => save.mutate(values)}
        initialValues={{ time: [dayjs(absence.from), dayjs(absence.to)], note: absence.note ?? '', ...(absence.cover === null ? {} : { coverId: absence.cover.id }) }}
      >
        <Fields current={absence.state === 'current'} />
      </Form>
    </Modal>
  );
}

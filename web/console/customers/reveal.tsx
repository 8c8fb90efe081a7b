import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { masks } from './data.ts';
import { useCustomerTexts, type CustomerText } from './texts.ts';
import styles from './reveal.module.css';

/** For so long what was revealed stays on the screen, in milliseconds. */
const shownFor = 120_000;

/** Something that was revealed, until it hides itself again (查看完整信息). */
export function useRevealed<Value>(): [Value | null, (value: Value | null) => void] {
  const [value, setValue] = useState<Value | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    value,
    (next) => {
      clearTimeout(timer.current);
      setValue(next);
      if (next !== null) timer.current = setTimeout(() => setValue(null), shownFor);
    },
  ];
}

const usual: readonly Extract<CustomerText, `reveal.reason${string}`>[] = ['reveal.reasonCall', 'reveal.reasonVisit', 'reveal.reasonCheck'];

/** Asks why masked data shall be seen, and has it revealed (填写事由); both stand in the audit trail. */
export function RevealDialog<Answer>({ path, onClose, onRevealed }: { path: string; onClose: () => void; onRevealed: (answer: Answer) => void }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<{ reason: string }>();
  const policy = useQuery(masks);
  const reveal = useMutation({
    mutationFn: async ({ reason }: { reason: string }) => (await api.post<Answer>(path, { reason: reason.trim() })).data,
    gcTime: 0,
    onSuccess: (answer) => {
      void queryClient.invalidateQueries({ queryKey: ['masks'] });
      onRevealed(answer);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={say('reveal.title')}
      okText={say('reveal.show')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: reveal.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={(values) => reveal.mutate(values)}>
        <p className={styles.hint}>
          {say('reveal.hint')} {policy.data !== undefined && say('reveal.left', { count: policy.data.revealsLeft })}
        </p>
        {reveal.isError && <ProblemAlert error={reveal.error} />}
        <Form.Item name="reason" label={say('reveal.reason')} rules={[{ required: true, whitespace: true, min: 2, message: t('common.required') }]}>
          <Input autoFocus maxLength={500} placeholder={say('reveal.reasonPlaceholder')} />
        </Form.Item>
        <div className={styles.usual}>
          {usual.map((key) => (
            <Button key={key} size="small" onClick={() => form.setFieldValue('reason', say(key))}>{say(key)}</Button>
          ))}
        </div>
      </Form>
    </Modal>
  );
}

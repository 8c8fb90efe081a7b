import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Modal, Rate } from 'antd';
import type { Dayjs } from 'dayjs';
import { hotlineLimits, type HotlineCase, type HotlineCases } from '../../../contract/hotline.ts';
import type { Static } from 'typebox';
import { caseRules, type CaseAction } from '../../../rules/hotline/case.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useHotlineTexts } from './texts.ts';

type Filled = { words?: string; until?: Dayjs; satisfaction?: number };

/** Asks for what an action on a case takes (热线操作). */
export function HotlineDialog({ found, action, words, onClose }: { found: HotlineCase; action: CaseAction; words: string; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useHotlineTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Filled>();
  const { needs } = caseRules[action];
  const required = { required: true, message: t('common.required') };
  const act = useMutation({
    mutationFn: async ({ words: said, until, satisfaction }: Filled) => (await api.post<Static<typeof HotlineCases>>(`/hotline-cases/${found.id}/actions/${action}`, {
      ...(said?.trim() ? { words: said.trim() } : {}), ...(until ? { until: until.toISOString() } : {}), ...(satisfaction ? { satisfaction } : {}),
    }, { ifMatch: `"${found.version}"` })).data,
    onSuccess: (cases) => {
      void queryClient.invalidateQueries({ queryKey: ['hotline'] });
      void message.success(say(cases.items.find((one) => one.id === found.id)?.reports[0]?.state === 'by_hand' ? 'doneByHand' : 'done'));
      onClose();
    },
  });
  return (
    <Modal open title={`${say(`action.${action}`)} · ${found.caseNumber}`} okText={say(`action.${action}`)} cancelText={t('common.cancel')} okButtonProps={{ loading: act.isPending, danger: action === 'return' }} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ words: action === 'finish' ? words : '' }} onFinish={(values) => act.mutate(values)}>
        <p>{say(`hint.${action}`)}</p>
        {act.isError && <ProblemAlert error={act.error} />}
        {needs.includes('until') && <Form.Item name="until" label={say('until')} rules={[required]}><DatePicker showTime={{ format: 'HH:mm', minuteStep: 30 }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} /></Form.Item>}
        {needs.includes('satisfaction') && <Form.Item name="satisfaction" label={say('satisfaction')} rules={[required]}><Rate /></Form.Item>}
        <Form.Item name="words" label={say(`words.${action}`)} rules={needs.includes('words') ? [{ ...required, whitespace: true }] : []}><Input.TextArea autoFocus maxLength={hotlineLimits.words} autoSize={{ minRows: 3, maxRows: 10 }} /></Form.Item>
      </Form>
    </Modal>
  );
}

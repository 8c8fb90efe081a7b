import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, Input, InputNumber, Switch } from 'antd';
import type { LlmSetting } from '../../../contract/llm.ts';
import { flowLimits } from '../../../rules/workflow/definition.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useFlowTexts } from './flow-texts.ts';

const llmLimits = flowLimits.llm;

interface Values { enabled: boolean; baseUrl?: string; model?: string; key?: string; timeoutSeconds: number }

/** Where the language model is that flows may ask, and its key (大模型接入): once kept, the key is not shown again. */
export function LlmSettingDrawer({ onClose }: { onClose: () => void }) {
  const { t: say } = useFlowTexts();
  const setting = useQuery({ queryKey: ['llm-setting'], queryFn: async ({ signal }) => (await api.get<LlmSetting>('/llm-setting', { signal })).data, staleTime: 0 });
  return (
    <Drawer open size={440} title={say('llm.title')} onClose={onClose} destroyOnHidden>
      {setting.isError && <ProblemAlert error={setting.error} onRetry={() => void setting.refetch()} />}
      {setting.data !== undefined && <SettingForm key={setting.data.version} setting={setting.data} onClose={onClose} />}
    </Drawer>
  );
}

function SettingForm({ setting, onClose }: { setting: LlmSetting; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useFlowTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: async ({ enabled, baseUrl, model, key, timeoutSeconds }: Values) => (await api.patch<LlmSetting>('/llm-setting', {
      enabled, baseUrl: baseUrl?.trim().replace(/\/+$/, '') || null, model: model?.trim() || null, timeoutSeconds, ...(key?.trim() ? { key: key.trim() } : {}),
    }, { ifMatch: `"${setting.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(['llm-setting'], saved);
      void message.success(t('common.saved'));
      onClose();
    },
  });
  return (
    <Form<Values> layout="vertical" initialValues={{ enabled: setting.enabled, baseUrl: setting.baseUrl ?? '', model: setting.model ?? '', timeoutSeconds: setting.timeoutSeconds }} onFinish={(values) => save.mutate(values)}>
      {save.isError && <ProblemAlert error={save.error} />}
      <p>{say('llm.hint')}</p>
      <Form.Item name="enabled" label={say('llm.enabled')} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name="baseUrl" label={say('llm.baseUrl')} rules={[{ pattern: /^https?:\/\/[^\s?#@]+$/, message: say('llm.badUrl') }]}><Input maxLength={llmLimits.url} placeholder="https://api.example.com/v1" /></Form.Item>
      <Form.Item name="model" label={say('llm.model')}><Input maxLength={llmLimits.model} /></Form.Item>
      <Form.Item name="key" label={say('llm.key')} extra={setting.hasKey ? say('llm.keyKept') : say('llm.keyHint')}><Input.Password maxLength={llmLimits.key} autoComplete="off" placeholder={setting.hasKey ? '••••••••' : ''} /></Form.Item>
      <Form.Item name="timeoutSeconds" label={say('llm.timeout')} rules={[{ required: true, message: t('common.required') }]}><InputNumber min={1} max={llmLimits.seconds} precision={0} /></Form.Item>
      <Button type="primary" htmlType="submit" loading={save.isPending}>{t('common.save')}</Button>
    </Form>
  );
}

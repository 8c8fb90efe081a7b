import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, Input, InputNumber, Select, Switch } from 'antd';
import { speechProtocols, type SpeechSetting } from '../../../contract/call.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { speechSetting } from './data.ts';
import { useCallTexts } from './texts.ts';

interface Values { enabled: boolean; protocol: SpeechSetting['protocol']; baseUrl?: string; model?: string; language?: string; key?: string; timeoutSeconds: number }

/** What writes down recordings (语音转写接入): once kept, its key is not shown again. */
export function SpeechSettingDrawer({ onClose }: { onClose: () => void }) {
  const { t: say } = useCallTexts();
  const setting = useQuery(speechSetting);
  return (
    <Drawer open size={440} title={say('speech')} onClose={onClose} destroyOnHidden>
      {setting.isError && <ProblemAlert error={setting.error} onRetry={() => void setting.refetch()} />}
      {setting.data !== undefined && <SettingForm key={setting.data.version} setting={setting.data} onClose={onClose} />}
    </Drawer>
  );
}

function SettingForm({ setting, onClose }: { setting: SpeechSetting; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useCallTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: async ({ enabled, protocol, baseUrl, model, language, key, timeoutSeconds }: Values) => (await api.patch<SpeechSetting>('/speech-setting', {
      enabled, protocol, baseUrl: baseUrl?.trim().replace(/\/+$/, '') || null, model: model?.trim() || null, language: language?.trim() || null, timeoutSeconds, ...(key?.trim() ? { key: key.trim() } : {}),
    }, { ifMatch: `"${setting.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(speechSetting.queryKey, saved);
      void message.success(t('common.saved'));
      onClose();
    },
  });
  return (
    <Form<Values> layout="vertical" initialValues={{ ...setting, baseUrl: setting.baseUrl ?? '', model: setting.model ?? '', language: setting.language ?? '', key: '' }} onFinish={(values) => save.mutate(values)}>
      {save.isError && <ProblemAlert error={save.error} />}
      <p>{say('speech.hint')}</p>
      <Form.Item name="enabled" label={say('speech.enabled')} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name="protocol" label={say('speech.protocol')}><Select options={speechProtocols.map((value) => ({ value, label: say(`speech.${value}`) }))} /></Form.Item>
      <Form.Item name="baseUrl" label={say('speech.baseUrl')} rules={[{ pattern: /^(https?|wss?):\/\/[^\s?#@]+$/, message: say('speech.badUrl') }]}><Input maxLength={500} placeholder="https://speech.example.com/v1" /></Form.Item>
      <Form.Item name="model" label={say('speech.model')}><Input maxLength={200} /></Form.Item>
      <Form.Item name="language" label={say('speech.language')} rules={[{ pattern: /^[a-z]{2,3}$/, message: say('speech.badLanguage') }]}><Input maxLength={3} /></Form.Item>
      <Form.Item name="key" label={say('speech.key')} extra={setting.hasKey ? say('speech.keyKept') : undefined}><Input.Password maxLength={500} autoComplete="off" placeholder={setting.hasKey ? '••••••••' : ''} /></Form.Item>
      <Form.Item name="timeoutSeconds" label={say('speech.timeout')} rules={[{ required: true, message: t('common.required') }]}><InputNumber min={5} max={1_800} precision={0} /></Form.Item>
      <Button type="primary" htmlType="submit" loading={save.isPending}>{t('common.save')}</Button>
    </Form>
  );
}

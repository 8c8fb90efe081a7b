import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { callLimits, type PhoneLine } from '../../../contract/call.ts';
import type { Staff } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { phoneLineOf } from './data.ts';
import { useCallTexts } from './texts.ts';

interface Values { extension?: string; sipUser?: string; sipPassword?: string }

/** Says which extension a colleague has, and how their browser is a telephone (设置分机和软电话). A password that is kept is not shown again. */
export function PhoneLineEditor({ person, onClose }: { person: Pick<Staff, 'id' | 'name'>; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useCallTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Values>();
  const { data: line, error } = useQuery({ ...phoneLineOf(person.id), staleTime: 0 });
  const save = useMutation({
    mutationFn: async ({ extension, sipUser, sipPassword }: Values) => (await api.patch<PhoneLine>(`/staff/${person.id}/phone-line`, { extension: extension?.trim() || null, sipUser: sipUser?.trim() || null, ...(sipPassword ? { sipPassword } : {}) }, { ifMatch: `"${line!.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(phoneLineOf(person.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ['telephone'] });
      void message.success(say('line.saved'));
      onClose();
    },
  });
  return (
    <Modal open title={say('line.of', { name: person.name })} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ loading: save.isPending, disabled: line === undefined }} onOk={() => form.submit()} onCancel={onClose}>
      {error !== null && <ProblemAlert error={error} />}
      {line !== undefined && (
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ extension: line.extension ?? '', sipUser: line.sipUser ?? '', sipPassword: '' }} onFinish={(values) => save.mutate(values)}>
          {save.isError && <ProblemAlert error={save.error} />}
          <Form.Item name="extension" label={say('line')} extra={say('line.hint')} rules={[{ pattern: /^[A-Za-z0-9._*#+-]*$/, message: say('line.form') }]}><Input autoFocus maxLength={callLimits.extension} placeholder="1001" /></Form.Item>
          <Form.Item name="sipUser" label={say('sip.user')} extra={say('sip.hint')} rules={[{ pattern: /^[A-Za-z0-9._*+-]*$/, message: say('sip.form') }]}><Input maxLength={callLimits.sipUser} autoComplete="off" /></Form.Item>
          <Form.Item name="sipPassword" label={say('sip.password')} dependencies={['sipUser']} extra={line.hasSipPassword ? say('sip.kept') : undefined} rules={[{ pattern: /^[\x20-\x7e]*$/, message: say('sip.passwordForm') }, ({ getFieldValue }) => ({ validator: async (_rule, value?: string) => (value && !(getFieldValue('sipUser') as string | undefined)?.trim() ? Promise.reject(new Error(say('sip.userFirst'))) : undefined) })]}><Input.Password maxLength={callLimits.sipPassword} autoComplete="new-password" placeholder={line.hasSipPassword ? '••••••••' : ''} /></Form.Item>
        </Form>
      )}
    </Modal>
  );
}

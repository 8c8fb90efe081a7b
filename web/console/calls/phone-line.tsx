import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { callLimits, type PhoneLine } from '../../../contract/call.ts';
import type { Staff } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { phoneLineOf } from './data.ts';
import { useCallTexts } from './texts.ts';

/** Says which extension a colleague has (设置分机). */
export function PhoneLineEditor({ person, onClose }: { person: Pick<Staff, 'id' | 'name'>; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useCallTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<{ extension?: string }>();
  const { data: line, error } = useQuery({ ...phoneLineOf(person.id), staleTime: 0 });
  const save = useMutation({
    mutationFn: async ({ extension }: { extension?: string }) => (await api.patch<PhoneLine>(`/staff/${person.id}/phone-line`, { extension: extension?.trim() || null }, { ifMatch: `"${line!.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(phoneLineOf(person.id).queryKey, saved);
      void message.success(say('line.saved'));
      onClose();
    },
  });
  return (
    <Modal open title={say('line.of', { name: person.name })} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ loading: save.isPending, disabled: line === undefined }} onOk={() => form.submit()} onCancel={onClose}>
      {error !== null && <ProblemAlert error={error} />}
      {line !== undefined && (
        <Form form={form} layout="vertical" requiredMark={false} initialValues={{ extension: line.extension ?? '' }} onFinish={(values) => save.mutate(values)}>
          {save.isError && <ProblemAlert error={save.error} />}
          <Form.Item name="extension" label={say('line')} extra={say('line.hint')} rules={[{ pattern: /^[A-Za-z0-9._*#+-]*$/, message: say('line.form') }]}><Input autoFocus maxLength={callLimits.extension} placeholder="1001" /></Form.Item>
        </Form>
      )}
    </Modal>
  );
}

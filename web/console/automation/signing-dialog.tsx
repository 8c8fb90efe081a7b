import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Popconfirm, Typography } from 'antd';
import type { AutomationSigning } from '../../../contract/automation.ts';
import { api } from '../../ui/api.ts';
import { formatExact } from '../../ui/time.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useAutomationTexts } from './texts.ts';

const key = ['automation-signing'];

/** With what those who are called can tell that a call came from here (调用签名), and how to change it. */
export function SigningDialog({ onClose }: { onClose: () => void }) {
  const { t: say, language } = useAutomationTexts();
  const queryClient = useQueryClient();
  const signing = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await api.get<AutomationSigning>('/automation-signing', { signal })).data, gcTime: 0 });
  const change = useMutation({
    mutationFn: async (version: number) => (await api.post<AutomationSigning>('/automation-signing', {}, { ifMatch: `"${version}"` })).data,
    onSuccess: (data) => queryClient.setQueryData(key, data),
  });
  const { data } = signing;
  return (
    <Modal open title={say('signing')} footer={null} onCancel={onClose}>
      <p>{say('signing.hint')}</p>
      {signing.isError && <ProblemAlert error={signing.error} onRetry={() => void signing.refetch()} />}
      {change.isError && <ProblemAlert error={change.error} />}
      {data !== undefined && (
        <>
          <p><Typography.Text code copyable aria-label={say('signing.secret')}>{data.secret}</Typography.Text></p>
          {data.previous !== null && <p>{say('signing.previous', { until: formatExact(data.previous.until, language) })}<br /><Typography.Text code copyable>{data.previous.secret}</Typography.Text></p>}
          <Popconfirm title={say('signing.changeHint')} onConfirm={() => change.mutate(data.version)} okText={say('signing.change')}>
            <Button loading={change.isPending}>{say('signing.change')}</Button>
          </Popconfirm>
        </>
      )}
    </Modal>
  );
}

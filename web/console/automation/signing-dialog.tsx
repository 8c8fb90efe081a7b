import { useQuery } from '@tanstack/react-query';
import { Modal, Typography } from 'antd';
import type { AutomationSigning } from '../../../contract/automation.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useAutomationTexts } from './texts.ts';

/** With what those who are called can tell that a call came from here (调用签名). */
export function SigningDialog({ onClose }: { onClose: () => void }) {
  const { t: say } = useAutomationTexts();
  const signing = useQuery({ queryKey: ['automation-signing'], queryFn: async ({ signal }) => (await api.get<AutomationSigning>('/automation-signing', { signal })).data, gcTime: 0 });
  return (
    <Modal open title={say('signing')} footer={null} onCancel={onClose}>
      <p>{say('signing.hint')}</p>
      {signing.isError && <ProblemAlert error={signing.error} onRetry={() => void signing.refetch()} />}
      {signing.data !== undefined && <Typography.Text code copyable aria-label={say('signing.secret')}>{signing.data.secret}</Typography.Text>}
    </Modal>
  );
}

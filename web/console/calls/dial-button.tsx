import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { Call } from '../../../contract/call.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Icon } from '../parts/icon.tsx';
import { telephone } from './data.ts';
import { useCallTexts } from './texts.ts';

/** Calls somebody from one's own telephone (点击拨号); only where there is one that can. */
export function DialButton({ whom, name }: { whom: { ticketId: string } | { customerId: string; contactPointId: string }; name: string }) {
  const { t: say } = useCallTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const dials = useQuery(telephone).data?.dials === true;
  const dial = useMutation({
    mutationFn: () => postOnce<Call>('/calls', whom),
    onSuccess: () => {
      void message.success(say('dial.ringing'));
      void queryClient.invalidateQueries({ queryKey: ['calls'] });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  if (!dials) return null;
  return <Button type="text" size="small" icon={<Icon name="phone" size={14} />} loading={dial.isPending} onClick={() => dial.mutate()} aria-label={say('dial.call', { name })} title={say('dial.call', { name })} />;
}

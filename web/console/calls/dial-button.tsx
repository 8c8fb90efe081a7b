import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { Call } from '../../../contract/call.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Icon } from '../parts/icon.tsx';
import { dialled, useLine } from '../softphone/line-door.ts';
import { telephone } from './data.ts';
import { useCallTexts } from './texts.ts';

/**
 * Calls somebody from one's own telephone (点击拨号); only where there is one that can. Asked of the telephone system, nobody has to see the number; a browser that is the
 * telephone itself needs it whole.
 *
 * @param props.number theirs, where it is shown as a whole
 */
export function DialButton({ whom, name, number = null }: { whom: { ticketId: string } | { customerId: string; contactPointId: string }; name: string; number?: string | null }) {
  const { t: say } = useCallTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const dials = useQuery(telephone).data?.dials === true;
  const open = useLine();
  const dial = useMutation({
    mutationFn: () => postOnce<Call>('/calls', whom),
    onMutate: () => open?.line.expectOwn(),
    onSuccess: () => {
      void message.success(say('dial.ringing'));
      void queryClient.invalidateQueries({ queryKey: ['calls'] });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const own = !dials && open?.state.registration.is === 'ready' && number !== null ? dialled(number) : null;
  if (!dials && own === null) return null;
  const busy = own !== null && open!.state.call !== null;
  return <Button type="text" size="small" icon={<Icon name="phone" size={14} />} loading={dial.isPending} disabled={busy} onClick={() => (own === null ? dial.mutate() : open!.line.dial(own))} aria-label={say('dial.call', { name })} title={say('dial.call', { name })} />;
}

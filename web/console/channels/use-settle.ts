import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { inboxActions } from '../../../contract/channel.ts';
import { api, asProblem } from '../../ui/api.ts';
import { channel } from './data.ts';
import { useChannelTexts } from './texts.ts';

type MessageAction = (typeof inboxActions)[number];

/** Takes up again, discards or replays (处理收件), and says how many it was. */
export function useSettle(channelId: string, onDone: () => void) {
  const { t: say } = useChannelTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ action, ids, reason }: { action: MessageAction; ids: string[]; reason?: string }) => (await api.post<{ settled: number; skipped: number }>(`/inbox-messages/actions/${action}`, { ids, ...(reason ? { reason } : {}) })).data,
    onSuccess: (done) => {
      void message.success(done.skipped === 0 ? say('act.done', { settled: done.settled }) : say('act.skipped', done));
      onDone();
    },
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['channel-messages'] });
      void queryClient.invalidateQueries({ queryKey: ['channel-message'] });
      void queryClient.invalidateQueries({ queryKey: channel(channelId).queryKey });
    },
  });
}

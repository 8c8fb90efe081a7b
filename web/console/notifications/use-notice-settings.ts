import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { NoticeSettings, UpdateNoticeSettings } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { noticeSettings } from '../notices/data.ts';

/** How one is told outside of the program, and changing it (站外通知设置): every change is kept at once. */
export function useNoticeSettings() {
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const query = useQuery(noticeSettings);
  const update = useMutation({
    // Each property stands for itself: the later change counts.
    mutationFn: async (changes: UpdateNoticeSettings) => (await api.patch<NoticeSettings>('/notice-settings', changes, { ifMatch: '*' })).data,
    onMutate: (changes) => {
      const before = queryClient.getQueryData(noticeSettings.queryKey);
      if (before !== undefined) queryClient.setQueryData(noticeSettings.queryKey, { ...before, ...changes, channels: { ...before.channels, ...changes.channels } } as NoticeSettings);
      return { before };
    },
    onSuccess: (saved) => queryClient.setQueryData(noticeSettings.queryKey, saved),
    onError: (error, _changes, kept) => {
      if (kept?.before !== undefined) queryClient.setQueryData(noticeSettings.queryKey, kept.before);
      void message.error(asProblem(error).errors?.[0]?.message ?? asProblem(error).title);
    },
  });
  return { query, update };
}

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { NewsPlan, NewsSettings } from '../../../contract/news.ts';
import { api, asProblem } from '../../ui/api.ts';
import { useNewsTexts } from './texts.ts';

export const newsSettings = queryOptions({ queryKey: ['news-settings'], queryFn: async ({ signal }) => (await api.get<NewsSettings>('/news-settings', { signal })).data, staleTime: 60_000 });

export type NewsChange = Partial<Omit<NewsPlan, 'events'>> & { events?: Partial<NewsPlan['events']> };

/** Keeps a change at once; what another has changed meanwhile is fetched and said. */
export function useNewsChange(version: number) {
  const { t } = useNewsTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (changes: NewsChange) => (await api.patch<NewsSettings>('/news-settings', changes, { ifMatch: `"${version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(newsSettings.queryKey, saved);
      void message.success(t('saved'));
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors?.[0]?.message ?? problem.title);
      void queryClient.invalidateQueries({ queryKey: newsSettings.queryKey });
    },
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Switch } from 'antd';
import { api, asProblem } from '../../ui/api.ts';
import { useTexts } from '../i18n.ts';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';

/** Changes a record of the settings at once (快速修改), from the version on the screen; says what happened. */
export function usePatch(list: string) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ record, patch }: { record: { id: string; version: number }; patch: object }) => api.patch(`/${list}/${record.id}`, patch, { ifMatch: `"${record.version}"` }),
    onSuccess: () => void message.success(t('common.saved')),
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
    },
    onSettled: () => void queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).split('?')[0] === list }),
  });
}

/** Shows what is no longer in use as well. */
export function ArchivedSwitch({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  const { t: say } = useSettingsTexts();
  return (
    <label className={styles.end}>
      <Switch size="small" checked={checked} onChange={onChange} />
      <span className={styles.muted}>{say('types.showArchived')}</span>
    </label>
  );
}

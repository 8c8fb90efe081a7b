import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { InboundChannel } from '../../../contract/channel.ts';
import { api, asProblem } from '../../ui/api.ts';
import { AccountForm, type FilledAccount } from './account-form.tsx';
import { channel, channels } from './data.ts';
import { isUnset } from './kinds.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** A channel's name, way and account, and the end of it (渠道设置). */
export function SettingsPart({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  // What the form began with: another's change meanwhile is told, and takes nothing that was typed.
  const [base, setBase] = useState(record);
  const patch = async (body: object) => (await api.patch<InboundChannel>(`/channels/${record.id}`, body, { ifMatch: `"${base.version}"` })).data;
  const save = useMutation({
    // Where the list of a webhook lies is part of its mapping.
    mutationFn: ({ name, mode, settings }: FilledAccount) => patch({ name, mode, ...(isUnset(base) ? { active: true } : {}), settings: { ...(base.settings['each'] && mode === base.mode ? { each: base.settings['each'] } : {}), ...settings } }),
    onSuccess: (next) => {
      setBase(next);
      queryClient.setQueryData(channel(record.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: channels.queryKey });
      void message.success(say('saved'));
    },
  });
  const remove = useMutation({
    mutationFn: () => patch({ archived: true }),
    onSuccess: () => {
      void message.success(say('settings.removed'));
      void queryClient.invalidateQueries({ queryKey: channels.queryKey });
      void navigate({ to: '/settings/{-$section}', params: { section: 'channels' } });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <div className={styles.narrow}>
      <section className={styles.card}>
        <AccountForm
          key={base.version} kind={base.kind} kept={{ name: base.name, mode: base.mode, settings: base.settings, secrets: base.secrets }}
          error={save.error} saving={save.isPending} submit={say('settings.save')} onSubmit={(filled) => save.mutate(filled)}
        />
      </section>
      <section className={`${styles.card} ${styles.line}`}>
        <span className={styles.grow}>{say('settings.removeHint')}</span>
        <Popconfirm title={say('settings.remove')} description={say('settings.removeSure')} okText={say('settings.remove')} cancelText={say('settings.cancel')} okButtonProps={{ danger: true }} onConfirm={() => remove.mutate()}>
          <Button danger loading={remove.isPending}>{say('settings.remove')}</Button>
        </Popconfirm>
      </section>
    </div>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { CreatedChannel, InboundKind } from '../../../contract/channel.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Icon } from '../parts/icon.tsx';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { AccountForm, type FilledAccount } from './account-form.tsx';
import { channel, channels, keepMade } from './data.ts';
import { iconOf, kindGroups, named } from './kinds.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** Connects a channel (接入渠道): what it is, what it takes; then its page leads on. */
export function ConnectDrawer({ onClose }: { onClose: () => void }) {
  const { t: say } = useChannelTexts();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [kind, setKind] = useState<InboundKind | null>(null);
  const create = useMutation({
    mutationFn: ({ name, mode, settings }: FilledAccount) => postOnce<Static<typeof CreatedChannel>>('/channels', { kind, name, mode, settings }),
    onSuccess: ({ made, ...created }) => {
      keepMade(created.id, made);
      queryClient.setQueryData(channel(created.id).queryKey, created);
      void queryClient.invalidateQueries({ queryKey: channels.queryKey });
      void navigate({ to: '/settings/channels/$channelId/{-$part}', params: { channelId: created.id, part: undefined } });
    },
  });
  return (
    <RecordDrawer title={kind === null ? say('connect.which') : named(say, 'kind', kind)} onClose={onClose}>
      {kind === null
        ? (
          kindGroups.map(({ key, kinds }) => (
            <section key={key} className={styles.kindGroup} aria-labelledby={`kinds-${key}`}>
              <h3 id={`kinds-${key}`} className={styles.kindsTitle}>{say(`group.${key}`)}</h3>
              <ul className={styles.kinds}>
                {kinds.map((one) => (
                  <li key={one}>
                    <button type="button" className={styles.kind} onClick={() => setKind(one)}>
                      <span className={styles.mark}><Icon name={iconOf(one)} size={18} /></span>
                      <span className={styles.rowMain}>
                        <span className={styles.rowName}>{named(say, 'kind', one)}</span>
                        <span className={styles.muted}>{named(say, 'about', one)}</span>
                      </span>
                      <Icon name="chevronRight" />
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))
        )
        : (
          <AccountForm kind={kind} kept={null} error={create.error} saving={create.isPending} submit={say('connect.create')} onSubmit={(filled) => create.mutate(filled)}>
            <Button onClick={() => { create.reset(); setKind(null); }}>{say('connect.back')}</Button>
          </AccountForm>
        )}
    </RecordDrawer>
  );
}

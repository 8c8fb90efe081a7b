import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { Ago, EmptyState } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from '../settings/section.tsx';
import { ConnectDrawer } from './connect-drawer.tsx';
import { channels, type ListedChannel } from './data.ts';
import { HealthBadge } from './health.tsx';
import { iconOf, isInboundKind, named } from './kinds.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** Channels (接入渠道): where requests come from, and how each fares. */
export function ChannelsSection() {
  const { t: say } = useChannelTexts();
  const { may } = useSession();
  const [connecting, setConnecting] = useState(false);
  const list = useQuery(channels);
  const writable = may('settings.write');
  const connect = writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setConnecting(true)}>{say('connect')}</Button>;
  return (
    <Section title={say('title')} hint={say('hint')} action={connect}>
      <Rows query={list}>
        {(items) => {
          const connected = items.filter((one) => isInboundKind(one.kind) && !isIdleMailbox(one));
          const own = items.filter((one) => !connected.includes(one));
          return (
            <>
              <h3 className={styles.subtitle}>{say('connected')}</h3>
              {connected.length === 0 && <div className={styles.frame}><EmptyState title={say('none')} hint={say('noneHint')} action={connect} /></div>}
              {connected.length > 0 && <ul className={styles.list} aria-label={say('connected')}>{connected.map((one) => <li key={one.id}><ChannelRow channel={one} writable={writable} /></li>)}</ul>}
              {own.length > 0 && <h3 className={styles.subtitle}>{say('own')} <span className={styles.muted}>{say('own.hint')}</span></h3>}
              {own.length > 0 && <ul className={styles.list} aria-label={say('own')}>{own.map((one) => <li key={one.id}>{isIdleMailbox(one) ? <ChannelRow channel={one} writable={writable} /> : <div className={styles.row}><OwnRow channel={one} /></div>}</li>)}</ul>}
            </>
          );
        }}
      </Rows>
      {connecting && <ConnectDrawer onClose={() => setConnecting(false)} />}
    </Section>
  );
}

/** The mailbox that every organization begins with, while nobody has set it up. */
const isIdleMailbox = ({ kind, active, health }: ListedChannel): boolean => kind === 'email' && !active && (health === null || health.lastReceivedAt === null);

function ChannelRow({ channel, writable }: { channel: ListedChannel; writable: boolean }) {
  const { t: say } = useChannelTexts();
  const { health } = channel;
  const content = (
    <>
      <span className={styles.mark}><Icon name={iconOf(channel.kind)} size={18} /></span>
      <span className={styles.rowMain}>
        <span className={styles.rowName}>{channel.name}</span>
        <span className={styles.muted}>{named(say, 'kind', channel.kind)}{channel.address !== null && ` · ${channel.address}`}</span>
      </span>
      {health !== null && !isIdleMailbox(channel) && (
        <span className={styles.figures}>
          <span className={styles.figure}><b>{health.lastDay >= 10_000 ? say('health.over', { count: 10_000 }) : health.lastDay}</b>{say('health.day')}</span>
          {health.waiting > 0 && <span className={styles.figure}><b>{health.waiting}</b>{say('health.waiting')}</span>}
          {health.quarantined > 0 && <span className={styles.figure} data-danger><b>{health.quarantined}</b>{say('health.aside')}</span>}
          <span className={styles.figureWide}>{health.lastReceivedAt === null ? say('health.never') : <Ago value={health.lastReceivedAt} />}</span>
        </span>
      )}
      <span className={styles.rowEnd}>{health === null ? <Badge tone={channel.active ? 'success' : 'neutral'}>{say(channel.active ? 'state.on' : 'state.off')}</Badge> : isIdleMailbox(channel) ? <Badge>{say('state.unset')}</Badge> : <HealthBadge health={health} />}</span>
      {writable && <Icon name="chevronRight" />}
    </>
  );
  return writable
    ? <Link to="/settings/channels/$channelId/{-$part}" params={{ channelId: channel.id, part: undefined }} className={styles.row}>{content}</Link>
    : <div className={styles.row}>{content}</div>;
}

function OwnRow({ channel }: { channel: ListedChannel }) {
  const { t } = useTexts();
  const { t: say } = useChannelTexts();
  return (
    <>
      <span className={styles.mark}><Icon name={iconOf(channel.kind)} size={18} /></span>
      <span className={styles.rowMain}>
        <span className={styles.rowName}>{channel.name}</span>
        {channel.address !== null && (
          <span className={styles.address}>
            {channel.address.startsWith('http') ? <a href={channel.address} target="_blank" rel="noreferrer">{channel.address}</a> : channel.address}
            <CopyButton text={channel.address} label={t('common.copy')} />
          </span>
        )}
      </span>
      <span className={styles.rowEnd}><Badge tone={channel.active ? 'success' : 'neutral'}>{say(channel.active ? 'state.on' : 'state.off')}</Badge></span>
    </>
  );
}

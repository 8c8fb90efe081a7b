import { useQuery } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { ChannelAccount } from '../../../contract/organization.ts';
import type { TicketSummary } from '../../../contract/ticket.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { channelTexts } from '../parts/names.ts';
import { Rows, Section } from './section.tsx';
import styles from './section.module.css';

/** Names of programs, the same in every language. */
const programs: Readonly<Record<string, string>> = { webhook: 'Webhook', alertmanager: 'Prometheus Alertmanager', zabbix: 'Zabbix' };

const channels = whole<Static<typeof ChannelAccount>>('channels');

/** Channels (渠道): where customers reach the organization. */
export function ChannelsSection() {
  const { t } = useTexts();
  const list = useQuery(channels);
  return (
    <Section title={t('settings.channels')} hint={t('settings.channelsHint')}>
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((channel) => (
              <div key={channel.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{channel.name}</span>{' '}
                  <span className={styles.muted}>{channel.kind in channelTexts ? t(channelTexts[channel.kind as TicketSummary['channel']]) : programs[channel.kind] ?? channel.kind}</span>
                  {channel.address !== null && (
                    <span className={styles.muted} style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
                      {channel.address.startsWith('http') ? <a href={channel.address} target="_blank" rel="noreferrer">{channel.address}</a> : channel.address}
                      <CopyButton text={channel.address} label={t('common.copy')} />
                    </span>
                  )}
                </span>
                <Badge tone={channel.active ? 'success' : 'neutral'}>{channel.active ? t('settings.active') : t('staff.inactive')}</Badge>
              </div>
            ))}
          </div>
        )}
      </Rows>
    </Section>
  );
}

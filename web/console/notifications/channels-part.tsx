import { Button, Select } from 'antd';
import { noticeChannels, type NoticeChannel, type NoticeSettings } from '../../../contract/notice.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import own from '../notices/notices.module.css';
import { channelTexts, useNoticeTexts } from '../notices/texts.ts';
import { Icon } from '../parts/icon.tsx';
import { AddressesPart } from './addresses-part.tsx';
import { DevicesPart } from './devices-part.tsx';
import styles from './notifications-page.module.css';
import { useNoticeSettings } from './use-notice-settings.ts';

const hours = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);
const zones = (): string[] => (typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []);

/** Where one is told outside of the program (站外通知): for what is urgent, when, at which addresses and in which browsers; by reason it stands in the table of all ways. */
export function ChannelsPart() {
  const { t } = useNoticeTexts();
  const { query, update } = useNoticeSettings();
  const chosen = query.data;
  if (chosen === undefined) return query.isError ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null;
  if (chosen.available.length === 0) {
    return (
      <section>
        <h2 className={styles.part}>{t('own.title')}</h2>
        <p className={styles.hint}>{t('own.none')}</p>
      </section>
    );
  }
  return (
    <>
      <UrgentOrder chosen={chosen} onChange={(urgent) => update.mutate({ urgent })} />
      <section className={styles.line}>
        <div>
          <h2 className={styles.part}>{t('own.digest')}</h2>
          <p className={styles.hint}>{t('own.digestHint')}</p>
        </div>
        <Select
          aria-label={t('own.digest')} style={{ width: 120 }} value={chosen.digest.every} options={[{ value: 'off', label: t('own.off') }, { value: 'hour', label: t('own.hour') }, { value: 'day', label: t('own.day') }]}
          onChange={(every) => update.mutate({ digest: { ...chosen.digest, every } })}
        />
        {chosen.digest.every === 'day' && <Select aria-label={t('own.at')} style={{ width: 100 }} value={chosen.digest.at} options={[...new Set([...hours, chosen.digest.at])].sort().map((value) => ({ value, label: value }))} onChange={(at) => update.mutate({ digest: { ...chosen.digest, at } })} />}
      </section>
      <section className={styles.line}>
        <div>
          <h2 className={styles.part}>{t('own.zone')}</h2>
          <p className={styles.hint}>{t('own.zoneHint', { zone: chosen.organizationTimeZone })}</p>
        </div>
        <Select allowClear showSearch aria-label={t('own.zone')} style={{ width: 220 }} value={chosen.timeZone} placeholder={chosen.organizationTimeZone} options={[...new Set([...zones(), ...(chosen.timeZone === null ? [] : [chosen.timeZone])])].map((value) => ({ value, label: value }))} onChange={(zone: string | undefined) => update.mutate({ timeZone: zone ?? null })} />
      </section>
      <AddressesPart settings={chosen} />
      <DevicesPart settings={chosen} />
    </>
  );
}

function UrgentOrder({ chosen, onChange }: { chosen: NoticeSettings; onChange: (urgent: NoticeChannel[]) => void }) {
  const { t } = useNoticeTexts();
  const order = [...chosen.urgent, ...noticeChannels.filter((channel) => !chosen.urgent.includes(channel))].filter((channel) => chosen.available.includes(channel));
  const raise = (place: number): void => {
    const next = [...order];
    next.splice(place - 1, 2, next[place]!, next[place - 1]!);
    onChange([...next, ...chosen.urgent.filter((channel) => !next.includes(channel))]);
  };
  return (
    <section>
      <h2 className={styles.part}>{t('own.urgent')}</h2>
      <p className={styles.hint}>{t('own.urgentHint')}</p>
      <ol className={own.order}>
        {order.map((channel, place) => (
          <li key={channel} data-first={place < 2 || undefined}>
            {place + 1}. {t(channelTexts[channel])}
            <Button size="small" type="text" disabled={place === 0} icon={<Icon name="chevronUp" size={14} />} aria-label={t('own.up', { channel: t(channelTexts[channel]) })} onClick={() => raise(place)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

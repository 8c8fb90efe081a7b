import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../ui/react/now.ts';
import { replyRoute } from '../data/tickets.ts';
import { Icon } from '../parts/icon.tsx';
import { reasonKey, replyTexts } from './reply-texts.ts';
import styles from './reply-route-line.module.css';

const minute = 60_000;
/** So much of what goes out last is shown, where the rest does not. */
const endShown = 8;

/** By which way the answer that is being written will go out, until when, and why not by a better one (回复窗口). */
export function ReplyRouteLine({ number, text, files }: { number: string; text: string; files: number }) {
  const { t } = replyTexts.useTexts();
  const now = useNow();
  const { data } = useQuery(replyRoute(number));
  if (data === undefined || data.conversation === null) return null;
  const { conversation, route, via, skips } = data;
  const { closesAt, quota, grants, contact, account, textBytes } = conversation;
  const left = closesAt === null ? null : Math.floor((new Date(closesAt).getTime() - Number(now)) / minute);
  const span = left === null || left <= 0 ? null : left >= 2_880 ? t('day', { count: Math.floor(left / 1_440) }) : left >= 60 ? t('hour', { count: Math.floor(left / 60) }) : t('minute', { count: left });
  const direct = route === 'conversation';
  // A template holds so many characters, however long they are.
  const cut = direct && conversation.channel === 'sms' && textBytes !== null && textBytes < 200 ? Math.floor(textBytes / 3) : null;
  const written = [...text.trim()];
  const tight = direct && ((cut !== null && written.length > cut) || (left !== null && left < 120) || (quota !== null && quota.left <= 1));
  return (
    <p className={styles.route} data-tone={route === null ? 'none' : direct ? (tight ? 'tight' : 'open') : 'instead'} role="status">
      <Icon name={route === null ? 'info' : direct ? 'reply' : route === 'sms' ? 'phone' : 'transfer'} size={14} />
      <span>
        {direct ? (
          <>
            {contact === null ? t('now', { account }) : t('nowTo', { account, contact })}
            {span !== null && ` · ${t('closes', { left: span })}`}
            {quota !== null && ` · ${t('quota', { count: quota.left })}`}
            {grants !== null && ` · ${t('grants', { count: grants })}`}
          </>
        ) : (
          <>
            {route === null ? t('instead.none') : t(`instead.${route}`, { account: via ?? '' })}
            {route === 'template' && grants !== null && ` · ${t('grants', { count: grants })}`}
            {skips.length > 0 && <small>{t('skipped')}{skips.map((skip) => t('skip', { route: t(`route.${skip.route}`), reason: t(reasonKey(skip.reason)) })).join(t('separator'))}</small>}
          </>
        )}
        {cut !== null && written.length > 0 && ` · ${t('room', { used: written.length, most: cut })}`}
        {cut !== null && written.length > cut && <small>{t('endsAt', { end: `${written.slice(Math.max(0, cut - endShown), cut - 1).join('')}…`, count: written.length - cut + 1 })}</small>}
        {cut === null && direct && textBytes !== null && new TextEncoder().encode(text).length > textBytes && <small>{t('tooLong')}</small>}
        {(route === 'template' || route === 'sms') && files > 0 && <small>{t('filesLink')}</small>}
      </span>
    </p>
  );
}

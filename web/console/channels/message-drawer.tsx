import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import { mappingTargets, type InboundChannel, type InboxMessageDetail } from '../../../contract/channel.ts';
import { formatExact } from '../../ui/time.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { useTexts } from '../i18n.ts';
import { message as messageQuery } from './data.ts';
import { StateBadge } from './health.tsx';
import { mappedKinds, named } from './kinds.ts';
import { failureWords } from './refusal-words.ts';
import { useChannelTexts } from './texts.ts';
import { useSettle } from './use-settle.ts';
import styles from './channels.module.css';

/** One message with all that is known of it (收件详情), and what can be done about it. */
export function MessageDrawer({ record, id, onClose, onDiscard }: { record: InboundChannel; id: string; onClose: () => void; onDiscard: (id: string) => void }) {
  const { t: say } = useChannelTexts();
  const query = useQuery({ ...messageQuery(id), refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 1_000 : false) });
  return (
    <RecordDrawer title={say('message.title')} onClose={onClose} extra={query.data && <StateBadge state={query.data.state} />}>
      {query.data === undefined ? query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : <Content record={record} message={query.data} onDiscard={() => onDiscard(id)} />}
    </RecordDrawer>
  );
}

function Content({ record, message, onDiscard }: { record: InboundChannel; message: InboxMessageDetail; onDiscard: () => void }) {
  const { t } = useTexts();
  const { t: say, language } = useChannelTexts();
  const settle = useSettle(record.id, () => {});
  const values = Object.entries(message.values).filter(([target, value]) => value !== undefined && value !== null && value !== '' && !(target === 'description' && message.parts.some((part) => part['kind'] === 'text')))
    .sort(([one], [other]) => placeOf(one) - placeOf(other));
  const row = (label: string, content: ReactNode) => <div key={label}><dt>{label}</dt><dd>{content}</dd></div>;
  return (
    <div className={styles.detail}>
      <p className={styles.resultSubject}>{message.preview || say('messages.untitled')}</p>
      {message.failure !== null && <p className={styles.alert} data-danger><Icon name="info" /><span>{failureWords(say, message)}{message.state === 'quarantined' && <span className={styles.why}>{say(mappedKinds.includes(record.kind) ? 'advice.mapped' : 'advice.fixed')}</span>}</span></p>}
      <div className={styles.actions}>
        {message.state === 'quarantined' && <Button type="primary" loading={settle.isPending} onClick={() => settle.mutate({ action: 'reprocess', ids: [message.id] })}>{say('act.reprocess')}</Button>}
        {message.state === 'quarantined' && mappedKinds.includes(record.kind) && <Link to="/settings/channels/$channelId/{-$part}" params={{ channelId: record.id, part: 'mapping' }}><Button>{say('message.map')}</Button></Link>}
        {message.state === 'quarantined' && <Button onClick={onDiscard}>{say('act.discard')}</Button>}
        {(message.state === 'done' || message.state === 'passed_over') && (
          <Popconfirm title={say('act.replay')} description={say('act.replaySure')} okText={say('act.replay')} cancelText={say('settings.cancel')} onConfirm={() => settle.mutate({ action: 'replay', ids: [message.id] })}>
            <Button loading={settle.isPending}>{say('act.replay')}</Button>
          </Popconfirm>
        )}
        {message.bytes > 0 ? <Button icon={<Icon name="download" />} href={`/api/v1/inbox-messages/${message.id}/raw`} download>{say('message.raw')}</Button> : <span className={styles.muted}>{say('message.rawGone')}</span>}
      </div>
      {message.excerpt !== null && message.excerpt !== '' && <Original text={message.excerpt} isWhole={new TextEncoder().encode(message.excerpt).length === message.bytes} />}
      <dl className={styles.resultRows}>
        {message.who !== null && row(say('message.who'), message.who)}
        {message.ticket !== null && row(say('message.ticket'), <Link to="/tickets/$number" params={{ number: message.ticket.number }}>{message.ticket.number}</Link>)}
        {message.outcome !== null && row(say('message.why'), named(say, 'outcome', message.outcome))}
        {message.note !== null && row(say('message.note'), message.note)}
        {row(say('message.received'), formatExact(message.receivedAt, language))}
        {row(say('message.occurred'), formatExact(message.occurredAt, language))}
        {row(say('message.external'), <span className={styles.idLine}><code>{message.externalId}</code><CopyButton text={message.externalId} label={t('common.copy')} /></span>)}
        {message.thread !== message.externalId && row(say('message.thread'), <code>{message.thread}</code>)}
        {message.attempts > 0 && row(say('message.attempts'), message.attempts)}
      </dl>
      {(values.length > 0 || message.parts.length === 0) && <h3 className={styles.cardTitle}>{say('message.values')}</h3>}
      {values.length === 0 && message.parts.length === 0 && <p className={styles.muted}>{say('message.nothing')}</p>}
      {values.length > 0 && <dl className={styles.resultRows}>{values.map(([target, value]) => row(named(say, 'target', target), /^mail\.(spf|dkim|dmarc)$/.test(target) ? named(say, 'proof', String(value)) : typeof value === 'string' ? value : JSON.stringify(value)))}</dl>}
      {message.parts.length > 0 && <h3 className={styles.cardTitle}>{say('message.parts')}</h3>}
      {message.parts.length > 0 && <dl className={styles.resultRows}>{message.parts.map((part, index) => <div key={index}><dt>{named(say, 'part', String(part['kind']))}</dt><dd>{contentOf(part)}</dd></div>)}</dl>}
    </div>
  );
}

/** The beginning of what came, as text (原文预览): for what could not be read. */
function Original({ text, isWhole }: { text: string; isWhole: boolean }) {
  const { t: say } = useChannelTexts();
  return (
    <section aria-label={say('messages.rawTitle')}>
      <h3 className={styles.cardTitle}>{say('messages.rawTitle')}</h3>
      <pre className={styles.command}>{text}</pre>
      {!isWhole && <p className={styles.muted}>{say('messages.rawCut')}</p>}
    </section>
  );
}

const order = ['mail.from', 'mail.to', 'mail.cc', 'subject', ...mappingTargets.filter((target) => target !== 'subject'), 'mail.spf', 'mail.dkim', 'mail.dmarc'];
const placeOf = (target: string): number => (order.includes(target) ? order.indexOf(target) : order.length);

function contentOf(part: Record<string, unknown>): string {
  const said = part['text'] ?? part['name'] ?? part['address'] ?? part['title'] ?? part['url'] ?? part['media'] ?? '';
  return typeof said === 'string' ? said : JSON.stringify(said);
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { inboundForms, type InboundChannel } from '../../../contract/channel.ts';
import type { AccountField } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago } from '../../ui/react/index.ts';
import { colon } from '../../ui/punctuation.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { ChatInstall } from './chat-install.tsx';
import { SpeechButton } from '../calls/speech-button.tsx';
import { replyTexts, reasonKey } from '../ticket/reply-texts.ts';
import { useSession } from '../session/session.tsx';
import { CheckPart } from './check-part.tsx';
import { channel, keepMade, madeOf } from './data.ts';
import { addressToCall, fieldName, named, reachOf, stepsOf } from './kinds.ts';
import { refusalWords } from './refusal-words.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** How the other side is set up, and the check that it is right (接入与检查). */
export function OverviewPart({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { health } = record;
  // The addresses of mail are not called, nor is who listens.
  const called = record.kind !== 'email' && record.kind !== 'mqtt' && record.kind !== 'web_chat' && record.mode !== 'stream' && record.mode !== 'ari';
  const address = addressToCall(record, madeOf(record.id)['token']);
  const secretFields = (inboundForms[record.kind][record.mode] ?? []).filter((field) => field.secret === true);
  return (
    <>
      {health.quarantined > 0 && (
        <Link className={styles.alert} to="/settings/channels/$channelId/{-$part}" params={{ channelId: record.id, part: 'messages' }}>
          <Icon name="info" />{say('health.asideSee', { count: health.quarantined })}<Icon name="chevronRight" />
        </Link>
      )}
      {health.lastRefusedAt !== null && health.state === 'refusing' && (
        <p className={styles.alert} data-danger><Icon name="info" /><span>{say('health.refused')} <Ago value={health.lastRefusedAt} />{colon()}{refusalWords(say, health.lastRefusal)}</span></p>
      )}
      <Replies record={record} />
      {(called || record.kind === 'web_chat') && reachOf(record.url) !== 'public' && (
        <p className={styles.alert}><Icon name="info" /><span>{say(`reach.${reachOf(record.url) as 'self'}`, { origin: new URL(record.url).origin })}</span></p>
      )}
      {record.kind === 'email' && record.mode === 'smtp' && (
        <p className={styles.alert}><Icon name="info" /><span>{record.mailPort === null ? say('mail.noPort') : say('mail.port', { port: record.mailPort })}</span></p>
      )}
      <div className={styles.columns}>
        <section className={styles.card} aria-label={called ? say('address') : record.kind === 'email' ? named(say, 'field', 'address') : say('steps')}>
          {record.kind === 'web_chat' && <ChatInstall record={record} />}
          {called && (
            <>
              <h2 className={styles.cardTitle}>{say('address')}</h2>
              <p className={styles.muted}>{say('address.hint')}</p>
              <Address address={address} />
            </>
          )}
          {(called || record.kind === 'web_chat') && secretFields.filter((field) => field.made !== undefined).map((field) => <Secret key={`${record.mode} ${field.name}`} record={record} name={field.name} made={field.made!} />)}
          {!called && record.settings['address'] !== undefined && (
            <>
              <h2 className={styles.cardTitle}>{named(say, 'field', 'address')}</h2>
              <p className={styles.code}><code>{record.settings['address']}</code><CopyButton text={record.settings['address']} label={say('copy.address')} /></p>
            </>
          )}
          {record.kind === 'mqtt' && <Topics record={record} />}
          <h2 className={styles.cardTitle}>{say(record.kind === 'email' ? 'steps.email' : record.kind === 'mqtt' ? 'steps.mqtt' : record.kind === 'web_chat' ? 'steps.web_chat' : 'steps')}</h2>
          <ol className={styles.steps}>{stepsOf(say, record.kind, record.mode).map((step) => <li key={step}>{step}</li>)}</ol>
          {record.kind === 'phone' && <SpeechButton />}
        </section>
        <CheckPart record={record} />
      </div>
    </>
  );
}

/** Answers that do not get through (回复失败): since when, and what the platform said. */
function Replies({ record: { health: { replies } } }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { t: why } = replyTexts.useTexts();
  if (replies.failingSince === null || replies.lastFailedAt === null) return null;
  return (
    <p className={styles.alert} data-danger role="alert">
      <Icon name="info" />
      <span>
        {say('replies.failing', { count: replies.failing })} <Ago value={replies.failingSince} />{colon()}{why(reasonKey(replies.failure ?? 'refused'))}
        {replies.failureDetail !== null && <span className={styles.why}>{why('said', { said: replies.failureDetail })}</span>}
      </span>
    </p>
  );
}

/** Where devices publish (主题), as it is spelled for this organization. */
function Topics({ record: { settings } }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { me } = useSession();
  const spelled = (topic: string): string => topic.replaceAll('{tenant}', me.organization.slug).replaceAll('{device}', say('mqtt.device'));
  return (
    <>
      {(['topic', 'statusTopic'] as const).filter((name) => (settings[name] ?? '') !== '').map((name) => (
        <div key={name}>
          <h2 className={styles.cardTitle}>{named(say, 'field', name)}</h2>
          <p className={styles.code}><code>{spelled(settings[name]!)}</code><CopyButton text={settings[name]!.replaceAll('{tenant}', me.organization.slug)} label={say('copy.address')} /></p>
        </div>
      ))}
    </>
  );
}

/** The address to call; a token in it is covered until somebody wants to see it. */
function Address({ address }: { address: string }) {
  const { t: say } = useChannelTexts();
  const [shown, setShown] = useState(false);
  const [plain, token] = address.split('?token=') as [string, string | undefined];
  const known = token !== undefined && token !== '…';
  return (
    <>
      <p className={styles.code}>
        <code>{token === undefined ? plain : shown && known ? address : `${plain}?token=••••••••`}</code>
        {known && <Button type="text" size="small" icon={<Icon name="eye" />} aria-label={say(shown ? 'token.hide' : 'token.show')} aria-pressed={shown} onClick={() => setShown(!shown)} />}
        {(token === undefined || known) && <CopyButton text={address} label={say('copy.address')} />}
      </p>
      {token === '…' && <p className={styles.muted}>{say('token.gone')}</p>}
    </>
  );
}

/** A secret: shown right after it was made up, and replaced by another when it was lost. */
function Secret({ record, name, made: form }: { record: InboundChannel; name: string; made: NonNullable<AccountField['made']> }) {
  const { t: say } = useChannelTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [made, setMade] = useState(madeOf(record.id)[name]);
  const label = fieldName(say, record.kind, name);
  const renew = useMutation({
    mutationFn: async () => {
      const secret = newSecret(form);
      const next = (await api.patch<InboundChannel>(`/channels/${record.id}`, { settings: { ...record.settings, [name]: secret } }, { ifMatch: `"${record.version}"` })).data;
      return { secret, next };
    },
    onSuccess: ({ secret, next }) => {
      keepMade(record.id, { [name]: secret });
      setMade(secret);
      queryClient.setQueryData(channel(record.id).queryKey, next);
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <div className={styles.secret} role="group" aria-label={label}>
      <h2 className={styles.cardTitle}>{label}</h2>
      {made !== undefined && (
        <>
          <p className={styles.code} data-secret><code>{made}</code><CopyButton text={made} label={say('copy.secret', { name: label })} /></p>
          <p className={styles.once}>{say('secret.once')}</p>
        </>
      )}
      {made === undefined && (
        <p className={styles.line}>
          <span className={styles.muted}>•••••••• {say('secret.kept')}</span>
          <Popconfirm title={say('secret.renew')} description={say('secret.renewSure')} okText={say('secret.renew')} cancelText={say('settings.cancel')} onConfirm={() => renew.mutate()}>
            <Button size="small" loading={renew.isPending}>{say('secret.renew')}</Button>
          </Popconfirm>
        </p>
      )}
    </div>
  );
}

/** As the server makes them up: `token`, a key of Standard Webhooks, or so many letters and digits. */
function newSecret(form: NonNullable<AccountField['made']>): string {
  if (typeof form === 'number') {
    const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    // Of what a byte may say, as much as divides evenly: each sign is as likely as the others.
    const bytes = [...crypto.getRandomValues(new Uint8Array(form * 4))].filter((byte) => byte < signs.length * 4);
    return bytes.slice(0, form).map((byte) => signs[byte % signs.length]).join('');
  }
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(form === 'signing' ? 32 : 24))));
  return form === 'signing' ? `whsec_${text}` : text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

import type { InboundChannel } from '../../../contract/channel.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** What a website takes over to hold the chat (安装代码). */
export function ChatInstall({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { origin } = new URL(record.url);
  const token = record.url.slice(record.url.lastIndexOf('/') + 1);
  const snippet = (more: string): string => `<script async src="${origin}/chat/v1.js" data-channel="${token}"${more}></script>`;
  return (
    <>
      {(record.settings['origins'] ?? '') === '' && <p className={styles.alert} role="status"><Icon name="info" /><span>{say('chat.nobody')}</span></p>}
      <h2 className={styles.cardTitle}>{say('chat.install')}</h2>
      <p className={styles.muted}>{say('chat.installHint')}</p>
      <p className={styles.code}><code>{snippet('')}</code><CopyButton text={snippet('')} label={say('copy.snippet')} /></p>
      <h2 className={styles.cardTitle}>{say('chat.form')}</h2>
      <p className={styles.muted}>{say('chat.formHint')}</p>
      <p className={styles.code}><code>{snippet(' data-mode="form"')}</code><CopyButton text={snippet(' data-mode="form"')} label={say('copy.snippet')} /></p>
      <h2 className={styles.cardTitle}>{say('chat.link')}</h2>
      <p className={styles.muted}><a href={record.url} target="_blank" rel="noopener noreferrer">{say('chat.open')}</a></p>
      <p className={styles.code}><code>{record.url}</code><CopyButton text={record.url} label={say('copy.link')} /></p>
    </>
  );
}

import { useRef, useState } from 'preact/hooks';
import type { PortalHome } from '../../../contract/portal.ts';
import { Icon } from '../parts/icons.tsx';
import { sentReports } from '../storage.ts';
import { say } from '../texts/say.ts';

/** The request has arrived: its number and the way to follow it (提交成功). */
export function Sent({ home, token }: { home: PortalHome; token: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const link = useRef<HTMLInputElement>(null);
  const path = `/t/${encodeURIComponent(token)}`;
  const url = `${location.origin}${path}`;
  const number = sentReports(home.organization.slug).find((report) => report.token === token)?.number ?? '';

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(url);
      setCopied('yes');
    } catch {
      // Old web views, and pages without HTTPS, have only the older way.
      link.current?.focus();
      link.current?.select();
      setCopied(document.execCommand('copy') ? 'yes' : 'failed');
    }
  }

  return (
    <div class="sent">
      <span class="sent-mark"><Icon name="check" size={40} /></span>
      <h1 tabIndex={-1}>{say('sent.title')}</h1>
      {number !== '' && (
        <p class="sent-number">
          {say('sent.number')}
          <strong>{number}</strong>
        </p>
      )}
      <p class="sent-lead">{say('sent.lead')}</p>
      <a class="button button-main button-wide" href={path}>{say('sent.follow')}</a>
      <div class="sent-link">
        <input ref={link} class="input" readOnly value={url} aria-label={say('sent.copy')} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name={copied === 'yes' ? 'check' : 'copy'} size={20} />
          {copied === 'yes' ? say('sent.copied') : say('sent.copy')}
        </button>
      </div>
      <p class="field-hint" role="status">{copied === 'failed' ? say('sent.copyFailed') : copied === 'yes' ? say('sent.copied') : ''}</p>
      <nav class="sent-more" aria-label={say('frame.home')}>
        <a href="#home">{say('sent.again')}</a>
        <a href="#mine">{say('frame.mine')}</a>
      </nav>
    </div>
  );
}

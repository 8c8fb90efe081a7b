import { useState } from 'react';
import { formatDuration, formatTime } from '../../ui/time.ts';
import { useBoard, useSession, useSync } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { hrefTo } from '../router.ts';
import { SignInScreen } from '../screens/sign-in.tsx';

/** Seconds from which a wrong clock is worth a word. */
const wrongClockSeconds = 180;

/** How things stand with the server, said honestly (同步状态): shown only when there is something to say. */
export function SyncLine() {
  const { t, language } = useTexts();
  const session = useSession();
  const board = useBoard();
  const sync = useSync();
  const [signingIn, setSigningIn] = useState(false);

  const refused = board?.commands.filter((command) => command.state === 'refused') ?? [];
  const known = [...board?.current ?? [], ...board?.done ?? []].some(({ visit }) => visit.id === refused[0]?.visitId);
  // What stands behind a refused step of its visit does not go out by itself.
  const held = new Set(refused.map((command) => command.visitId));
  const waiting = board?.commands.filter((command) => command.state === 'waiting' && !held.has(command.visitId)).length ?? 0;
  const ended = session.kind === 'open' && session.ended;

  if (ended && signingIn) return <SignInScreen again={session.staff} onClose={() => setSigningIn(false)} />;

  const lines: { tone: 'quiet' | 'warning' | 'danger'; text: string; link?: string }[] = [];
  if (refused[0] !== undefined) {
    lines.push({ tone: 'danger', text: t('sync.refused', { count: refused.length }), link: hrefTo(refused.length === 1 && known ? { screen: 'job', visitId: refused[0].visitId } : { screen: 'unsent' }) });
  }
  if (ended) {
    lines.push({ tone: 'warning', text: t('sync.ended') });
  } else if (!sync.reachable) {
    const parts = [sync.fetchedAt === null ? t('sync.offlineNever') : t('sync.offlineAt', { time: formatTime(sync.fetchedAt, language) })];
    if (waiting > 0) parts.push(t('sync.waiting', { count: waiting }));
    for (const text of parts) lines.push({ tone: 'warning', text });
  } else if (waiting > 0) {
    lines.push({ tone: 'quiet', text: sync.sending ? t('sync.sending', { count: waiting }) : t('sync.waitingOnline', { count: waiting }) });
  } else if (sync.problem !== null) {
    lines.push({ tone: 'warning', text: sync.problem.title });
  }

  if (Math.abs(sync.clockBehind) >= wrongClockSeconds) {
    lines.push({ tone: 'warning', text: t(sync.clockBehind > 0 ? 'sync.clockBehind' : 'sync.clockAhead', { by: formatDuration(Math.abs(sync.clockBehind) * 1_000, language) }) });
  }

  return (
    <div className="sync" role="status">
      {lines.map(({ tone, text, link }) =>
        link === undefined ? (
          <p key={text} className={`sync-line sync-${tone}`}>
            <span className="sync-dot" aria-hidden="true" />
            {text}
            {ended && tone === 'warning' && (
              <button type="button" className="banner-button" onClick={() => setSigningIn(true)}>
                {t('sync.signIn')}
              </button>
            )}
          </p>
        ) : (
          <a key={text} className={`sync-line sync-${tone}`} href={link}>
            <span className="sync-dot" aria-hidden="true" />
            {text}
          </a>
        ),
      )}
    </div>
  );
}

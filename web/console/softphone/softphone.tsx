import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect, useState, type FormEvent } from 'react';
import { callLimits, type Softphone as Settings } from '../../../contract/call.ts';
import { api } from '../../ui/api.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { LineControls } from './line-controls.tsx';
import { dialled, useLine, type OpenLine } from './line-door.ts';
import { useOneTab } from './one-tab.ts';
import { openLine } from './open-line.ts';
import { useSoftphoneTexts } from './texts.ts';
import { useMicrophone } from './use-microphone.ts';
import { useRinging } from './use-ringing.ts';
import styles from './softphone.module.css';

const newsFor = 10_000;

// Both are there in every browser of today, on https.
const canBe = (): boolean => 'locks' in navigator && navigator.mediaDevices !== undefined && 'RTCPeerConnection' in window;

/**
 * One's browser as a telephone (软电话面板): a line below what pops up, with how the line stands, and what is on it.
 *
 * @param props.docked the call on the line has its card above, and is answered there
 */
export function Softphone({ docked }: { docked: boolean }) {
  const { t: say } = useSoftphoneTexts();
  if (!canBe()) return <section className={styles.bar} aria-label={say('title')}><Stand kind="failed" words={say('why.browser')} /></section>;
  return <Bar docked={docked} />;
}

function Bar({ docked }: { docked: boolean }) {
  const { t: say } = useSoftphoneTexts();
  const { me } = useSession();
  const open = useLine();
  const call = open?.state.call ?? null;
  const { here, busyElsewhere, take } = useOneTab(`bihuan-softphone-${me.id}`, call !== null);
  const [turn, setTurn] = useState(0);
  const settings = useQuery({ queryKey: ['telephone', 'softphone', turn], queryFn: async ({ signal }) => (await api.get<Settings>('/telephone/softphone', { signal })).data, enabled: here, staleTime: Infinity, gcTime: 0, retry: false });
  const given = here ? settings.data : undefined;
  useEffect(() => {
    if (given === undefined) return undefined;
    const line = openLine(given);
    const leave = (): void => line.stop();
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      line.stop();
    };
  }, [given]);
  useRinging(call?.direction === 'inbound' && call.state === 'ringing');
  const talks = call !== null;
  useEffect(() => {
    if (!talks) return undefined;
    // Leaving the page ends the call: the browser asks first.
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [talks]);

  if (!here) {
    return (
      <section className={styles.bar} aria-label={say('title')}>
        <Stand kind="connecting" words={say(busyElsewhere ? 'take.busy' : 'is.elsewhere')} />
        {!busyElsewhere && <Button size="small" onClick={take}>{say('take')}</Button>}
      </section>
    );
  }
  const again = <Button size="small" onClick={() => setTurn((before) => before + 1)}>{say('retry')}</Button>;
  if (settings.isError) return <section className={styles.bar} aria-label={say('title')}><Stand kind="failed" words={say('why.setting')} />{again}</section>;
  const registration = open?.state.registration ?? { is: 'connecting' as const };
  return (
    <section className={styles.panel} aria-label={say('title')}>
      {call !== null && !docked && <LineControls />}
      <Asks docked={docked} open={open} />
      <div className={styles.foot}>
        {registration.is === 'failed' ? <Stand kind="failed" words={say(`why.${registration.why}`, { detail: registration.detail })} /> : <Stand kind={registration.is} words={say(call?.state === 'talking' && registration.is === 'ready' ? 'is.talking' : `is.${registration.is}`)} />}
        {registration.is === 'failed' && again}
        {registration.is === 'ready' && !talks && open !== null && <Dial open={open} />}
      </div>
    </section>
  );
}

function Stand({ kind, words }: { kind: 'connecting' | 'ready' | 'failed'; words: string }) {
  const { t: say } = useSoftphoneTexts();
  return <p className={styles.standing} role="status" data-kind={kind}><span className={styles.light} /><b>{say('title')}</b> {words}</p>;
}

/** What somebody has to know or do: why the microphone is asked for, what became of a call. */
function Asks({ docked, open }: { docked: boolean; open: OpenLine | null }) {
  const { t: say } = useSoftphoneTexts();
  const microphone = useMicrophone();
  const news = open?.state.news ?? null;
  const [read, setRead] = useState<typeof news>(null);
  useEffect(() => {
    // What went well is soon no news any more; what did not stays until the next call.
    if (news?.what !== 'handed_on') return undefined;
    const timer = setTimeout(() => setRead(news), newsFor);
    return () => clearTimeout(timer);
  }, [news]);
  return (
    <>
      {microphone.state === 'prompt' && open?.state.listened !== true && <div className={styles.ask}><p>{say('microphone.why')}</p>{!docked && <Button size="small" onClick={microphone.ask}>{say('microphone.allow')}</Button>}</div>}
      {microphone.state === 'denied' && <p className={styles.problem} role="alert">{say('microphone.denied')}</p>}
      {news !== null && news !== read && <p className={news.what === 'handed_on' ? styles.well : styles.problem} role="alert">{say(`news.${news.what}`, { detail: news.detail })}</p>}
    </>
  );
}

/** A number is typed and called (拨号). */
function Dial({ open: { line } }: { open: OpenLine }) {
  const { t: say } = useSoftphoneTexts();
  const [shown, setShown] = useState(false);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const number = dialled(text);
    setWrong(number === null);
    if (number === null) return;
    line.dial(number);
    setText('');
    setShown(false);
  };
  if (!shown) return <Button size="small" icon={<Icon name="phone" size={14} />} onClick={() => setShown(true)}>{say('dial.open')}</Button>;
  return (
    <form className={styles.dial} onSubmit={submit}>
      <Input
        autoFocus size="small" inputMode="tel" value={text} maxLength={callLimits.extension} aria-label={say('dial.number')} placeholder={say('dial.number')} status={wrong ? 'error' : ''} aria-invalid={wrong}
        onChange={(event) => { setText(event.target.value); setWrong(false); }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setShown(false);
        }}
      />
      <Button size="small" type="primary" htmlType="submit" disabled={text.trim() === ''}>{say('dial.call')}</Button>
      <Button size="small" type="text" icon={<Icon name="close" size={12} />} aria-label={say('dial.close')} onClick={() => setShown(false)} />
      {wrong && <p className={styles.problem} role="alert">{say('dial.form')}</p>}
    </form>
  );
}

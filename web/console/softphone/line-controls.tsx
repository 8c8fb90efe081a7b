import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { Colleagues } from '../../../contract/call.ts';
import { api } from '../../ui/api.ts';
import { lengthOf } from '../calls/words.ts';
import { Icon } from '../parts/icon.tsx';
import { useLine, type Line, type LineCall } from './line-door.ts';
import { useSoftphoneTexts } from './texts.ts';
import styles from './softphone.module.css';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/**
 * What can be done with the call on the line (通话按键): taken, muted, held, handed on, ended. Nothing where there is none.
 *
 * @param props.docked it stands in the card of the call, which says who it is
 */
export function LineControls({ docked = false }: { docked?: boolean }) {
  const open = useLine();
  if (open === null || open.state.call === null) return null;
  return <Controls line={open.line} call={open.state.call} docked={docked} />;
}

function Controls({ line, call, docked }: { line: Line; call: LineCall; docked: boolean }) {
  const { t: say } = useSoftphoneTexts();
  const [part, setPart] = useState<'keys' | 'handOn' | null>(null);
  const talks = call.state === 'talking';
  const rings = call.direction === 'inbound' && call.state === 'ringing';
  const words = call.handingOn ? say('handing') : talks ? say(call.held ? 'holding' : 'talking') : call.state === 'connecting' ? say('connecting') : say(call.direction === 'inbound' ? 'incoming' : 'calling');
  const toggle = (next: 'keys' | 'handOn'): void => setPart(part === next ? null : next);
  return (
    <section className={styles.controls} aria-label={say('title')} data-rings={rings || undefined}>
      {(!docked || call.held || call.handingOn) && <p className={styles.stand} role="status"><span>{words}</span>{!docked && <bdi className={styles.who}>{call.who}</bdi>}{!docked && call.since !== null && <Since from={call.since} />}</p>}
      <div className={styles.deeds}>
        {rings && <Button type="primary" icon={<Icon name="phone" size={14} />} onClick={line.answer}>{say('answer')}</Button>}
        {rings && <Button danger icon={<Icon name="close" size={14} />} onClick={line.decline}>{say('decline')}</Button>}
        {talks && <Button size="small" type={call.muted ? 'primary' : 'default'} aria-pressed={call.muted} onClick={() => line.mute(!call.muted)}>{say('mute')}</Button>}
        {talks && <Button size="small" type={call.held ? 'primary' : 'default'} aria-pressed={call.held} onClick={() => line.hold(!call.held)}>{say('hold')}</Button>}
        {talks && <Button size="small" aria-expanded={part === 'keys'} onClick={() => toggle('keys')}>{say('keys')}</Button>}
        {talks && <Button size="small" aria-expanded={part === 'handOn'} onClick={() => toggle('handOn')}>{say('handOn')}</Button>}
        {!rings && <Button size={talks ? 'small' : 'middle'} danger type="primary" onClick={line.hangUp}>{say('hangUp')}</Button>}
      </div>
      {talks && part === 'keys' && <Keys onPress={line.press} />}
      {talks && part === 'handOn' && <HandOn busy={call.handingOn} onChoose={line.handOn} />}
    </section>
  );
}

function Since({ from }: { from: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span className={styles.since} aria-hidden="true">{lengthOf(Math.max(0, (now - from) / 1_000))}</span>;
}

/** The keys of a telephone (拨号键盘), pressed here or typed. */
function Keys({ onPress }: { onPress: (key: string) => void }) {
  const { t: say } = useSoftphoneTexts();
  const [pressed, setPressed] = useState('');
  const press = (key: string): void => {
    onPress(key);
    setPressed((before) => `${before}${key}`.slice(-20));
  };
  return (
    <div
      role="group" aria-label={say('keys')} className={styles.pad}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !(keys as readonly string[]).includes(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
        press(event.key);
      }}
    >
      {keys.map((key, index) => <Button key={key} autoFocus={index === 0} aria-label={say('key', { key })} onClick={() => press(key)}>{key}</Button>)}
      <p className={styles.pressed} role="status">{pressed === '' ? '' : say('keys.pressed', { keys: pressed })}</p>
    </div>
  );
}

/** Whom a call is handed on to (转接): a colleague by name or extension. */
function HandOn({ busy, onChoose }: { busy: boolean; onChoose: (extension: string) => void }) {
  const { t: say } = useSoftphoneTexts();
  const colleagues = useQuery({ queryKey: ['telephone', 'colleagues'], queryFn: async ({ signal }) => (await api.get<Colleagues>('/telephone/colleagues', { signal })).data.items, staleTime: 60_000 });
  const [extension, setExtension] = useState<string | null>(null);
  return (
    <div className={styles.handOn}>
      <Select
        autoFocus showSearch={{ optionFilterProp: 'label' }} className={styles.whom} aria-label={say('handOn.whom')} placeholder={say('handOn.place')} loading={colleagues.isPending} value={extension} onChange={setExtension}
        notFoundContent={colleagues.data === undefined ? null : say('handOn.none')} options={(colleagues.data ?? []).map((one) => ({ value: one.extension, label: `${one.name} ${one.extension}` }))}
      />
      <Button type="primary" loading={busy} disabled={extension === null} onClick={() => extension !== null && onChoose(extension)}>{say('handOn.do')}</Button>
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { speechSetting } from './data.ts';
import { useCallTexts } from './texts.ts';
import styles from './calls.module.css';

const SpeechSettingDrawer = lazy(async () => ({ default: (await import('./speech-setting.tsx')).SpeechSettingDrawer }));

/** Says whether recordings are written down, and where that is set up (语音转写入口). */
export function SpeechButton() {
  const { t: say } = useCallTexts();
  const [open, setOpen] = useState(false);
  const ready = useQuery(speechSetting).data?.ready;
  return (
    <p className={styles.speech}>
      <Button size="small" icon={<Icon name="settings" size={14} />} onClick={() => setOpen(true)}>{say('speech.set')}</Button>
      {ready !== undefined && <span className={styles.muted}>{say(ready ? 'speech.on' : 'speech.off')}</span>}
      {open && <Suspense><SpeechSettingDrawer onClose={() => setOpen(false)} /></Suspense>}
    </p>
  );
}

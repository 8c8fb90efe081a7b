import { Button, Dropdown } from 'antd';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../../i18n.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Selection } from '../selection.ts';
import { useBulkChoices, type BulkChoice } from './bulk-choices.ts';
import styles from './bulk.module.css';

/** So many stand in the bar; the others are behind “more”. */
const inBar = { wide: 9, narrow: 0 } as const;

/** What can be done to what is chosen (批量操作栏), at the foot of the list. */
export function BulkBar({ selection, narrow, wholeOffered, onAct }: { selection: Selection; narrow: boolean; wholeOffered: boolean; onAct: (choice: BulkChoice) => void }) {
  const { t } = useTexts();
  const choices = useBulkChoices();
  const bar = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<number>(inBar.wide);
  useLayoutEffect(() => {
    // As many as fit, one by one: what they take depends on the language and on the pane beside the list.
    if (!narrow && bar.current !== null && bar.current.scrollWidth > bar.current.clientWidth && room > 0) setRoom(room - 1);
  }, [room, narrow, choices.length, selection.ids.size, selection.all]);
  useEffect(() => {
    const frame = bar.current?.parentElement;
    if (frame == null) return;
    let width = frame.clientWidth;
    const observer = new ResizeObserver(() => {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      setRoom(inBar.wide);
    });
    observer.observe(frame);
    return () => observer.disconnect();
  }, []);
  const shown = choices.slice(0, narrow ? inBar.narrow : room);
  const others = choices.slice(shown.length);
  return (
    <div ref={bar} className={styles.bar} role="toolbar" aria-label={t('bulk.label')} data-narrow={narrow || undefined}>
      <span className={styles.chosen} role="status">{selection.all ? t('bulk.allSelected') : t('bulk.selected', { count: selection.ids.size })}</span>
      {!selection.all && wholeOffered && !narrow && <Button type="link" size="small" onClick={selection.chooseAll}>{t('bulk.selectAll')}</Button>}
      <span className={styles.space} />
      {shown.map((choice) => (
        <Button key={choice.kind} size="small" icon={<Icon name={choice.icon} size={14} />} onClick={() => onAct(choice)} title={choice.keys === undefined ? t(choice.text) : `${t(choice.text)}  ${choice.keys}`} aria-keyshortcuts={choice.keys}>
          {t(choice.text)}
        </Button>
      ))}
      {others.length > 0 && (
        <Dropdown
          trigger={['click']} placement="topRight"
          menu={{ items: [
            ...(narrow && wholeOffered && !selection.all ? [{ key: 'all', label: t('bulk.selectAll'), onClick: selection.chooseAll }, { type: 'divider' as const }] : []),
            ...others.map((choice) => ({ key: choice.kind, icon: <Icon name={choice.icon} />, label: t(choice.text), danger: choice.danger, onClick: () => onAct(choice) })),
          ] }}
        >
          <Button size="small" type={narrow ? 'primary' : 'default'} aria-haspopup="menu">{narrow ? t('bulk.label') : t('bulk.more')}</Button>
        </Dropdown>
      )}
      <Button size="small" type="text" icon={<Icon name="close" size={14} />} aria-label={t('bulk.clear')} title={t('bulk.clear')} onClick={selection.clear} />
    </div>
  );
}

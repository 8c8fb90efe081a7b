import { Button, Dropdown } from 'antd';
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
  const shown = choices.slice(0, narrow ? inBar.narrow : inBar.wide);
  const others = choices.slice(shown.length);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('bulk.label')} data-narrow={narrow || undefined}>
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

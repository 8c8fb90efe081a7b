import { Modal } from 'antd';
import { useTexts, type TextKey } from '../i18n.ts';
import { useOverlays } from './overlay-context.ts';
import styles from './keys-help.module.css';

const groups: { title: TextKey; keys: [string, TextKey][] }[] = [
  { title: 'keys.everywhere', keys: [['Ctrl K', 'keys.commands'], ['/', 'keys.search'], ['C', 'keys.create'], ['?', 'keys.help']] },
  { title: 'keys.lists', keys: [['J', 'keys.next'], ['K', 'keys.previous'], ['Enter', 'keys.open'], ['X', 'keys.select'], ['Shift X', 'keys.selectRange'], ['I', 'keys.take'], ['A', 'keys.assign'], ['T', 'keys.transfer'], ['R', 'keys.reply'], ['M', 'keys.note'], ['E', 'keys.resolve'], ['Shift E', 'keys.close'], ['#', 'keys.tag'], ['P', 'keys.priority'], ['G', 'keys.category'], ['Esc', 'keys.closePane']] },
  {
    title: 'keys.ticket',
    keys: [['J', 'keys.next'], ['K', 'keys.previous'], ['R', 'keys.reply'], ['M', 'keys.note'], ['I', 'keys.take'], ['A', 'keys.assign'], ['E', 'keys.resolve'], ['S', 'keys.status'], ['Ctrl Enter', 'keys.send']],
  },
];

/** The list of keys (快捷键一览). */
export function KeysHelp() {
  const { t } = useTexts();
  const overlays = useOverlays();
  return (
    <Modal open title={t('keys.title')} footer={null} onCancel={overlays.close} width={820}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{t(group.title)}</h3>
            <dl className={styles.keys}>
              {group.keys.map(([keys, text]) => (
                <div key={keys} className={styles.key}>
                  <dt>{t(text)}</dt>
                  <dd>
                    {keys.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

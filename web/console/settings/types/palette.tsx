import { Input } from 'antd';
import { useRef, useState } from 'react';
import type { FieldKind } from '../../../../rules/forms/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { useTexts } from '../../i18n.ts';
import { useSettingsTexts } from '../settings-texts.ts';
import { useDraggable } from './dragging.ts';
import { kindName } from './edit-form.ts';
import { KindIcon } from './kind-icon.tsx';
import styles from './designer.module.css';

const groups = [
  { text: 'designer.groupBasic', kinds: ['text', 'long_text', 'number', 'money', 'date', 'time', 'date_time', 'boolean'] },
  { text: 'designer.groupChoice', kinds: ['choice', 'choices', 'tree'] },
  { text: 'designer.groupReference', kinds: ['person', 'customer', 'asset', 'place'] },
  { text: 'designer.groupAdvanced', kinds: ['file', 'signature', 'formula', 'table'] },
] as const satisfies readonly { text: `designer.${string}`; kinds: readonly FieldKind[] }[];

/** The kinds of fields there are (字段面板): dragged into the form, or put there by a click. */
export function Palette({ onAdd }: { onAdd: (kind: FieldKind) => void }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toLowerCase();
  const fits = (kind: FieldKind): boolean => wanted === '' || [kindName(kind).zh, kindName(kind).en ?? '', kind].some((name) => name.toLowerCase().includes(wanted));
  return (
    <nav className={styles.palette} aria-label={say('designer.palette')}>
      <Input size="small" allowClear aria-label={say('designer.searchKinds')} placeholder={say('designer.searchKinds')} value={typed} onChange={(event) => setTyped(event.target.value)} />
      {groups.map((group) => {
        const kinds = group.kinds.filter(fits);
        return kinds.length === 0 ? null : (
          <section key={group.text}>
            <h2>{say(group.text)}</h2>
            <div className={styles.kinds}>
              {kinds.map((kind) => <KindButton key={kind} kind={kind} name={wordsIn(kindName(kind), language)} onAdd={() => onAdd(kind)} />)}
            </div>
          </section>
        );
      })}
      <p className={styles.hint}>{say('designer.paletteHint')}</p>
    </nav>
  );
}

function KindButton({ kind, name, onAdd }: { kind: FieldKind; name: string; onAdd: () => void }) {
  const element = useRef<HTMLButtonElement>(null);
  const dragging = useDraggable(element, { kind });
  return (
    <button ref={element} type="button" className={styles.kind} data-dragging={dragging || undefined} onClick={onAdd}>
      <KindIcon kind={kind} />
      {name}
    </button>
  );
}

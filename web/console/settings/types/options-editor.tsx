import { Button, Dropdown, Input, Modal } from 'antd';
import { useState } from 'react';
import type { TreeOption, Words } from '../../../../rules/forms/form.ts';
import { Icon } from '../../parts/icon.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { freeKey, optionKeys, patched } from './edit-form.ts';
import styles from './designer.module.css';

const colors = ['#c5221f', '#b45309', '#12692f', '#0a6274', '#1a56db', '#6b3fa0', '#485163'];

type Props = {
  options: readonly TreeOption[];
  isTree: boolean;
  /** Keys of options that were published: those are retired rather than removed. */
  published: ReadonlySet<string>;
  onChange: (options: TreeOption[]) => void;
};

/** The options of a field (选项): named, ordered, coloured, retired; one below another in a tree. */
export function OptionsEditor({ options, isTree, published, onChange }: Props) {
  const { t: say } = useSettingsTexts();
  const [pasting, setPasting] = useState<string | null>(null);
  const all = optionKeys(options);
  const made = (label: Words, taken: readonly string[]): TreeOption => ({ key: freeKey('option', taken), label });

  function addMany(): void {
    const taken = [...all];
    const added = (pasting ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(0, 500).map((line) => {
      const [zh = '', en] = line.split(/[|｜]/).map((part) => part.trim().slice(0, 100));
      const option = made({ zh, ...(en ? { en } : {}) }, taken);
      taken.push(option.key);
      return option;
    });
    onChange([...options, ...added]);
    setPasting(null);
  }

  return (
    <div className={styles.optionList}>
      <Branch options={options} depth={1} isTree={isTree} published={published} taken={all} onChange={onChange} />
      <div className={styles.conditionFoot}>
        <Button type="text" size="small" icon={<Icon name="plus" size={14} />} onClick={() => onChange([...options, made({ zh: `选项 ${options.length + 1}`, en: `Option ${options.length + 1}` }, all)])}>{say('options.add')}</Button>
        <Button type="link" size="small" onClick={() => setPasting('')}>{say('options.paste')}</Button>
      </div>
      <Modal open={pasting !== null} title={say('options.paste')} onCancel={() => setPasting(null)} onOk={addMany} okText={say('options.add')} destroyOnHidden>
        <p className={styles.hint}>{say('options.pasteHint')}</p>
        <Input.TextArea aria-label={say('options.paste')} autoFocus autoSize={{ minRows: 6, maxRows: 16 }} value={pasting ?? ''} onChange={(event) => setPasting(event.target.value)} />
      </Modal>
    </div>
  );
}

function Branch({ options, depth, isTree, published, taken, onChange }: { options: readonly TreeOption[]; depth: number; isTree: boolean; published: ReadonlySet<string>; taken: readonly string[]; onChange: (options: TreeOption[]) => void }) {
  const { t: say } = useSettingsTexts();
  const set = (index: number, patch: Readonly<Record<string, unknown>>): void => onChange(options.map((option, at) => (at === index ? patched(option, patch) : option)));
  const move = (index: number, by: -1 | 1): void => {
    const next = [...options];
    [next[index], next[index + by]] = [next[index + by]!, next[index]!];
    onChange(next);
  };
  return (
    <ul className={depth === 1 ? styles.options : styles.optionsBelow}>
      {options.map((option, index) => (
        <li key={option.key}>
          <div className={styles.option} data-retired={option.retired || undefined}>
            <Dropdown
              trigger={['click']}
              menu={{
                selectedKeys: [option.color ?? ''],
                items: [...colors.map((color) => ({ key: color, label: <span className={styles.swatch} style={{ background: color }} /> })), { key: '', label: say('options.noColor') }],
                onClick: ({ key }) => set(index, { color: key === '' ? undefined : key }),
              }}
            >
              <button type="button" className={styles.colorButton} aria-label={say('options.color')}><span className={styles.swatch} style={{ background: option.color ?? 'transparent' }} data-none={option.color === undefined || undefined} /></button>
            </Dropdown>
            <Input size="small" aria-label={say('options.name')} value={option.label.zh} maxLength={100} onChange={(event) => set(index, { label: { ...option.label, zh: event.target.value } })} />
            <Input size="small" aria-label={say('options.nameEn')} placeholder={say('options.nameEn')} value={option.label.en ?? ''} maxLength={100} onChange={(event) => set(index, { label: patched(option.label, { en: event.target.value === '' ? undefined : event.target.value }) })} />
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'up', label: say('designer.moveUp'), disabled: index === 0 },
                  { key: 'down', label: say('designer.moveDown'), disabled: index === options.length - 1 },
                  ...(isTree && depth < 5 ? [{ key: 'below', label: say('options.addBelow') }] : []),
                  { key: 'retire', label: option.retired ? say('options.unretire') : say('options.retire') },
                  { key: 'remove', label: say('designer.remove'), danger: true, disabled: optionKeys([option]).some((key) => published.has(key)) },
                  { key: 'key', label: <span className={styles.mono}>{option.key}</span>, disabled: true },
                ],
                onClick: ({ key }) => {
                  if (key === 'up') move(index, -1);
                  else if (key === 'down') move(index, 1);
                  else if (key === 'below') set(index, { children: [...(option.children ?? []), { key: freeKey('option', taken), label: { zh: '下级', en: 'Entry' } }] });
                  else if (key === 'retire') set(index, { retired: option.retired ? undefined : true });
                  else if (key === 'remove') onChange(options.filter((_, at) => at !== index));
                },
              }}
            >
              <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={`${say('options.details')} ${option.label.zh}`} />
            </Dropdown>
          </div>
          {option.retired && <p className={styles.hint}>{say('options.retired')}</p>}
          {option.children !== undefined && option.children.length > 0 && <Branch options={option.children} depth={depth + 1} isTree={isTree} published={published} taken={taken} onChange={(children) => set(index, { children: children.length === 0 ? undefined : children })} />}
        </li>
      ))}
    </ul>
  );
}

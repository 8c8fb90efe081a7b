import { Button, Dropdown, Input } from 'antd';
import { useRef } from 'react';
import type { TextAreaRef } from 'antd/es/input/TextArea.js';
import { variables } from '../../../rules/text/variables.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import own from './macro-steps.module.css';

type Props = { id?: string; label?: string; value?: string; onChange?: (text: string) => void; rows?: number; maxLength?: number; placeholder?: string };

/** A text with variables (带变量的文本): they are chosen by what they mean, and stand where the cursor was. */
export function VariableText({ id, label, value = '', onChange = () => {}, rows = 3, maxLength = 20_000, placeholder }: Props) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const area = useRef<TextAreaRef>(null);
  function insert(name: string): void {
    const box = area.current?.resizableTextArea?.textArea;
    const from = box?.selectionStart ?? value.length;
    const to = box?.selectionEnd ?? value.length;
    const put = `{{${name}}}`;
    onChange(`${value.slice(0, from)}${put}${value.slice(to)}`);
    setTimeout(() => {
      box?.focus();
      box?.setSelectionRange(from + put.length, from + put.length);
    });
  }
  return (
    <div className={own.text}>
      <Input.TextArea ref={area} id={id} aria-label={label} placeholder={placeholder} autoSize={{ minRows: rows, maxRows: 14 }} maxLength={maxLength} value={value} onChange={(event) => onChange(event.target.value)} />
      <Dropdown
        trigger={['click']}
        menu={{
          className: own.variables,
          items: Object.entries(variables).map(([name, words]) => ({ key: name, label: <span className={own.variable}>{words[language === 'en' ? 'en' : 'zh']}<code>{`{{${name}}}`}</code></span> })),
          onClick: ({ key }) => insert(key),
        }}
      >
        <Button size="small" type="text" icon={<Icon name="plus" size={12} />} aria-haspopup="menu">{say('variables.insert')}</Button>
      </Dropdown>
    </div>
  );
}

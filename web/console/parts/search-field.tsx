import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

type Props = { value: string | undefined; onChange: (words: string | undefined) => void; placeholder: string; className?: string; id?: string };

/** Words to search by (搜索框), told once one pauses; it follows when the address changes by itself. */
export function SearchField({ value, onChange, placeholder, className, id }: Props) {
  const [typed, setTyped] = useState(value ?? '');
  const [sent, setSent] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== sent) {
    setSent(value);
    setTyped(value ?? '');
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  function type(text: string): void {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const words = text.trim() === '' ? undefined : text.trim();
      setSent(words);
      onChange(words);
    }, 220);
  }

  return (
    <Input
      id={id}
      className={className}
      variant="filled"
      prefix={<Icon name="search" />}
      placeholder={placeholder}
      aria-label={placeholder}
      value={typed}
      maxLength={200}
      allowClear
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

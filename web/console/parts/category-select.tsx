import { useQuery } from '@tanstack/react-query';
import { Cascader, type CascaderProps } from 'antd';
import { useRef, useState } from 'react';
import { categories } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { categoryOptions, categoryPath } from './category-tree.ts';

type Props = {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  placeholder: string;
  /** Shows the whole path, or its last name where there is little room. */
  wholePath?: boolean;
} & Pick<CascaderProps, 'id' | 'className' | 'size' | 'variant' | 'allowClear' | 'autoFocus'>;

/** Chooses a category of any level (选择分类). Going down the tree is not choosing: that is told when the tree closes. */
export function CategorySelect({ value, onChange, placeholder, wholePath = false, ...looks }: Props) {
  const { t, language } = useTexts();
  const tree = useQuery(categories);
  const [picked, setPicked] = useState<{ id: string | undefined } | null>(null);
  // What is found by searching is picked and closes the tree in one go, before anything is drawn again.
  const latest = useRef<{ id: string } | null>(null);
  const shown = picked === null ? value : picked.id;

  function settle(): void {
    const last = latest.current;
    latest.current = null;
    setPicked(null);
    if (last !== null && last.id !== value) onChange(last.id);
  }

  return (
    <Cascader
      {...looks}
      aria-label={t('filter.category')}
      placeholder={placeholder}
      changeOnSelect
      showSearch
      displayRender={(labels) => (wholePath ? labels.join(' / ') : labels.at(-1))}
      options={categoryOptions(tree.data ?? [], language)}
      value={shown === undefined ? undefined : categoryPath(tree.data ?? [], shown)}
      onChange={(path) => {
        const id = path?.at(-1)?.toString();
        if (id === undefined) onChange(undefined);
        else {
          latest.current = { id };
          setPicked({ id });
        }
      }}
      onOpenChange={(open) => {
        if (!open) settle();
      }}
    />
  );
}

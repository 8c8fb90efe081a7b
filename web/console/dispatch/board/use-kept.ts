import { useState } from 'react';
import { read, write } from '../../data/drafts.ts';

/** A choice of the reader’s that stays on this device (本机记住的选择). */
export function useKept<Value extends number | boolean>(name: string, usual: Value): [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => read<Value>(name) ?? usual);
  return [value, (next) => {
    setValue(next);
    write(name, next);
  }];
}

import { useEffect, useState } from 'react';

/** A value that follows another once it has rested for `delay` milliseconds. */
export function useDebounced<Value>(value: Value, delay = 220): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

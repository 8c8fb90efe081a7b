import { useEffect, useState, type ReactNode } from 'react';

/** Shows its children only when waiting has lasted 200 ms: a skeleton that flashes past is worse than none. */
export function Delayed({ children, after = 200 }: { children: ReactNode; after?: number }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), after);
    return () => clearTimeout(timer);
  }, [after]);
  return due ? children : null;
}

import { useEffect, useRef } from 'react';

/** Android's back gesture and Escape, as the platform tells them (HTML standard; not in the DOM's types yet). */
interface CloseWatcher extends EventTarget {
  destroy: () => void;
}

/** Calls back when the person wants to leave what lies on top: by the phone's back gesture, or by Escape (关闭请求). */
export function useCloseRequest(onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;

  useEffect(() => {
    const Watcher = (window as { CloseWatcher?: new () => CloseWatcher }).CloseWatcher;
    if (Watcher !== undefined) {
      const watcher = new Watcher();
      watcher.addEventListener('close', () => latest.current());
      return () => watcher.destroy();
    }
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') latest.current();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

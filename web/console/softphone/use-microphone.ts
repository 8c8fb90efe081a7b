import { useCallback, useEffect, useState } from 'react';

/** Whether the browser lets the page use the microphone (麦克风权限), and how to have it ask. */
export function useMicrophone(): { state: 'unknown' | PermissionState; ask: () => void } {
  const [state, setState] = useState<'unknown' | PermissionState>('unknown');
  useEffect(() => {
    let gone = false;
    let status: PermissionStatus | undefined;
    const look = (): void => {
      if (!gone && status !== undefined) setState(status.state);
    };
    // Browsers that do not know of it ask when it is used.
    navigator.permissions?.query({ name: 'microphone' as PermissionName }).then((found) => {
      status = found;
      look();
      found.addEventListener('change', look);
    }, () => undefined);
    return () => {
      gone = true;
      status?.removeEventListener('change', look);
    };
  }, []);
  const ask = useCallback(() => {
    navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => {
      stream.getTracks().forEach((track) => track.stop());
      setState('granted');
    }, () => setState('denied'));
  }, []);
  return { state, ask };
}

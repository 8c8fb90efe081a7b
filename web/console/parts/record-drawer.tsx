import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useWide } from './wide.ts';

/** A record in a drawer over its list (详情抽屉). */
export function RecordDrawer({ title, onClose, extra, children }: { title: string; onClose: () => void; extra?: ReactNode; children: ReactNode }) {
  const wide = useWide(620);
  return (
    <Drawer open size={wide ? 560 : '100%'} title={title} onClose={onClose} extra={extra}>
      {children}
    </Drawer>
  );
}

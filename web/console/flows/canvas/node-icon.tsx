import { Icon, type IconName } from '../../parts/icon.tsx';
import type { PaletteItem } from '../designer/node-kinds.ts';

const icons: Readonly<Partial<Record<PaletteItem, IconName>>> = {
  start: 'play', task: 'customers', onsite_task: 'tool', approval: 'checkCircle', wait: 'clock', subflow: 'team',
  notify: 'bell', set_fields: 'edit', http_call: 'globe', create_child: 'file', request_parts: 'assets', ask_llm: 'star',
};
/** The marks BPMN gives its gateways, and its ends. */
const marks: Readonly<Partial<Record<PaletteItem, string>>> = {
  exclusive: 'M4.5 4.5l7 7M11.5 4.5l-7 7', parallel: 'M8 3v10M3 8h10', inclusive: 'M12.5 8a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0z',
  end: 'M13 8A5 5 0 1 1 3 8a5 5 0 0 1 10 0z', terminate: 'M13.5 8A5.5 5.5 0 1 1 2.5 8a5.5 5.5 0 0 1 11 0zM10.5 8A2.5 2.5 0 1 1 5.500 8a2.500 2.500 0 0 1 5 0z',
};

/** The picture of a kind of node; it never speaks alone. */
export function NodeIcon({ item, size = 16 }: { item: PaletteItem; size?: number }) {
  const name = icons[item];
  if (name !== undefined) return <Icon name={name} size={size} />;
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} fill="none" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={marks[item]} />
    </svg>
  );
}

import { drawings, type IconName } from './drawings.ts';

/** An icon of the portal, in the colour of the text around it. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" stroke-width={name === 'other' ? 3 : 1.7} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  );
}

/** A star, filled or not. */
export function Star({ filled }: { filled: boolean }) {
  return (
    <svg viewBox="0 0 24 24" width="36" height="36" fill={filled ? 'currentColor' : 'none'} stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d="M12 3.5l2.6 5.3 5.9.9-4.3 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.5 9.7l5.9-.9z" />
    </svg>
  );
}

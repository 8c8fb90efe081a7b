import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { say } from '../texts/say.ts';
import { Icon } from './icons.tsx';

const picture = signal<{ url: string; name: string } | null>(null);
let opener: Element | null = null;

/** Shows a picture across the whole screen (看大图). */
export function showPicture(url: string, name: string): void {
  opener = document.activeElement;
  picture.value = { url, name };
}

function close(): void {
  if (picture.value?.url.startsWith('blob:') === true) URL.revokeObjectURL(picture.value.url);
  picture.value = null;
  if (opener instanceof HTMLElement) opener.focus();
}

/** Stands once on the page, empty until a picture is shown. */
export function PictureViewer() {
  const button = useRef<HTMLButtonElement>(null);
  const shown = picture.value;
  // At once: Escape is heard in here only.
  useLayoutEffect(() => {
    if (shown !== null) button.current?.focus();
  }, [shown]);
  if (shown === null) return null;
  return (
    <div
      class="viewer"
      role="dialog"
      aria-modal="true"
      aria-label={shown.name}
      onClick={close}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
        // There is one thing to reach in here.
        if (event.key === 'Tab') event.preventDefault();
      }}
    >
      <img src={shown.url} alt={shown.name} />
      <button type="button" class="viewer-close" aria-label={say('frame.back')} ref={button}>
        <Icon name="cross" />
      </button>
    </div>
  );
}

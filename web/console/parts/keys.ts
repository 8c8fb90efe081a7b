import { useEffect, useRef } from 'react';

/** What single keys do (快捷键): the key as the browser names it → what happens. */
type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const layers: { current: KeyMap }[] = [];

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('dialog, [role="dialog"]') !== null) return true;
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Something small lies open over the page and takes Escape for itself. */
function isPopupOpen(): boolean {
  return document.querySelector(':is(.ant-popover, .ant-dropdown, .ant-select-dropdown, .ant-picker-dropdown):not([class*="-hidden"])') !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key === 'Escape' && isPopupOpen()) return;
  // Links and buttons have an Enter of their own.
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary') !== null) return;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  // What opened last answers first: a ticket beside a list keeps its own keys and leaves the rest to the list.
  for (let at = layers.length - 1; at >= 0; at -= 1) {
    const action = layers[at]?.current[event.key];
    if (action !== undefined) {
      event.preventDefault();
      action(event);
      return;
    }
  }
}

/** Takes single keys while the component stands, except where somebody types or a dialog is open. */
export function useKeys(keys: KeyMap): void {
  const layer = useRef(keys);
  useEffect(() => {
    layer.current = keys;
  });
  useEffect(() => {
    if (layers.length === 0) addEventListener('keydown', onKeyDown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

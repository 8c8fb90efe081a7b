/** A button of the mouse, or a finger, is down now. */
let pressed = false;
const watching = typeof addEventListener === 'function' && typeof document === 'object';

if (watching) {
  addEventListener('pointerdown', () => { pressed = true; }, { capture: true, passive: true });
  for (const end of ['pointerup', 'pointercancel', 'dragend'] as const) addEventListener(end, () => { pressed = false; }, { capture: true, passive: true });
}

/**
 * Runs something once no press is under way (按键松开之后): at once, or after the click it is going to be. What appears while
 * a button is held down moves what lies under it, and the click would miss.
 */
export function afterPress(run: () => void): void {
  if (!pressed) {
    run();
    return;
  }
  const ends = ['pointerup', 'pointercancel', 'dragend'] as const;
  const once = (): void => {
    for (const end of ends) removeEventListener(end, once, { capture: true });
    setTimeout(run);
  };
  for (const end of ends) addEventListener(end, once, { capture: true });
}

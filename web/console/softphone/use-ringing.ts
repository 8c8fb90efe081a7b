import { useEffect } from 'react';

// One second of sound, three of silence, as telephones ring here.
const every = 4_000;
const sounds = 1;
const hertz = 450;

/** Rings as long as something rings (振铃), where the browser lets a page make a sound by itself. */
export function useRinging(on: boolean): void {
  useEffect(() => {
    if (!on || typeof AudioContext === 'undefined') return undefined;
    const context = new AudioContext();
    const ring = (): void => {
      if (context.state !== 'running') return;
      const [tone, volume] = [context.createOscillator(), context.createGain()];
      tone.frequency.value = hertz;
      volume.gain.value = 0.15;
      tone.connect(volume).connect(context.destination);
      tone.start();
      tone.stop(context.currentTime + sounds);
    };
    ring();
    const timer = setInterval(ring, every);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [on]);
}

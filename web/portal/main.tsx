import './old-browsers.ts';
import '../ui/base.css';
import { render } from 'preact';
import { applyPreferences } from '../ui/preferences.ts';
import { App } from './app.tsx';

applyPreferences();
// Held by a website as its web form: what leads elsewhere opens beside it, as no other page may be held.
if (window.parent !== window) {
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
    if (link && link.pathname !== location.pathname) link.target = '_blank';
  }, true);
}
render(<App />, document.getElementById('root') as HTMLElement);

import './old-browsers.ts';
import '../ui/base.css';
import { render } from 'preact';
import { applyPreferences } from '../ui/preferences.ts';
import { App } from './app.tsx';

applyPreferences();
render(<App />, document.getElementById('root') as HTMLElement);

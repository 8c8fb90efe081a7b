import '../ui/tokens.css';
import './chat.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { start } from './chat.ts';

start();
render(<App />, document.getElementById('root') as HTMLElement);

/** Every page of the console on a phone, in English, by night. */
import { walkConsole } from './walk-console.ts';

walkConsole('phone', 'en', 'dark');

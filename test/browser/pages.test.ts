/** Every page of the console on a desktop, in Chinese, by day. */
import { walkConsole } from './walk-console.ts';

walkConsole('desktop', 'zh-CN', 'light');

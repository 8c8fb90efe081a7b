import { createTexts } from '../ui/i18n.ts';
import { chinese } from './texts/chinese.ts';
import { english } from './texts/english.ts';

/** The field app’s texts (现场端文案). */
export const { i18n, t, useTexts } = createTexts(chinese, english);

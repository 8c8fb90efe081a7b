export type Caution = 'noResolution' | 'inChinese' | 'inEnglish';

/**
 * What to look at before a canned reply goes to a customer (快捷回复提醒): that it speaks of a result where none was written down
 * yet, or another language than the customer's.
 *
 * @param language of the customer; null when nobody wrote it down
 */
export function replyCautions(body: string, resolution: string | null, language: 'zh-CN' | 'en' | null): Caution[] {
  const words = body.replaceAll(/\{\{[^}]*\}\}/g, '');
  const chinese = /\p{Script=Han}/u.test(words);
  return [
    ...(resolution === null && /\{\{\s*ticket\.resolution\s*\|/.test(body) ? ['noResolution' as const] : []),
    ...(language === 'en' && chinese ? ['inChinese' as const] : []),
    ...(language === 'zh-CN' && !chinese && /[a-z]{2}/i.test(words) ? ['inEnglish' as const] : []),
  ];
}

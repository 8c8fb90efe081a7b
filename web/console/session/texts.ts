import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

const sessionPhrases = phrases({
  'first.title': ['请设置自己的密码', 'Choose your own password'],
  'first.hint': ['现在的密码是同事为您设的。换成只有您知道的密码后，就可以开始使用。', 'A colleague set the password you have now. Choose one that only you know to go on.'],
  'first.current': ['现在的密码', 'Present password'],
  'first.new': ['新密码', 'New password'],
  'first.again': ['再输入一次', 'Once more'],
  'first.different': ['两次输入的不一样', 'They differ'],
  'first.same': ['不能和现在的密码一样', 'It has to differ from the present one'],
  'first.short': ['至少 10 个字符', 'At least 10 characters'],
  'first.submit': ['设置并进入', 'Set it and go on'],
  'first.signOut': ['退出登录', 'Sign out'],
});

/** The texts of the way in (登录文案). */
export const { useTexts: useSessionTexts } = ownTexts(sessionPhrases);

import type { Target } from './targets.ts';

/** What is wrong in one cell (导入失败原因). */
export interface CellFault {
  /** The code of the input error: a JSON Schema keyword, or that of a refusal. */
  code: string;
  /** The heading of the column, or the target's own name where no column says it. */
  heading: string;
  mapped: boolean;
  target: Target | undefined;
  /** What the cell says; null where it says nothing. */
  value: string | null;
  /** What is missing or wrong lies within what the cell says, under this name. */
  within: string | null;
  /** The sentence that whoever refused it has, without its subject. */
  said: string;
}

const longestValue = 40;
type Words = { zh: string; en: string };

/** Keys of targets by what their cells have to be. */
const kinds: readonly { keys: readonly string[]; wrong: Words }[] = [
  { keys: ['phone', 'otherPhone', 'requester.phone'], wrong: { zh: '不是有效的电话号码', en: 'is not a valid phone number' } },
  { keys: ['email', 'requester.email'], wrong: { zh: '不是有效的邮箱地址', en: 'is not a valid e-mail address' } },
  { keys: ['installedOn', 'warrantyUntil'], wrong: { zh: '不是有效的日期，请写成 2026-11-21 这样', en: 'is not a date; write it like 2026-11-21' } },
  { keys: ['createdAt', 'resolvedAt', 'closedAt'], wrong: { zh: '不是有效的时间，请写成 2026-11-21 09:30 这样', en: 'is not a time; write it like 2026-11-21 09:30' } },
  { keys: ['lat', 'lng', 'rating'], wrong: { zh: '不是数字', en: 'is not a number' } },
  { keys: ['idNumber'], wrong: { zh: '不是有效的证件号', en: 'is not a valid ID number' } },
];

/** A sentence for whoever made the file: which column, what stands there, and why it cannot be taken. */
export function describeCellFault(fault: CellFault, language: 'zh' | 'en'): string {
  const zh = language === 'zh';
  const { code, heading, mapped, target, within, said } = fault;
  const subject = fault.value === null ? heading : zh ? `${heading}「${short(fault.value)}」` : `${heading} “${short(fault.value)}”`;
  const say = (words: Words): string => (zh ? `${subject}${words.zh}` : `${subject} ${words.en}`);
  switch (code) {
    case 'required':
      if (within !== null) return zh ? `${heading}里缺少「${within}」` : `“${within}” is missing in ${heading}`;
      if (!mapped) return zh ? `文件里没有「${heading}」这一列，而它必须填写` : `the file has no column for ${heading}, which is required`;
      return fault.value === null ? say({ zh: '是空的，必须填写', en: 'is empty, but required' }) : say({ zh: said, en: said });
    case 'pattern': case 'format': case 'type': case 'minLength': {
      const kind = kinds.find(({ keys }) => target !== undefined && keys.includes(target.key));
      return kind && within === null ? say(kind.wrong) : zh ? `${subject}：${said}` : `${subject}: ${said}`;
    }
    case 'maxLength': return zh ? `${heading}太长：${said}` : `${heading} is too long: it ${said}`;
    case 'enum':
      return target?.help ? say({ zh: `认不出来，可以填：${target.help.zh}`, en: `is not known; it may be: ${target.help.en}` }) : zh ? `${subject}：${said}` : `${subject}: ${said}`;
    case 'unknown_reference': return say({ zh: '在系统里没有找到', en: 'was not found' });
    case 'reference_inactive': return say({ zh: '已经停用', en: 'is no longer in use' });
    case 'name_taken': return say({ zh: '已经被别的记录使用', en: 'is taken by another record' });
    case 'ambiguous': case 'minimum': case 'maximum': return say({ zh: said, en: said });
    default: return zh ? `${subject}：${said}` : `${subject}: ${said}`;
  }
}

/** As much of a cell as a sentence bears, on one line. */
function short(value: string): string {
  const characters = [...value.replaceAll(/\s+/g, ' ').trim()];
  return characters.length > longestValue ? `${characters.slice(0, longestValue - 1).join('')}…` : characters.join('');
}

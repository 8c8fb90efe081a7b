import { weekdays, type BusinessCalendar, type DayWindow, type Weekday } from './calendar.ts';
import { joinWindows } from './prepare.ts';

type Language = 'zh' | 'en';

export const weekdayNames: Record<Language, Record<Weekday, string>> = {
  zh: { 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六', 7: '周日' },
  en: { 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat', 7: 'Sun' },
};

const words = {
  zh: { to: '至', list: '、', parts: '；', never: '没有固定的工作时间', always: '每天 00:00–24:00' },
  en: { to: '–', list: ', ', parts: '; ', never: 'no regular working time', always: 'every day 00:00–24:00' },
} as const;

/** A time of day, `09:00`; 1440 is `24:00`. */
export function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** `09:00–12:00、13:30–18:00` */
export function windowsText(windows: readonly DayWindow[], language: Language): string {
  return joinWindows(windows).map(({ startsMinute, endsMinute }) => `${timeText(startsMinute)}–${timeText(endsMinute)}`).join(words[language].list);
}

/** The week in a sentence (每周工作时间): 周一至周五 09:00–12:00、13:30–18:00；周六 09:00–12:00. */
export function describeWeek(calendar: BusinessCalendar, language: Language): string {
  const say = words[language];
  const texts = weekdays.map((weekday) => windowsText(calendar.windows.filter((window) => window.weekday === weekday), language));
  if (texts.every((text) => text === '')) return say.never;
  if (texts.every((text) => text === '00:00–24:00')) return say.always;
  const runs: { first: Weekday; last: Weekday; text: string }[] = [];
  for (const [index, text] of texts.entries()) {
    const weekday = weekdays[index]!;
    const run = runs.at(-1);
    if (run && run.text === text) run.last = weekday;
    else runs.push({ first: weekday, last: weekday, text });
  }
  const names = weekdayNames[language];
  return runs.filter(({ text }) => text !== '').map(({ first, last, text }) => `${first === last ? names[first] : `${names[first]}${say.to}${names[last]}`} ${text}`).join(say.parts);
}

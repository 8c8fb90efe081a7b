export type ZoneChoice = { value: string; label: string; words: string };

/** A time zone (时区), named as the IANA does, with how far it is from UTC at that time and what people call it. */
export function zoneChoice(value: string, language: 'zh-CN' | 'en', at: Date): ZoneChoice {
  const offset = partOf(value, 'en', 'longOffset', at).replace(/^GMT$/, 'GMT+00:00').replace('GMT', 'UTC');
  const name = partOf(value, language, 'longGeneric', at);
  const plain = value.replaceAll('_', ' ');
  return { value, label: [plain, offset, name].filter((part) => part !== '').join(' · '), words: `${value} ${plain} ${offset} ${name}`.toLowerCase() };
}

/**
 * The time zones one can choose.
 *
 * @param present is offered whatever the browser knows
 * @param at decides whether it is summer
 */
export function zoneChoices(present: string, language: 'zh-CN' | 'en', at: Date): ZoneChoice[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return [...new Set([present, ...known])].sort((a, b) => (a < b ? -1 : 1)).map((value) => zoneChoice(value, language, at));
}

function partOf(timeZone: string, language: string, timeZoneName: 'longOffset' | 'longGeneric', now: Date): string {
  try {
    return new Intl.DateTimeFormat(language, { timeZone, timeZoneName }).formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  } catch {
    // A zone that this browser does not know is still the one that is set.
    return '';
  }
}

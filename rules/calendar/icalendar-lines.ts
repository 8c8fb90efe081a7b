/**
 * The text of an iCalendar file (RFC 5545) taken apart: content lines unfolded, properties with their parameters, events
 * with the lines they stand on. What other components there are (time zones, to-dos, alarms) is passed over.
 */

export interface IcalProperty {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** As it stands; texts still escaped. */
  readonly value: string;
}

export interface IcalComponent {
  /** Of its BEGIN, from 1. */
  readonly line: number;
  readonly properties: readonly IcalProperty[];
}

/** The events of a file in order; null when it is no iCalendar file or an event is not ended. */
export function readEvents(text: string): IcalComponent[] | null {
  const events: IcalComponent[] = [];
  const open: { name: string; line: number; properties: IcalProperty[] }[] = [];
  let begun = false;
  for (const { line, content } of unfold(text)) {
    const property = readProperty(content);
    if (!property) continue;
    if (property.name === 'BEGIN') {
      const name = property.value.trim().toUpperCase();
      begun ||= name === 'VCALENDAR';
      if (open.length >= 8) return null;
      open.push({ name, line, properties: [] });
    } else if (property.name === 'END') {
      const ended = open.pop();
      if (!ended || ended.name !== property.value.trim().toUpperCase()) return null;
      if (ended.name === 'VEVENT') events.push({ line: ended.line, properties: ended.properties });
    } else open.at(-1)?.properties.push(property);
  }
  return begun && open.length === 0 ? events : null;
}

/** Long lines are broken by a line end and one space or tab (3.1); files with bare line feeds are read as well. */
function unfold(text: string): { line: number; content: string }[] {
  const lines: { line: number; parts: string[] }[] = [];
  for (const [index, raw] of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/).entries()) {
    if (/^[ \t]/.test(raw) && lines.length > 0) lines.at(-1)!.parts.push(raw.slice(1));
    else if (raw !== '') lines.push({ line: index + 1, parts: [raw] });
  }
  return lines.map(({ line, parts }) => ({ line, content: parts.join('') }));
}

/** `NAME;PARAMETER=value;PARAMETER="quoted: value":value` */
function readProperty(content: string): IcalProperty | null {
  const name = /^[A-Za-z0-9-]+/.exec(content)?.[0];
  if (!name) return null;
  const parameters: Record<string, string> = {};
  let rest = content.slice(name.length);
  while (rest.startsWith(';')) {
    const parameter = /^;([A-Za-z0-9-]+)=("[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*/.exec(rest);
    if (!parameter) return null;
    parameters[parameter[1]!.toUpperCase()] = parameter[2]!.replace(/^"|"$/g, '');
    rest = rest.slice(parameter[0].length);
  }
  return rest.startsWith(':') ? { name: name.toUpperCase(), parameters, value: rest.slice(1) } : null;
}

/** A text as it was meant (3.3.11). */
export function unescapeText(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, escaped: string) => (escaped === 'n' || escaped === 'N' ? '\n' : escaped));
}

/** A length of time (3.3.6): whole days and weeks by the calendar, the rest exact; null when it is none or negative. */
export function readDuration(value: string): { days: number; milliseconds: number } | null {
  const match = /^\+?P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/.exec(value.trim());
  if (!match || value.trim().endsWith('P') || value.trim().endsWith('T')) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((digits) => Number(digits ?? 0)) as [number, number, number, number, number];
  return { days: weeks * 7 + days, milliseconds: ((hours * 60 + minutes) * 60 + seconds) * 1_000 };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents, unescapeText } from './icalendar-lines.ts';
import { foldLine, writeCalendar, type CalendarEvent } from './write-icalendar.ts';

const event = (change: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: 'visit-1@bihuan', sequence: 2, changedAt: Date.parse('2027-03-01T01:00:00Z'), starts: Date.parse('2027-03-01T02:00:00Z'), ends: Date.parse('2027-03-01T03:30:00Z'),
  summary: '水管爆裂', description: '', location: '', place: null, url: 'https://service.example/field/', status: 'CONFIRMED', ...change,
});

test('a file as it stands', () => {
  const file = writeCalendar('李雷的上门', 'Asia/Shanghai', [event({ place: { lat: 30.25, lng: 120.16 }, location: '世纪大道 1 号, 3 幢; 501' })]);
  assert.equal(file, [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Bihuan//Visits//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', 'X-WR-CALNAME:李雷的上门', 'X-WR-TIMEZONE:Asia/Shanghai', 'REFRESH-INTERVAL;VALUE=DURATION:PT15M', 'X-PUBLISHED-TTL:PT15M',
    'BEGIN:VTIMEZONE', 'TZID:Asia/Shanghai', 'BEGIN:STANDARD', 'DTSTART:20270228T100000', 'TZOFFSETFROM:+0800', 'TZOFFSETTO:+0800', 'END:STANDARD', 'END:VTIMEZONE',
    'BEGIN:VEVENT', 'UID:visit-1@bihuan', 'DTSTAMP:20270301T010000Z', 'LAST-MODIFIED:20270301T010000Z', 'SEQUENCE:2', 'DTSTART;TZID=Asia/Shanghai:20270301T100000', 'DTEND;TZID=Asia/Shanghai:20270301T113000',
    'SUMMARY:水管爆裂', 'LOCATION:世纪大道 1 号\\, 3 幢\\; 501', 'GEO:30.250000;120.160000', 'URL:https://service.example/field/', 'STATUS:CONFIRMED', 'TRANSP:OPAQUE', 'END:VEVENT', 'END:VCALENDAR', '',
  ].join('\r\n'));
});

test('where the clock changes, each change is said as it was on the wall', () => {
  const file = writeCalendar('x', 'Europe/Berlin', [event({ starts: Date.parse('2027-03-27T08:00:00Z'), ends: Date.parse('2027-03-27T09:00:00Z') }), event({ uid: 'b', starts: Date.parse('2027-11-02T08:00:00Z'), ends: Date.parse('2027-11-02T09:00:00Z') })]);
  const lines = file.split('\r\n');
  const zone = lines.slice(lines.indexOf('BEGIN:VTIMEZONE'), lines.indexOf('END:VTIMEZONE') + 1).join(' ');
  assert.equal(zone, 'BEGIN:VTIMEZONE TZID:Europe/Berlin BEGIN:STANDARD DTSTART:20270326T090000 TZOFFSETFROM:+0100 TZOFFSETTO:+0100 END:STANDARD BEGIN:DAYLIGHT DTSTART:20270328T020000 TZOFFSETFROM:+0100 TZOFFSETTO:+0200 END:DAYLIGHT BEGIN:STANDARD DTSTART:20271031T030000 TZOFFSETFROM:+0200 TZOFFSETTO:+0100 END:STANDARD END:VTIMEZONE');
  assert.ok(file.includes('DTSTART;TZID=Europe/Berlin:20270327T090000') && file.includes('DTSTART;TZID=Europe/Berlin:20271102T090000'));
});

test('lines are folded at 75 octets and never within a character; what is written is read again', () => {
  const long = `${'漏水🚰,'.repeat(40)}\n第二行\\;${'x'.repeat(200)}`;
  const file = writeCalendar('x', 'Asia/Shanghai', [event({ summary: long, description: 'a\r\nb\u0007' })]);
  for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75 && !line.includes('\ufffd'), line);
  const [read] = readEvents(file)!;
  const of = (name: string) => unescapeText(read!.properties.find((property) => property.name === name)!.value);
  assert.deepEqual([of('SUMMARY'), of('DESCRIPTION')], [long, 'a\nb']);
  assert.equal(foldLine('x'.repeat(75)).length, 75);
  assert.equal(foldLine('x'.repeat(76)), `${'x'.repeat(75)}\r\n x`);
  assert.deepEqual(readEvents(writeCalendar('x', 'Asia/Shanghai', [])), []);
});

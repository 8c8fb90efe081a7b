import type { FieldKind } from '../../../../rules/forms/form.ts';

/** One drawing for each kind of field, on a 16-point grid. */
const drawings: Record<FieldKind, string> = {
  text: 'M3 4.5V3h10v1.5M8 3v10M6.3 13h3.4',
  long_text: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  number: 'M6.2 2.5l-1.4 11M11.2 2.5l-1.4 11M3 6h10.5M2.5 10h10.5',
  money: 'M4 2.5L8 8l4-5.5M8 8v5.5M4.8 8.6h6.4M4.8 11h6.4',
  date: 'M3 3.8h10v9.4H3zM3 6.8h10M5.6 2.4v2.4M10.4 2.4v2.4',
  time: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.6V8l2.4 1.6',
  date_time: 'M13 6V3.8H3v9.4h4M3 6.8h6M5.6 2.4v2.4M10.4 2.4v2.4M14 11a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM11 9.5V11l1 .7',
  boolean: 'M5.5 4.5h5a3.5 3.5 0 0 1 0 7h-5a3.5 3.5 0 0 1 0-7zM12 8a1.6 1.6 0 1 1-3.2 0A1.6 1.6 0 0 1 12 8z',
  choice: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM10 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  choices: 'M3 3h10v10H3zM5.4 8.2l1.8 1.8 3.4-3.8',
  tree: 'M3 2.5h4v3H3zM9 7h4v3H9zM9 11.5h4v2.5H9zM5 5.5v7.2h4M5 8.5h4',
  person: 'M10.7 5.2a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0zM2.8 13.5c.5-2.8 2.6-4.3 5.2-4.3s4.7 1.5 5.2 4.3',
  customer: 'M3 13.5V3.5h10v10zM10 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM5 13c.3-1.8 1.5-2.7 3-2.7s2.7.9 3 2.7',
  asset: 'M8 1.8l5.5 3v6.4L8 14.2l-5.5-3V4.8zM2.5 4.8l5.5 3 5.5-3M8 7.8v6.4',
  place: 'M8 14s4.5-4 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 10 8 14 8 14zM9.6 6.5a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0z',
  file: 'M13 7.3l-5.1 5.1a3 3 0 0 1-4.3-4.3l5.3-5.2a2 2 0 0 1 2.9 2.8L6.6 10.9a1 1 0 0 1-1.4-1.4l4.6-4.6',
  signature: 'M2 11c2-6 4-8 5-7s-2 6-1 7 2-4 3-4-.5 3 .5 3.5S12 9 14 9M2 13.8h12',
  formula: 'M11.5 3.5C10.500 2.500 9 3 8.700 4.800L7.300 11.500C7 13.300 5.500 13.700 4.500 12.800M5.500 7h5M10.500 9.500l3 3.500M13.500 9.500l-3 3.500',
  table: 'M2.5 3h11v10h-11zM2.500 6.300h11M2.500 9.600h11M6.500 3v10',
};

export function KindIcon({ kind, size = 15 }: { kind: FieldKind; size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} fill="none" stroke="currentColor" strokeWidth={1.3} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={drawings[kind]} />
    </svg>
  );
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The declarations inside the first block that follows `selector`. */
function block(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  assert.ok(start >= 0, `tokens.css has a block for ${selector}`);
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
  return new Map(
    body.split(';').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

const themes = { light: block("[data-theme='light']"), dark: block("[data-theme='dark']") };

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const surfaces = ['--page', '--surface', '--surface-raised', '--surface-sunken', '--surface-hover', '--surface-selected'];
const onEverySurface = ['--text', '--text-secondary', '--text-muted', '--accent', '--danger', '--warning', '--success'];
const onPlainSurfaces = [
  ...['urgent', 'high', 'normal', 'low'].map((name) => `--priority-${name}`),
  ...['running', 'warning', 'breached', 'paused'].map((name) => `--sla-${name}`),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((way) => `--route-${way}`),
];
const pairs: [string, string][] = [
  ...onEverySurface.flatMap((text) => surfaces.map((surface): [string, string] => [text, surface])),
  ...onPlainSurfaces.flatMap((text) =>
    ['--page', '--surface', '--surface-hover'].map((surface): [string, string] => [text, surface]),
  ),
  ...['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled'].map((name): [string, string] => [
    `--status-${name}`,
    `--status-${name}-soft`,
  ]),
  ...['accent', 'success', 'warning', 'danger', 'neutral'].map((name): [string, string] => [`--${name}`, `--${name}-soft`]),
  ...['--accent-solid', '--accent-active', '--danger-solid'].map((solid): [string, string] => ['--text-on-solid', solid]),
];

for (const [name, theme] of Object.entries(themes)) {
  const colour = (token: string): string => {
    const value = theme.get(token);
    assert.match(value ?? '', /^#[0-9a-f]{6}$/, `${token} is a colour in the ${name} theme`);
    return value as string;
  };

  test(`text reaches 4.5:1 on the surfaces it stands on, ${name}`, () => {
    const weak = pairs
      .map(([text, surface]) => ({ text, surface, ratio: contrast(colour(text), colour(surface)) }))
      .filter((pair) => pair.ratio < 4.5)
      .map((pair) => `${pair.text} on ${pair.surface}: ${pair.ratio.toFixed(2)}`);
    assert.deepEqual(weak, []);
  });

  test(`what can be typed into and what has the focus stand out by 3:1, ${name}`, () => {
    for (const surface of ['--page', '--surface', '--surface-sunken']) {
      for (const edge of ['--line-control', '--focus']) {
        const ratio = contrast(colour(edge), colour(surface));
        assert.ok(ratio >= 3, `${edge} on ${surface}: ${ratio.toFixed(2)}`);
      }
    }
  });
}

test('both themes name the same tokens', () => {
  assert.deepEqual([...themes.dark.keys()], [...themes.light.keys()]);
});

test('the system preference gives exactly the dark theme', () => {
  assert.deepEqual([...block(':root:not([data-theme])')], [...themes.dark]);
});

test('who wishes for less motion gets none', () => {
  const still = css.slice(css.indexOf('prefers-reduced-motion'));
  for (const name of ['--motion-fast', '--motion']) assert.match(still, new RegExp(`${name}: 0\\.01ms;`), name);
});

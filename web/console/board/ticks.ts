/** Round values from nought up to at least `highest`, in about five steps, for the lines of a chart. */
export function niceTicks(highest: number): number[] {
  const rough = Math.max(1, highest) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? 10 * power);
  const ticks = [0];
  while ((ticks.at(-1) as number) < Math.max(1, highest)) ticks.push((ticks.at(-1) as number) + step);
  return ticks;
}

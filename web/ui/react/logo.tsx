/** The mark of Bihuan 闭环: a ring closing on itself. Takes the accent of the theme. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 64 64" width={size} height={size} fill="none" strokeWidth="9" strokeLinecap="round" aria-hidden="true">
      <path d="M51.73 39.18A21 21 0 1 1 39.18 12.27" stroke="var(--accent)" />
      <path d="M39.18 12.27A21 21 0 0 1 51.73 39.18" stroke="var(--accent-line)" />
      <path d="M51.73 39.18A21 21 0 0 1 21.50 50.19" stroke="var(--accent)" />
    </svg>
  );
}

/** Stands in until the face has pages of its own. */
export function App() {
  return <main style={{ padding: 32 }}>闭环 Bihuan</main>;
}

/**
 * The files that stand in own fields of a ticket (字段中的文件), attachments and signatures alike: shown there, they are not
 * shown as attachments as well.
 */
export function filesInFields<File extends { id: string }>(fields: Readonly<Record<string, unknown>>, files: readonly File[]): File[] {
  const named = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string') named.add(value);
    else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) look(inner);
  };
  look(fields);
  return files.filter((file) => named.has(file.id));
}

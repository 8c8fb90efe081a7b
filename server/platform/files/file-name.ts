const longest = 200;

// Marks that turn or hide part of a name, so that "gpj.exe" reads as "exe.jpg"; the joiner of emoji stays.
const deceptive = /[\u00AD\u061C\u115F\u1160\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]/gu;

/**
 * The name of a file as it is kept (文件名): the last part of whatever path was sent, without control characters and
 * marks that mislead the eye, at most 200 characters with the extension kept. Empty when nothing is left.
 */
export function cleanFileName(declared: string): string {
  const last = declared.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = last.normalize('NFC')
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    .replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, ' ')
    .replaceAll(deceptive, '')
    .replaceAll(/\s+/gu, ' ')
    // Windows drops dots and spaces at the end, and a dot in front hides a file elsewhere.
    .replaceAll(/^[ .]+|[ .]+$/g, '');
  const characters = [...name];
  if (characters.length <= longest) return name;
  const extension = [...extensionWithDot(name)];
  return [...characters.slice(0, longest - extension.length), ...extension].join('');
}

/** The extension of a name in lower case, without its dot; empty when there is none. */
export function extensionOf(name: string): string {
  return extensionWithDot(name).slice(1).toLowerCase();
}

function extensionWithDot(name: string): string {
  return /(?<=.)\.[\p{L}\p{N}_-]{1,20}$/u.exec(name)?.[0] ?? '';
}

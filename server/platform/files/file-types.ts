import { fileExtensions } from '../../../contract/file.ts';
import type { RefusalParameter } from '../../../contract/refusals.ts';

/** What a file is to a person, and what its name may promise without lying (文件类别). */
export type Family = 'image' | 'audio' | 'video' | 'pdf' | 'office' | 'archive' | 'text';

/** A file that is accepted: its media type, its family and the extension a nameless one gets. */
export interface FileType {
  mediaType: string;
  family: Family;
  extension: string;
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const powerpoint = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
const slideshow = 'application/vnd.openxmlformats-officedocument.presentationml.slideshow';

/** Everything that is accepted, by media type: what is not here is refused. */
export const acceptedTypes: ReadonlyMap<string, FileType> = new Map(([
  ['image/jpeg', 'image', 'jpg'], ['image/png', 'image', 'png'], ['image/gif', 'image', 'gif'], ['image/webp', 'image', 'webp'],
  ['image/avif', 'image', 'avif'], ['image/heic', 'image', 'heic'], ['image/heif', 'image', 'heif'], ['image/bmp', 'image', 'bmp'],
  ['image/tiff', 'image', 'tif'],
  ['audio/amr', 'audio', 'amr'], ['audio/mpeg', 'audio', 'mp3'], ['audio/mp4', 'audio', 'm4a'], ['audio/aac', 'audio', 'aac'],
  ['audio/ogg', 'audio', 'ogg'], ['audio/wav', 'audio', 'wav'], ['audio/flac', 'audio', 'flac'], ['audio/webm', 'audio', 'weba'],
  ['audio/3gpp', 'audio', '3gp'],
  ['video/mp4', 'video', 'mp4'], ['video/webm', 'video', 'webm'], ['video/quicktime', 'video', 'mov'], ['video/3gpp', 'video', '3gp'],
  ['application/pdf', 'pdf', 'pdf'],
  [word, 'office', 'docx'], [excel, 'office', 'xlsx'], [powerpoint, 'office', 'pptx'], [slideshow, 'office', 'ppsx'],
  ['application/msword', 'office', 'doc'], ['application/vnd.ms-excel', 'office', 'xls'], ['application/vnd.ms-powerpoint', 'office', 'ppt'],
  ['application/vnd.oasis.opendocument.text', 'office', 'odt'], ['application/vnd.oasis.opendocument.spreadsheet', 'office', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'office', 'odp'],
  ['application/zip', 'archive', 'zip'],
  ['text/plain', 'text', 'txt'], ['text/csv', 'text', 'csv'], ['text/tab-separated-values', 'text', 'tsv'], ['text/markdown', 'text', 'md'],
  ['application/json', 'text', 'json'], ['application/xml', 'text', 'xml'],
] as [string, Family, string][]).map(([mediaType, family, extension]) => [mediaType, { mediaType, family, extension }]));

/** Other names under which a detector or a browser knows an accepted type. */
const otherNames: Readonly<Record<string, string>> = {
  'image/apng': 'image/png', 'image/jpg': 'image/jpeg', 'image/pjpeg': 'image/jpeg', 'image/heic-sequence': 'image/heic', 'image/heif-sequence': 'image/heif',
  'audio/x-m4a': 'audio/mp4', 'audio/m4a': 'audio/mp4', 'audio/mp3': 'audio/mpeg', 'audio/x-wav': 'audio/wav', 'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav', 'audio/opus': 'audio/ogg', 'audio/x-flac': 'audio/flac', 'audio/amr-wb': 'audio/amr',
  'video/x-m4v': 'video/mp4', 'application/x-zip-compressed': 'application/zip', 'application/x-pdf': 'application/pdf',
  'text/json': 'application/json', 'text/xml': 'application/xml', 'text/x-markdown': 'text/markdown',
};

/** A media type in its plain form: lower case, without parameters, under its usual name. */
export function plainMediaType(mediaType: string): string {
  const bare = mediaType.split(';', 1)[0]!.trim().toLowerCase();
  return otherNames[bare] ?? bare;
}

const extensionFamilies: ReadonlyMap<string, Family> = new Map((Object.entries(fileExtensions) as [Family, string][]).flatMap(([family, extensions]) => extensions.split(' ').map((extension) => [extension, family])));

/** Text files by their extension; other text is plain. */
export const textTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv', tsv: 'text/tab-separated-values', md: 'text/markdown', markdown: 'text/markdown', json: 'application/json',
};

/**
 * Extensions that a system or browser runs, installs or follows when the file is opened; whatever is inside, no file
 * is kept under such a name.
 */
const runnable = new Set((
  'exe com scr pif cpl msi msp mst msix msixbundle appx appxbundle appinstaller dll sys drv ocx bat cmd ps1 psm1 psd1 ps1xml vbs vbe js jse mjs cjs ' +
  'wsf wsh wsc sct hta reg inf ins isp lnk url scf library-ms search-ms settingcontent-ms application gadget msc chm hlp jar jnlp class war ' +
  'apk xapk aab ipa hap app dmg pkg mpkg command workflow action scpt applescript terminal webloc desktop deb rpm run bin elf so sh bash zsh csh ksh fish ' +
  'py pyc pyw pyz rb pl php php3 php4 php5 phtml phar asp aspx ashx asmx cer jsp jspx cgi swf xap crx xpi iso img vhd vhdx ' +
  'html htm xhtml xht shtml mht mhtml svg svgz xsl xslt docm dotm xlsm xltm xlam xll xla pptm potm ppam ppsm sldm ppa wll iqy slk'
).split(' '));

/** Whether opening a file of this extension may run what is inside. */
export function isRunnable(extension: string): boolean {
  return runnable.has(extension);
}

/** What an extension promises; null when it promises nothing we know. */
export function familyOfExtension(extension: string): Family | null {
  return extensionFamilies.get(extension) ?? null;
}

/** Other extensions of images, by media type. HEIC is a kind of HEIF, and called either. */
const imageExtensions: Readonly<Record<string, string | null>> = { jpeg: 'image/jpeg', jpe: 'image/jpeg', jfif: 'image/jpeg', tiff: 'image/tiff', apng: 'image/png', heic: null, heif: null };

/** The one kind of image that an extension stands for; null when it stands for none, or for several. */
export function imageOfExtension(extension: string): string | null {
  const other = imageExtensions[extension];
  if (other !== undefined) return other;
  return [...acceptedTypes.values()].find((type) => type.family === 'image' && type.extension === extension)?.mediaType ?? null;
}

/** What a declared media type promises; null when it promises nothing we know. */
export function familyOfMediaType(mediaType: string): Family | null {
  const plain = plainMediaType(mediaType);
  const accepted = acceptedTypes.get(plain);
  if (accepted) return accepted.family;
  if (/^application\/(?:vnd\.openxmlformats-|vnd\.ms-|vnd\.oasis\.|msword|wps-)/.test(plain)) return 'office';
  const top = /^(image|audio|video|text)\//.exec(plain)?.[1] as Family | undefined;
  return plain === 'image/svg+xml' || plain === 'text/html' ? null : top ?? null;
}

/** Families that share containers, so that a name of one does not lie about a content of the other. */
const kin: Readonly<Partial<Record<Family, Family>>> = { audio: 'video', video: 'audio', office: 'archive', archive: 'office' };

/** Whether a content of one family may go under a name of another. */
export function mayPassFor(content: Family, promised: Family): boolean {
  return content === promised || kin[content] === promised;
}

const inWords: Readonly<Record<string, { zh: string; en: string }>> = {
  'text/html': { zh: '网页', en: 'a web page' },
  'image/svg+xml': { zh: 'SVG 图形', en: 'an SVG drawing' },
  'application/x-msdownload': { zh: '可执行程序', en: 'an executable program' },
  'application/x-elf': { zh: '可执行程序', en: 'an executable program' },
  'application/x-mach-binary': { zh: '可执行程序', en: 'an executable program' },
  'application/java-archive': { zh: '可执行程序', en: 'an executable program' },
  'application/vnd.android.package-archive': { zh: '安卓安装包', en: 'an Android package' },
  'text/x-script': { zh: '脚本', en: 'a script' },
  'application/x-office-macros': { zh: '带宏的 Office 文件', en: 'an Office file with macros' },
  'application/octet-stream': { zh: '未知类型', en: 'an unknown kind of file' },
};

/** A kind of file as a refusal names it. */
export function kindInWords(mediaType: string): RefusalParameter {
  if (/macroenabled/.test(mediaType)) return inWords['application/x-office-macros']!;
  return inWords[mediaType] ?? mediaType;
}

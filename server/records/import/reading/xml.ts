import { unreadable } from './bytes.ts';

/** Who is told what stands in a document. Names come without their prefixes. */
export interface XmlHandler {
  open(name: string, attribute: (name: string) => string | undefined): void;
  close(name: string): void;
  text(text: string): void;
}

/** A reader that is fed a document piece by piece. */
export interface XmlReader {
  push(text: string): void;
  end(): void;
}

const longestMarkup = 65_536;
const deepest = 100;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads XML 1.0 as spreadsheets have it (XML 读取): elements, text, CDATA. A document type is refused, and with it every
 * entity but the five that need none: nothing in it can expand, and nothing outside is fetched. What is nested too deep
 * or has no end is refused.
 */
export function openXml(handler: XmlHandler): XmlReader {
  let rest = '';
  const path: string[] = [];

  function markup(tag: string): void {
    if (tag.startsWith('/')) {
      const name = tag.slice(1).trim();
      if (path.pop() !== name) throw broken();
      handler.close(localName(name));
      return;
    }
    const alone = tag.endsWith('/');
    const body = alone ? tag.slice(0, -1) : tag;
    const name = /^[^\s/>]+/.exec(body)?.[0];
    if (!name) throw broken();
    if (path.length >= deepest) throw unreadable('XML 嵌套太深', 'its XML is nested too deep');
    handler.open(localName(name), (wanted) => attributeOf(body, name.length, wanted));
    if (alone) handler.close(localName(name));
    else path.push(name);
  }

  function consume(isEnd: boolean): void {
    let at = 0;
    while (at < rest.length) {
      const open = rest.indexOf('<', at);
      if (open !== at) {
        // An entity may be cut in two by the end of the piece.
        const until = open >= 0 ? open : isEnd ? rest.length : safeEnd(rest, at);
        if (until > at) handler.text(unescape(rest.slice(at, until)));
        at = until;
        if (open < 0) break;
        continue;
      }
      const special = rest.startsWith('<!--', at) ? ['<!--', '-->'] as const : rest.startsWith('<![CDATA[', at) ? ['<![CDATA[', ']]>'] as const : rest.startsWith('<?', at) ? ['<?', '?>'] as const : null;
      if (special) {
        const close = rest.indexOf(special[1], at + special[0].length);
        if (close < 0) break;
        if (special[0] === '<![CDATA[') handler.text(rest.slice(at + 9, close));
        at = close + special[1].length;
        continue;
      }
      // The beginning of a comment or a section that is not all there yet.
      if (!isEnd && rest.length - at < 9 && '<![CDATA['.startsWith(rest.slice(at))) break;
      if (!isEnd && rest.length - at < 4 && '<!--'.startsWith(rest.slice(at))) break;
      if (rest.startsWith('<!', at)) throw unreadable('XML 含有文档类型定义', 'its XML has a document type');
      const close = endOfTag(rest, at);
      if (close < 0) break;
      markup(rest.slice(at + 1, close));
      at = close + 1;
    }
    rest = rest.slice(at);
    if (rest.length > longestMarkup) throw broken();
  }

  return {
    push(text) {
      rest += text;
      consume(false);
    },
    end() {
      consume(true);
      if (rest.trim() !== '' || path.length > 0) throw broken();
    },
  };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The closing bracket of a tag; those in its attributes' values are none. */
function endOfTag(text: string, start: number): number {
  let quote = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return -1;
}

function attributeOf(tag: string, from: number, wanted: string): string | undefined {
  const pattern = /\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(tag); match; match = pattern.exec(tag)) {
    if (match[1] === wanted || localName(match[1]!) === wanted && !match[1]!.startsWith('xmlns')) return unescape(match[2] ?? match[3] ?? '');
  }
  return undefined;
}

function safeEnd(text: string, from: number): number {
  const ampersand = text.lastIndexOf('&');
  return ampersand >= from && !text.includes(';', ampersand) && text.length - ampersand < 12 ? ampersand : text.length;
}

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&\s]{1,10});|&/g, (_whole, entity: string | undefined) => {
    if (entity === undefined) throw broken();
    if (Object.hasOwn(named, entity)) return named[entity]!;
    const code = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(entity);
    const point = code ? Number.parseInt(code[1] ?? code[2]!, code[1] ? 16 : 10) : Number.NaN;
    if (!(point > 0 && point <= 0x10ffff)) throw unreadable('XML 含有未知的实体', 'its XML has an unknown entity');
    return String.fromCodePoint(point);
  });
}

function broken() {
  return unreadable('XML 已损坏', 'its XML is damaged');
}

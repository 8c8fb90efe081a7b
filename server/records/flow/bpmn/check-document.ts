import { bpmnProblem, BpmnRefused } from './problem.ts';

/** Limits of a BPMN document (导入上限): characters, elements, how deep they lie in one another, attributes of one element. */
export const documentLimits = { characters: 900_000, elements: 20_000, depth: 40, attributes: 60 } as const;

/**
 * Looks over a document before any parser sees it (预检): size, depth and number of its elements, and that it brings no
 * document type, so no entities to be expanded or fetched. One pass, no recursion, no regular expression over the whole.
 *
 * @throws BpmnRefused too_large, doctype, encoding, malformed, too_deep, too_many_elements
 */
export function checkDocument(xml: string): void {
  const refuse = (...given: Parameters<typeof bpmnProblem>): never => {
    throw new BpmnRefused([bpmnProblem(...given)]);
  };
  const malformed = (): never => refuse('malformed', '这不是格式正确的 XML 文件。', 'This is no well-formed XML file.');
  if (xml.length > documentLimits.characters) refuse('too_large', `文件太大，上限为 ${documentLimits.characters / 1_000} KB。`, `The file is too large: the limit is ${documentLimits.characters / 1_000} KB.`);
  let depth = 0;
  let elements = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    if (xml.startsWith('<!--', at)) {
      at = after(xml, '-->', at + 4);
    } else if (xml.startsWith('<![CDATA[', at)) {
      at = after(xml, ']]>', at + 9);
    } else if (xml.startsWith('<!', at)) {
      refuse('doctype', '文件带有文档类型定义（DOCTYPE），出于安全考虑不予导入。', 'The file has a document type (DOCTYPE). Such files are not taken, for safety.');
    } else if (xml.startsWith('<?', at)) {
      const end = after(xml, '?>', at + 2);
      const declared = /^<\?xml\s[^?]*encoding\s*=\s*["']([^"']*)/.exec(xml.slice(at, Math.min(end < 0 ? at + 200 : end, at + 200)))?.[1];
      if (declared !== undefined && !/^utf-?8$/i.test(declared)) refuse('encoding', '文件编码必须是 UTF-8。', 'The file has to be in UTF-8.');
      at = end;
    } else {
      const { end, attributes } = endOfTag(xml, at);
      if (end < 0) malformed();
      if (xml[at + 1] === '/') {
        depth -= 1;
        if (depth < 0) malformed();
      } else {
        elements += 1;
        if (elements > documentLimits.elements) refuse('too_many_elements', `文件里的元素太多，上限为 ${documentLimits.elements} 个。`, `The file has too many elements: the limit is ${documentLimits.elements}.`);
        if (attributes > documentLimits.attributes) refuse('too_many_elements', '文件里有元素的属性太多。', 'An element of the file has too many attributes.');
        if (xml[end - 1] !== '/') depth += 1;
        if (depth > documentLimits.depth) refuse('too_deep', `文件嵌套太深，上限为 ${documentLimits.depth} 层。`, `The elements lie too deep in one another: the limit is ${documentLimits.depth}.`);
      }
      at = end + 1;
    }
    if (at < 0) malformed();
  }
  if (elements === 0 || depth !== 0) malformed();
}

/** The place behind the next `mark`, or −1. */
function after(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** Where the tag that begins at `from` ends (its `>`), whatever stands in its attributes, and how many those are; −1 when it doesn't end. */
function endOfTag(xml: string, from: number): { end: number; attributes: number } {
  let quote = '';
  let attributes = 0;
  for (let at = from + 1; at < xml.length; at += 1) {
    const character = xml[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
      attributes += 1;
    } else if (character === '>') {
      return { end: at, attributes };
    } else if (character === '<') {
      break;
    }
  }
  return { end: -1, attributes };
}

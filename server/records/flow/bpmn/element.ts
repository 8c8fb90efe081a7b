import type { ModdleElement } from 'bpmn-moddle';
import { isObject, type Rule } from '../../../../rules/conditions/json.ts';
import { flowLimits } from '../../../../rules/workflow/definition.ts';
import type { Bounds } from './drawing.ts';
import { bpmnProblem, short, type BpmnProblem } from './problem.ts';

/** Something that was left out or taken as well as it could be (导入提示). */
export interface BpmnNotice { id: string | null; message: { zh: string; en: string } }

/** What reading a document needs to know as it goes along. */
export interface Reading {
  /** Our id of an element, the document's own where it can be. */
  idOf: (element: ModdleElement) => string;
  boundsOf: (element: ModdleElement) => Bounds | undefined;
  /** A condition, whichever way it is written; undefined when there is none, or none that can be read. */
  ruleOf: (expression: unknown, owner: ModdleElement) => Rule | undefined;
  notice: (owner: ModdleElement | null, zh: string, en: string) => void;
  refuse: (problem: BpmnProblem) => void;
}

/** What our extension says of an element; undefined when it is not of ours, or says nothing usable. */
export function extensionOf(element: ModdleElement, type: string, reading?: Reading): Record<string, unknown> | undefined {
  const container = element['extensionElements'];
  const extension = isElement(container) ? listOf(container['values']).find((one) => one.$type === type) : undefined;
  if (extension === undefined) return undefined;
  const said = typeof extension['data'] === 'string' ? fromJson(extension['data']) : undefined;
  if (isObject(said)) return said;
  reading?.refuse(bpmnProblem('extension', `“${labelOf(element)}”的扩展内容无法读取。`, `The extension of “${labelOf(element)}” cannot be read.`, nameOf(element), element.id ?? null));
  return undefined;
}

export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function listOf(value: unknown): ModdleElement[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isElement) : [];
}
export function isElement(value: unknown): value is ModdleElement {
  return typeof value === 'object' && value !== null && typeof (value as { $type?: unknown }).$type === 'string';
}
/** An element's name as the file writes it: `bpmn:scriptTask`. */
export function nameOf(element: ModdleElement): string {
  return element.$type.replace(/:(.)/, (_whole, letter: string) => `:${letter.toLowerCase()}`);
}
export function labelOf(element: ModdleElement): string {
  return short(element.name ?? element.id ?? nameOf(element));
}
export function cut(text: string): string {
  return text.length > flowLimits.name ? text.slice(0, flowLimits.name).replace(/\p{Surrogate}$/u, '') : text;
}
/** Says by name that an element cannot be carried out. */
export function unsupported(element: ModdleElement, of: ModdleElement = element): BpmnProblem {
  const name = nameOf(element);
  return bpmnProblem('unsupported', `不支持元素 ${name}（“${labelOf(of)}”）。`, `The element ${name} (“${labelOf(of)}”) is not supported.`, name, of.id ?? null);
}

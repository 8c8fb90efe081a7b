/** Why a BPMN document was not taken (导入失败的原因): a stable code, the element it concerns, a sentence in both languages. */
export interface BpmnProblem {
  code: 'too_large' | 'too_deep' | 'too_many_elements' | 'doctype' | 'encoding' | 'malformed' | 'not_bpmn' | 'no_process' | 'several_processes' | 'unsupported' | 'missing_reference' | 'duplicate_id' | 'extension';
  /** Name of the element as BPMN writes it, such as `bpmn:transaction`; null where it is about the whole document. */
  element: string | null;
  /** Its id, where it has one. */
  id: string | null;
  message: { zh: string; en: string };
}

/** Thrown by the parts of the reader; {@link readBpmn} turns it into an answer. */
export class BpmnRefused extends Error {
  readonly problems: readonly BpmnProblem[];

  constructor(problems: readonly BpmnProblem[]) {
    super(problems.map(({ message }) => message.en).join(' '));
    this.name = 'BpmnRefused';
    this.problems = problems;
  }
}

/** One problem with its sentence; texts of the document are cut short, for they are anybody's. */
export function bpmnProblem(code: BpmnProblem['code'], zh: string, en: string, element: string | null = null, id: string | null = null): BpmnProblem {
  return { code, element, id: id === null ? null : short(id), message: { zh, en } };
}

/** At most 60 characters of a text from outside, in one line. */
export function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

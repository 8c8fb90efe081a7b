import type { FlowDefinition } from '../../../rules/workflow/definition.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import type { Language } from '../../ui/preferences.ts';
import type { FlowSay } from './flow-texts.ts';

/** How an outcome of a node is called (处理结果名称): its own name, or that of a decision; the key where it has none. */
export function outcomeName(definition: FlowDefinition, node: string | null, outcome: string, language: Language, say: FlowSay): string {
  const found = definition.nodes.find(({ id }) => id === node);
  const own = found !== undefined && 'outcomes' in found ? found.outcomes?.find(({ key }) => key === outcome) : undefined;
  if (own !== undefined) return wordsIn(own.name, language) || outcome;
  return outcome === 'approved' || outcome === 'rejected' || outcome === 'done' || outcome === 'failed' ? say(`outcome.${outcome}`) : outcome;
}

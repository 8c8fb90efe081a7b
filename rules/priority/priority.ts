import type { Priority } from '../ticket/lifecycle.ts';

/** What the priority of a request is reckoned from (优先级依据). */
export interface PriorityEvidence {
  text: string;
  customerTier: string | null;
  /** Whether the organization calls that tier important. */
  isImportantTier: boolean;
  assetCriticality: 'low' | 'normal' | 'high' | null;
}

export interface PriorityFactor {
  factor: string;
  points: number;
  detail?: string;
}

/** A priority with its reasons: every factor and what it weighed, so that it can be shown and disputed. */
export interface ExplainedPriority {
  priority: Priority;
  score: number;
  factors: PriorityFactor[];
}

// Danger to people or to the building counts at once; loss of use counts; the rest is ordinary.
const dangers = ['水管爆裂', '爆管', '爆裂', '漏电', '触电', '着火', '起火', '冒烟', '燃气泄漏', '煤气泄漏', '天然气泄漏', '燃气味', '被困', '困人', '困在电梯', '坠落', '倒塌', '晕倒', '受伤', 'gas leak', 'on fire', 'trapped', 'electric shock', 'burst pipe'];
const losses = ['漏水', '渗水', '停水', '停电', '断电', '跳闸', '没电', '没水', '堵塞', '倒灌', '打不开门', '进不去', '无法进门', '坏了', '失灵', '停运', '不制冷', '不制热', 'water leak', 'no power', 'no water', 'locked out', 'flooding'];
const pressing = ['急', '马上', '立刻', '尽快', '赶紧', 'urgent', 'asap', 'immediately'];

/**
 * Reckons a priority (优先级计算): points for danger in the words (60), loss of use (25), pressing words (10), an
 * important customer (15) and a critical asset (20); from 60 urgent, from 35 high, from 0 normal. Nothing lowers it.
 */
export function reckonPriority(evidence: PriorityEvidence): ExplainedPriority {
  const text = evidence.text.toLowerCase();
  const factors: PriorityFactor[] = [];
  const word = (list: readonly string[]) => list.find((candidate) => text.includes(candidate));
  const danger = word(dangers);
  if (danger !== undefined) factors.push({ factor: 'danger', points: 60, detail: danger });
  const loss = word(losses);
  if (loss !== undefined) factors.push({ factor: 'loss_of_use', points: 25, detail: loss });
  const press = word(pressing);
  if (press !== undefined) factors.push({ factor: 'pressing_words', points: 10, detail: press });
  if (evidence.customerTier !== null && evidence.isImportantTier) factors.push({ factor: 'customer_tier', points: 15, detail: evidence.customerTier });
  if (evidence.assetCriticality === 'high') factors.push({ factor: 'asset_criticality', points: 20 });
  const score = factors.reduce((sum, factor) => sum + factor.points, 0);
  return { priority: score >= 60 ? 'urgent' : score >= 35 ? 'high' : 'normal', score, factors };
}

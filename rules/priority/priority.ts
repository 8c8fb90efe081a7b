import { withoutDenied } from '../text/category-names.ts';
import type { Priority } from '../ticket/lifecycle.ts';
import { dangerIn } from './danger.ts';

/** What the priority of a request is reckoned from (优先级依据). */
export interface PriorityEvidence {
  text: string;
  /** What its category is called, in every language: one that somebody chose, or that was surely recognized. */
  categoryNames?: readonly string[];
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

/** As sure as a guessed category has to be to count for the priority. */
export const sureCategory = 0.9;

// Danger to people or to the building counts at once; loss of use counts; the rest is ordinary.
const losses = /漏水|渗水|停水|停电|断电|断水|跳闸|没电|没水|堵塞|倒灌|积水|打不开门|进不去|进不了|无法进门|坏了|失灵|停运|不制冷|不制热|water leak|leaking|no power|no water|power cut|locked out|flooding/iu;
const pressing = /(?<![应告缓焦])急(?!诊|救|性|刹|停|转|流|促|躁)(?<!紧急(?=出口|通道|按钮|按键|呼叫|疏散|停|联系|电话|制动|开关|照明|门|灯))|马上|立刻|立即|尽快|赶紧|\burgent(?:ly)?\b|\basap\b|\bimmediately\b|\bright away\b/iu;
// Somebody has time.
const unpressed = /(?:并?不(?:是|用|必|需要?|要|怎么|算|那么|这么|太|很|会)*|没有?(?:那么|这么)?|别|无需)(?:那么|这么|太|很|特别)?(?:着急|紧急|急|马上|立刻|立即|尽快|赶紧)|\b(?:not|isn['’]?t)(?: \w+)? urgent\b|\bno (?:rush|hurry)\b/giu;

/**
 * Reckons a priority (优先级计算): points for danger in the words or in the name of the category (60, once), loss of use (25), pressing words (10), an
 * important customer (15) and a critical asset (20); from 60 urgent, from 35 high, from 0 normal. Nothing lowers it, and what is denied does not count.
 */
export function reckonPriority(evidence: PriorityEvidence): ExplainedPriority {
  const factors: PriorityFactor[] = [];
  const meant = withoutDenied(evidence.text);
  const danger = dangerIn(evidence.text);
  if (danger !== null) factors.push({ factor: 'danger', points: 60, detail: danger });
  else if (evidence.categoryNames?.some((name) => dangerIn(name) !== null)) factors.push({ factor: 'category', points: 60, detail: evidence.categoryNames[0]! });
  const loss = losses.exec(meant)?.[0];
  if (loss !== undefined) factors.push({ factor: 'loss_of_use', points: 25, detail: loss });
  const press = pressing.exec(meant.replace(unpressed, ' '))?.[0];
  if (press !== undefined) factors.push({ factor: 'pressing_words', points: 10, detail: press });
  if (evidence.customerTier !== null && evidence.isImportantTier) factors.push({ factor: 'customer_tier', points: 15, detail: evidence.customerTier });
  if (evidence.assetCriticality === 'high') factors.push({ factor: 'asset_criticality', points: 20 });
  return weighed(factors);
}

/**
 * A priority that was reckoned, with another category (改分类重算): what the category alone spoke for goes with it.
 *
 * @returns null where the category makes no difference
 */
export function withCategory(reckoned: { factors: readonly PriorityFactor[] }, names: readonly string[]): ExplainedPriority | null {
  const rest = reckoned.factors.filter(({ factor }) => factor !== 'category');
  const speaks = !rest.some(({ factor }) => factor === 'danger') && names.some((name) => dangerIn(name) !== null);
  return speaks || rest.length < reckoned.factors.length ? weighed(speaks ? [{ factor: 'category', points: 60, detail: names[0]! }, ...rest] : rest) : null;
}

function weighed(factors: PriorityFactor[]): ExplainedPriority {
  const score = factors.reduce((sum, factor) => sum + factor.points, 0);
  return { priority: score >= 60 ? 'urgent' : score >= 35 ? 'high' : 'normal', score, factors };
}

import { ownTexts } from '../texts/own-texts.ts';
import { propertyPhrases } from './property-phrases.ts';
import { pagePhrases } from './page-phrases.ts';

/** The texts of the flows (流程文案): fetched with their pages. */
export const { useTexts: useFlowTexts, t: sayFlow } = ownTexts({ ...pagePhrases, ...propertyPhrases });
export type FlowSay = typeof sayFlow;

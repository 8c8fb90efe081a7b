import type { TextBank } from './bank.ts';
import { environmentTexts } from './environment.ts';
import { houseTexts } from './house.ts';
import { hvacTexts } from './hvac.ts';
import { liftTexts } from './lift.ts';
import { orderTexts } from './order.ts';
import { powerTexts } from './power.ts';
import { serviceTexts } from './service.ts';
import { smartTexts } from './smart.ts';
import { waterTexts } from './water.ts';

/** The texts of every symptom, by the key of its category. */
export const symptomTexts: TextBank = { ...waterTexts, ...powerTexts, ...liftTexts, ...smartTexts, ...hvacTexts, ...houseTexts, ...environmentTexts, ...orderTexts, ...serviceTexts };

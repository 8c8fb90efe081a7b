import { Type, type Static, type TSchema } from 'typebox';
import { Asset } from './asset.ts';
import { Closed, Nullable, visible } from './common.ts';
import { Account, Customer } from './customer.ts';
import { Staff } from './organization.ts';
import { TicketLine } from './view.ts';

/** How many of a kind are counted, and how many of them are shown. */
export const searchLimits = { counted: 20, shown: 5, words: 200 } as const;

/** What is looked for in everything at once (全局搜索). */
export const SearchEverything = Closed({ q: Type.String({ minLength: 1, maxLength: searchLimits.words, pattern: visible, description: 'Words, part of a name, a number, a code; as in the lists of each kind' }) }, { title: 'SearchEverything' });

const group = <Item extends TSchema>(item: Item, list: string) => Nullable(Closed({
  count: Type.Integer({ maximum: searchLimits.counted, description: `How many there are; no more than ${searchLimits.counted} are counted` }),
  more: Type.Boolean({ description: 'Whether there are more than were counted' }),
  items: Type.Array(item, { maxItems: searchLimits.shown, description: `The first ones, as ${list} has them` }),
}, { description: 'Null for who may not see any' }));

/** What was found, by kind (分组结果): each as its own list finds it, for the same people, with the same masks. */
export const SearchResult = Closed({
  tickets: group(TicketLine, `GET /tickets?q=`), customers: group(Customer, `GET /customers?q=`), accounts: group(Account, `GET /accounts?q=`),
  assets: group(Asset, `GET /assets?q=`), staff: group(Staff, `GET /staff?q=`),
}, { title: 'SearchResult' });
export type SearchResult = Static<typeof SearchResult>;

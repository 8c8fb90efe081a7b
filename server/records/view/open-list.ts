import { limits } from '../../../contract/common.ts';
import { describeFilterProblem } from '../../../contract/filter-problems.ts';
import type { FilterProblem, Grouping, ListTicketLines, SearchSort } from '../../../contract/view.ts';
import type { Filter, Predicate } from '../../../rules/conditions/filter.ts';
import { readSearch, type SearchQuery } from '../../../rules/text/search-query.ts';
import type { Context } from '../../platform/context.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { configurationOf } from '../organization/configuration.ts';
import { applicableFilter, ensureFilter, sortProblem, viewFilterProblems } from '../ticket/filter-problems.ts';
import { filterSetting, plainFilter, withFamilies } from '../ticket/filter-setting.ts';
import type { FilterTarget } from '../ticket/filter-to-sql.ts';
import { filterInAddress, filterOfParameters } from '../ticket/list-parameters.ts';
import { findView, type AnyView } from './views.ts';

/** What somebody asks to see: a view, narrowed by parameters, a filter and words. */
export interface Asked extends Partial<Pick<ListTicketLines, 'status' | 'assignee' | 'team' | 'type' | 'category' | 'priority' | 'tag' | 'channel' | 'customer' | 'asset' | 'view' | 'q'>> {
  /** As JSON in an address, or as it came in a body. */
  filter?: unknown;
  sort?: SearchSort | undefined;
  grouping?: Grouping | 'none' | null | undefined;
  columns?: string | readonly string[] | undefined;
}

/** A list about to be read (列表准备): everything resolved for the one who asks. */
export interface OpenedList {
  /** What is asked for as it was said, checked. */
  filter: Filter;
  predicate: Predicate;
  target: FilterTarget;
  query: SearchQuery | null;
  sort: SearchSort;
  grouping: Grouping | null;
  columns: string[];
  view: AnyView | null;
  /** Conditions of the view that could not be applied; null when there is no view. */
  problems: FilterProblem[] | null;
}

/**
 * Makes out what is asked for: the view's filter as far as it can still be applied, and all that narrows it.
 *
 * @throws Refusal not_found (the view), invalid_input (a filter, a column), unknown_reference
 */
export async function openList(context: Context, asked: Asked): Promise<OpenedList> {
  const configuration = await configurationOf(context);
  const setting = await filterSetting(context, configuration);
  const view = asked.view === undefined ? null : await findView(context, asked.view);
  const kept = view === null ? null : 'standard' in view ? { ...view.standard, problems: [] } : {
    ...applicableFilter(view.row.filter, setting.properties, configuration), sort: view.row.sort, grouping: view.row.grouping, columns: view.row.columns,
  };
  const filters: Filter[] = [...kept ? [kept.filter] : [], ...filterOfParameters(asked, configuration)];
  if (asked.filter !== undefined) {
    const given = typeof asked.filter === 'string' ? filterInAddress(asked.filter) : asked.filter;
    ensureStorable(given, context.language, '/filter');
    ensureFilter(given, setting.properties);
    filters.push(given);
  }
  const q = asked.q?.trim();
  const filter: Filter = { all: filters };
  const wanted = asked.sort ?? (q ? 'relevance' : (kept?.sort as SearchSort | undefined) ?? '-createdAt');
  const unsortable = sortProblem(wanted, configuration, setting.properties);
  // The order of a view may have lost its field since; one that was asked for just now is a mistake to be told.
  if (unsortable && wanted !== kept?.sort) throw invalidInput('/sort', unsortable.code, describeFilterProblem(unsortable));
  return {
    filter, predicate: plainFilter(filter, await withFamilies(context, setting, filter)), target: setting.target,
    query: q ? readSearch(q) : null,
    sort: unsortable ? '-createdAt' : wanted,
    grouping: asked.grouping === undefined ? ((kept?.grouping ?? null) as Grouping | null) : asked.grouping === 'none' ? null : asked.grouping,
    columns: asked.columns === undefined ? [...kept?.columns ?? []] : columnsOf(asked.columns),
    view, problems: kept ? viewFilterProblems([...kept.problems, ...unsortable ? [unsortable] : []], context.language) : null,
  };
}

const column = /^(?:[a-zA-Z]+|fields\.[a-z][a-zA-Z0-9_]{0,62})$/;

function columnsOf(given: string | readonly string[]): string[] {
  const columns = typeof given === 'string' ? given.split(',').map((one) => one.trim()).filter(Boolean) : [...given];
  if (columns.length > limits.page || !columns.every((one) => column.test(one))) throw invalidInput('/columns', 'pattern');
  return [...new Set(columns)];
}


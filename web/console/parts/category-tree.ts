import type { Category } from '../../../contract/organization.ts';
import type { Language } from '../../ui/preferences.ts';
import { localName } from './names.ts';

type CategoryOption = { value: string; label: string; children?: CategoryOption[] };

/** The category tree (分类树) as pickers take it. */
export function categoryOptions(categories: readonly Category[], language: Language, parentId: string | null = null): CategoryOption[] {
  return categories
    .filter((category) => category.parentId === parentId)
    .map((category) => {
      const children = categoryOptions(categories, language, category.id);
      return { value: category.id, label: localName(category, language), ...(children.length > 0 ? { children } : {}) };
    });
}

/** The ids from the first level down to a category. */
export function categoryPath(categories: readonly Category[], id: string): string[] {
  const category = categories.find((one) => one.id === id);
  if (category === undefined) return [];
  return category.parentId === null ? [id] : [...categoryPath(categories, category.parentId), id];
}

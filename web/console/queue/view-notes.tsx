import { App, Button } from 'antd';
import type { View } from '../../../contract/view.ts';
import { describeFilter } from '../../../rules/conditions/describe-filter.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { asProblem } from '../../ui/api.ts';
import type { FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import type { ViewShape } from '../data/columns.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useUpdateView } from './view-changes.ts';
import styles from './queue-page.module.css';

type Part = 'filter' | 'columns' | 'sort' | 'grouping';
type Props = {
  view: View;
  shape: ViewShape;
  changed: readonly Part[];
  narrowed: Filter | undefined;
  vocabulary: FilterVocabulary;
  onWiden: () => void;
  onDiscard: () => void;
  onSaved: () => void;
  onSaveAs: () => void;
};

/** What one should know of the list (视图提示): what narrows it, what is not saved, what no longer holds. */
export function ViewNotes({ view, shape, changed, narrowed, vocabulary, onWiden, onDiscard, onSaved, onSaveAs }: Props) {
  const { t, language } = useTexts();
  const { message } = App.useApp();
  const update = useUpdateView(view);
  const describe = (filter: Filter): string => describeFilter(filter, { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh');

  function save(): void {
    const body = Object.fromEntries(changed.map((part) => [part, shape[part]]));
    update.mutate(body, {
      onSuccess: () => {
        onSaved();
        void message.success(t('view.saved'));
      },
      onError: (error) => {
        const problem = asProblem(error);
        void message.error(problem.status === 412 ? t('view.stale') : (problem.errors[0]?.message ?? problem.title));
      },
    });
  }
  return (
    <>
      {view.problems.length > 0 && (
        <div className={styles.note} data-tone="warning" role="status">
          <span>
            {t('view.problems')} {view.problems.map((problem) => problem.message).join(t('common.listSeparator'))}
          </span>
        </div>
      )}
      {narrowed !== undefined && (
        <div className={styles.note}>
          <span className={styles.noteText}>{t('filter.narrowed', { words: describe(narrowed) })}</span>
          <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={t('filter.clear')} title={t('filter.clear')} onClick={onWiden} />
        </div>
      )}
      {changed.length > 0 && (
        <div className={styles.note} data-tone="accent" role="status">
          <span className={styles.noteText}>
            {t('view.unsaved', { parts: changed.map((part) => t(`view.part.${part}`)).join(t('common.listSeparator')) })}
            {changed.includes('filter') && <span className={styles.noteWords}>{describe(shape.filter)}</span>}
          </span>
          {view.editable && <Button type="primary" size="small" loading={update.isPending} onClick={save}>{t('view.save')}</Button>}
          <Button size="small" onClick={onSaveAs}>{t('view.saveAs')}</Button>
          <Button type="text" size="small" onClick={onDiscard}>{t('view.discard')}</Button>
        </div>
      )}
    </>
  );
}

import { Button, Dropdown } from 'antd';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { FormProblem } from '../../../../contract/form.ts';
import type { FieldDefinition, Form, Section } from '../../../../rules/forms/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { useTexts } from '../../i18n.ts';
import { Badge } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { useDraggable, useDraggingAny, useDrop } from './dragging.ts';
import { addSection, duplicateField, kindName, removeField, removeSection, stepField, stepSection } from './edit-form.ts';
import { KindIcon } from './kind-icon.tsx';
import type { Chosen } from './properties.tsx';
import styles from './designer.module.css';

type Props = { form: Form; chosen: Chosen; problems: readonly FormProblem[]; onChange: (next: (before: Form) => Form) => void; onChoose: (chosen: Chosen) => void };

/** The form as it is put together (画布): sections with their fields, to be dragged, or moved by keys. */
export function Canvas({ form, chosen, problems, onChange, onChoose }: Props) {
  const { t: say } = useSettingsTexts();
  const place = useRef<HTMLDivElement>(null);
  const inOrder = [null, ...(form.sections ?? [])].flatMap((section) => form.fields.filter((field) => (field.section ?? null) === (section?.key ?? null)));
  useEffect(() => {
    if (chosen !== null) place.current?.querySelector(`[data-chosen]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  function onKeyDown(event: KeyboardEvent): void {
    if (chosen?.kind !== 'field' || !(event.target instanceof HTMLElement) || event.target.closest('input, textarea, [role="menu"]') !== null) return;
    const at = inOrder.findIndex((field) => field.key === chosen.key);
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const focus = (key: string): void => void setTimeout(() => place.current?.querySelector<HTMLElement>(`[data-card="${key}"]`)?.focus());
    if (step !== 0) {
      event.preventDefault();
      if (event.altKey) {
        onChange((before) => stepField(before, chosen.key, step));
        focus(chosen.key);
        return;
      }
      const next = inOrder[at + step];
      if (next !== undefined) {
        onChoose({ kind: 'field', key: next.key });
        focus(next.key);
      }
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      const next = inOrder[at + 1] ?? inOrder[at - 1];
      onChange((before) => removeField(before, chosen.key));
      onChoose(next === undefined ? null : { kind: 'field', key: next.key });
      if (next !== undefined) focus(next.key);
    } else if (event.key.toLowerCase() === 'd' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const copy = duplicateField(form, chosen.key);
      onChange(() => copy.form);
      onChoose({ kind: 'field', key: copy.key });
      focus(copy.key);
    }
  }

  return (
    <div ref={place} className={styles.canvas} role="group" aria-label={say('designer.canvas')} onKeyDown={onKeyDown}>
      <SectionBox section={null} form={form} chosen={chosen} problems={problems} onChange={onChange} onChoose={onChoose} />
      {(form.sections ?? []).map((section) => <SectionBox key={section.key} section={section} form={form} chosen={chosen} problems={problems} onChange={onChange} onChoose={onChoose} />)}
      <div className={styles.canvasFoot}>
        <Button
          size="small"
          icon={<Icon name="plus" size={14} />}
          onClick={() => {
            const made = addSection(form);
            onChange(() => made.form);
            onChoose({ kind: 'section', key: made.key });
          }}
        >
          {say('designer.newSection')}
        </Button>
        <span className={styles.hint}>{say('designer.keys')}</span>
      </div>
    </div>
  );
}

function SectionBox({ section, form, chosen, problems, onChange, onChoose }: Props & { section: Section | null }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const body = useRef<HTMLDivElement>(null);
  const edge = useDrop(body, section?.key ?? null, null);
  const known = new Set((form.sections ?? []).map(({ key }) => key));
  const fields = form.fields.filter((field) => (section === null ? field.section === undefined || !known.has(field.section) : field.section === section.key));
  const isChosen = section !== null && chosen?.kind === 'section' && chosen.key === section.key;
  const index = (form.sections ?? []).findIndex((one) => one.key === section?.key);
  // Where every field stands in a group, what stands before them all is but a place to drop on.
  const dragging = useDraggingAny();
  const bare = section === null && fields.length === 0 && (form.sections ?? []).length > 0;
  const wrong = section !== null && problems.some((problem) => problem.path.startsWith(`/sections/${index}`));
  return (
    <section className={styles.sectionBox} data-bare={bare || undefined} data-dragging={dragging || undefined}>
      {section !== null && (
        <header className={styles.sectionBar} data-chosen={isChosen || undefined} data-wrong={wrong || undefined}>
          <button type="button" onClick={() => onChoose({ kind: 'section', key: section.key })} aria-pressed={isChosen}>{wordsIn(section.label, language)}</button>
          {section.visible !== undefined && section.visible !== true && <Badge>{say('designer.conditional')}</Badge>}
          <Button type="text" size="small" disabled={index === 0} icon={<Icon name="chevronUp" size={14} />} aria-label={say('designer.moveUp')} onClick={() => onChange((before) => stepSection(before, section.key, -1))} />
          <Button type="text" size="small" disabled={index === (form.sections?.length ?? 0) - 1} icon={<Icon name="chevronDown" size={14} />} aria-label={say('designer.moveDown')} onClick={() => onChange((before) => stepSection(before, section.key, 1))} />
          <Button
            type="text"
            size="small"
            icon={<Icon name="trash" size={14} />}
            aria-label={`${say('designer.remove')} ${wordsIn(section.label, language)}`}
            onClick={() => {
              onChange((before) => removeSection(before, section.key));
              onChoose(null);
            }}
          />
        </header>
      )}
      <div ref={body} className={styles.cards} data-over={edge !== null || undefined}>
        {fields.length === 0 && <p className={styles.dropHere}>{form.fields.length === 0 && section === null ? say('designer.emptyHint') : say(bare ? 'designer.dropBefore' : 'designer.dropHere')}</p>}
        {fields.map((field) => <Card key={field.key} field={field} section={section?.key ?? null} form={form} chosen={chosen} problems={problems} onChange={onChange} onChoose={onChoose} />)}
      </div>
    </section>
  );
}

function Card({ field, section, form, chosen, problems, onChange, onChoose }: Props & { field: FieldDefinition; section: string | null }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const element = useRef<HTMLDivElement>(null);
  const dragging = useDraggable(element, { key: field.key });
  const edge = useDrop(element, section, field.key);
  const isChosen = chosen?.kind === 'field' && chosen.key === field.key;
  const index = form.fields.findIndex((one) => one.key === field.key);
  const own = problems.filter((problem) => problem.path === `/fields/${index}` || problem.path.startsWith(`/fields/${index}/`));
  const label = wordsIn(field.label, language) || field.key;
  const conditional = [field.visible, field.required, field.readOnly].some((condition) => typeof condition === 'object');
  return (
    <div ref={element} className={field.width === 'half' ? `${styles.card} ${styles.halfCard}` : styles.card} data-chosen={isChosen || undefined} data-wrong={own.length > 0 || undefined} data-dragging={dragging || undefined} data-edge={edge ?? undefined}>
      <button type="button" className={styles.cardMain} data-card={field.key} aria-pressed={isChosen} onClick={() => onChoose({ kind: 'field', key: field.key })}>
        <svg className={styles.grip} viewBox="0 0 8 14" width={8} height={14} fill="currentColor" aria-hidden="true"><path d="M1 2h2v2H1zM5 2h2v2H5zM1 6h2v2H1zM5 6h2v2H5zM1 10h2v2H1zM5 10h2v2H5z" /></svg>
        <KindIcon kind={field.kind} />
        <span className={styles.cardWords}>
          <span className={styles.cardLabel}>
            {label}
            {field.required === true && <span className={styles.star} aria-label={say('designer.required')}>*</span>}
          </span>
          <span className={styles.hint}>{wordsIn(kindName(field.kind), language)} · <span className={styles.mono}>{field.key}</span></span>
        </span>
        {conditional && <Badge>{say('designer.conditional')}</Badge>}
        {field.audience === 'everyone' && <Badge tone="accent">{say('designer.customers')}</Badge>}
        {field.masked === true && <Badge>{say('designer.masked')}</Badge>}
      </button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'up', label: say('designer.moveUp') },
            { key: 'down', label: say('designer.moveDown') },
            { key: 'duplicate', label: say('designer.duplicate') },
            { key: 'remove', label: say('designer.remove'), danger: true },
          ],
          onClick: ({ key, domEvent }) => {
            domEvent.stopPropagation();
            if (key === 'up') onChange((before) => stepField(before, field.key, -1));
            else if (key === 'down') onChange((before) => stepField(before, field.key, 1));
            else if (key === 'duplicate') {
              const copy = duplicateField(form, field.key);
              onChange(() => copy.form);
              onChoose({ kind: 'field', key: copy.key });
            } else {
              onChange((before) => removeField(before, field.key));
              if (isChosen) onChoose(null);
            }
          },
        }}
      >
        <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={`${say('options.details')} ${label}`} />
      </Dropdown>
      {own.length > 0 && (
        <ul className={styles.cardProblems}>
          {own.slice(0, 3).map((problem) => <li key={`${problem.path} ${problem.code}`}>{problem.message}</li>)}
        </ul>
      )}
    </div>
  );
}

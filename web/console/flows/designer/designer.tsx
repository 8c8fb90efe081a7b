import { App, Button, Popover, Tooltip } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import type { FlowFinding } from '../../../../contract/flow.ts';
import type { Point } from '../../../../rules/workflow/definition.ts';
import { Icon } from '../../parts/icon.tsx';
import { useWide } from '../../parts/wide.ts';
import { FlowCanvas, type CanvasEditing } from '../canvas/flow-canvas.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import { useFlowWords } from '../flow-words.ts';
import { AddMenu } from './add-menu.tsx';
import { appendNode, arrange, connect, fragmentOf, freshId, insertNode, moveNodes, paste, placeNode, readFragment, reconnect, remove, type Fragment } from './edit-flow.ts';
import { marksOf, wrongEdgesOf } from './findings.ts';
import { grid } from './layout.ts';
import type { PaletteItem } from './node-kinds.ts';
import { Outline } from './outline.tsx';
import { Palette } from './palette.tsx';
import { Properties } from '../properties/properties.tsx';
import type { FlowDraftInHand } from './use-flow-draft.ts';
import styles from './designer.module.css';

type Wanted = Parameters<CanvasEditing['onWant']>[0];
type Props = { flowId: string; draft: FlowDraftInHand; findings: readonly FlowFinding[] };

/** What was copied last, also when the clipboard may not be read. */
let copied: Fragment | null = null;

/** The drawing board (流程设计): palette and outline, the canvas, and what is to be said of what is selected. */
export function Designer({ flowId, draft, findings }: Props) {
  const { t: say } = useFlowTexts();
  const { message } = App.useApp();
  const { definition, change } = draft;
  const words = useFlowWords(definition);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState<string | null>(null);
  const [wanted, setWanted] = useState<{ where: Wanted; place: { x: number; y: number } } | null>(null);
  const [arranged, setArranged] = useState(0);
  const side = useRef<HTMLElement>(null);
  const wide = useWide(1024);
  const latest = useRef({ definition, selected });
  useEffect(() => {
    latest.current = { definition, selected };
  });
  const marks = useMemo(() => marksOf(findings), [findings]);
  const wrongEdges = useMemo(() => wrongEdgesOf(findings), [findings]);

  /** Carries out a command that makes a node, and selects it. */
  const make = useCallback((command: (before: typeof definition) => { definition: typeof definition; id: string } | null, missing = 'canvas.noRoom' as const): string | null => {
    const made = command(latest.current.definition);
    if (made === null) {
      void message.warning(say(missing));
      return null;
    }
    change(() => made.definition);
    setSelected(new Set([made.id]));
    setFocus(made.id);
    return made.id;
  }, [change, message, say]);

  const editing = useMemo((): CanvasEditing => ({
    onMove: (places) => change((before) => moveNodes(before, places)),
    onConnect: (from, to) => change((before) => connect(before, from, to)),
    onReconnect: (edge, from, to) => change((before) => reconnect(before, edge, from, to)),
    onDropItem: (item, where) => void make((before) => ('edge' in where ? insertNode(before, item, where.edge) : placeNode(before, item, where.at))),
    onWant: (where, place) => setWanted({ where, place }),
  }), [change, make]);

  /** From the palette by a click: into the selected arrow, behind the selected step, or below everything. */
  function add(item: PaletteItem): void {
    const [only] = selected;
    const one = selected.size === 1 && only !== undefined ? only : null;
    make((before) => {
      if (one !== null && before.edges.some(({ id }) => id === one)) return insertNode(before, item, one);
      if (one !== null && before.nodes.some(({ id }) => id === one)) {
        const appended = appendNode(before, item, one);
        if (appended !== null) return appended;
      }
      const low = Math.max(0, ...before.nodes.map((node) => (node.box?.y ?? 0) + 120));
      return placeNode(before, item, { x: before.nodes[0]?.box === undefined ? 320 : before.nodes[0].box.x + 56, y: before.nodes.length === 0 ? 80 : low + 40 });
    });
  }

  const closeMenu = useCallback(() => setWanted(null), []);
  function chooseWanted(item: PaletteItem): void {
    const where = wanted?.where;
    setWanted(null);
    if (where === undefined) return;
    const made = make((before) => {
      if ('edge' in where) return insertNode(before, item, where.edge);
      if ('after' in where) return appendNode(before, item, where.after);
      const placedNode = placeNode(before, item, { x: where.at.x, y: where.at.y + 38 });
      return placedNode === null ? null : { definition: connect(placedNode.definition, where.from, placedNode.id), id: placedNode.id };
    });
    // Whoever draws by keyboard goes on from the new step.
    if (made !== null) focusNode(made);
  }
  const nameIt = useCallback(() => {
    const name = side.current?.querySelector('input');
    name?.focus();
    name?.select();
  }, []);

  const removeSelected = useCallback(() => {
    const ids = latest.current.selected;
    if (ids.size === 0) return;
    change((before) => remove(before, ids));
    setSelected(new Set());
  }, [change]);

  const put = useCallback((fragment: Fragment | null, by: Point) => {
    const made = fragment === null ? null : paste(latest.current.definition, fragment, by);
    if (made === null) return;
    change(() => made.definition);
    setSelected(new Set(made.ids));
  }, [change]);
  const copy = useCallback((): string | null => {
    const fragment = fragmentOf(latest.current.definition, latest.current.selected);
    if (fragment.nodes.length === 0) return null;
    copied = fragment;
    return JSON.stringify({ flow: fragment });
  }, []);

  useEffect(() => {
    const typing = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="listbox"]') !== null;
    const onCopy = (event: ClipboardEvent): void => {
      if (typing(event.target) || (getSelection()?.toString() ?? '') !== '') return;
      const text = copy();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut') removeSelected();
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (typing(event.target)) return;
      const fragment = readFragment(event.clipboardData?.getData('text/plain') ?? '') ?? copied;
      if (fragment === null) return;
      event.preventDefault();
      put(fragment, { x: grid * 4, y: grid * 4 });
    };
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (typing(event.target) || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      const command = event.ctrlKey || event.metaKey;
      if (command && key === 'z') {
        if (event.shiftKey) draft.redo();
        else draft.undo();
      } else if (command && key === 'y') draft.redo();
      else if (command && key === 'd') put(fragmentOf(latest.current.definition, latest.current.selected), { x: grid * 4, y: grid * 4 });
      else if (command && key === 'a') setSelected(new Set([...latest.current.definition.nodes, ...latest.current.definition.edges].map(({ id }) => id)));
      else if (!command && (event.key === 'Delete' || event.key === 'Backspace')) removeSelected();
      else if (event.key === 'Escape') setSelected(new Set());
      else return;
      event.preventDefault();
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
      document.removeEventListener('keydown', onKey);
    };
  }, [copy, draft, put, removeSelected]);

  // A step on the canvas that has the focus is opened by Enter, and asked for what follows by A.
  function pressOnCanvas(event: KeyboardEvent): void {
    const id = (event.target as HTMLElement).closest('.react-flow__node')?.getAttribute('data-id');
    if (id == null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'F2') {
      event.preventDefault();
      flushSync(() => setSelected(new Set([id])));
      nameIt();
    }
    if (event.key.toLowerCase() === 'a') {
      event.preventDefault();
      const box = (event.target as HTMLElement).getBoundingClientRect();
      setWanted({ where: { after: id }, place: { x: box.left + box.width / 2, y: box.bottom } });
    }
  }

  // From its name by Enter, and from anywhere in its panel by Escape, one is back at the step.
  function pressBeside(event: KeyboardEvent): void {
    const place = event.target as HTMLElement;
    const [only] = selected;
    if (event.nativeEvent.isComposing || selected.size !== 1 || !definition.nodes.some(({ id }) => id === only)) return;
    const leaves = event.key === 'Enter' ? place === side.current?.querySelector('input') : event.key === 'Escape' && place.closest('.ant-select, [aria-expanded="true"]') === null;
    if (!leaves) return;
    event.preventDefault();
    focusNode(only!);
  }

  const select = useCallback((ids: ReadonlySet<string>) => {
    setSelected(ids);
    const [only] = ids;
    if (ids.size === 1 && only !== undefined) setFocus(only);
  }, []);
  const general = findings.filter(({ node, edge }) => node === null && edge == null);
  const errors = findings.filter(({ level }) => level === 'error').length;

  return (
    <div className={styles.body}>
      <div className={styles.left}>
        <Palette onAdd={add} hasStart={definition.nodes.some(({ kind }) => kind === 'start')} />
        <Outline definition={definition} words={words} selected={selected} marks={marks} onSelect={select} />
      </div>
      <div className={styles.middle}>
        <div className={styles.tools} role="toolbar" aria-label={say('tools.label')}>
          <Tooltip title={`${say('tools.undo')}  Ctrl Z`}><Button type="text" size="small" disabled={!draft.canUndo} icon={<Icon name="reply" />} aria-label={say('tools.undo')} onClick={draft.undo} /></Tooltip>
          <Tooltip title={`${say('tools.redo')}  Ctrl Y`}><Button type="text" size="small" disabled={!draft.canRedo} icon={<Icon name="reopen" />} aria-label={say('tools.redo')} onClick={draft.redo} /></Tooltip>
          <span className={styles.rule} />
          <Button type="text" size="small" icon={<Icon name="columns" />} disabled={definition.nodes.length === 0} onClick={() => { change(arrange); setArranged((before) => before + 1); }}>{say('tools.arrange')}</Button>
          <Tooltip title={`${say('tools.duplicate')}  Ctrl D`}><Button type="text" size="small" disabled={selected.size === 0} icon={<Icon name="copy" />} aria-label={say('tools.duplicate')} onClick={() => put(fragmentOf(definition, selected), { x: grid * 4, y: grid * 4 })} /></Tooltip>
          <Tooltip title={`${say('tools.remove')}  Delete`}><Button type="text" size="small" disabled={selected.size === 0} icon={<Icon name="trash" />} aria-label={say('tools.remove')} onClick={removeSelected} /></Tooltip>
          <span className={styles.grow} />
          <Popover
            trigger="click" placement="bottomRight"
            content={findings.length === 0 ? say('check.fine') : (
              <ul className={styles.findings}>
                {findings.map((finding) => {
                  const node = definition.nodes.find(({ id }) => id === finding.node);
                  const edge = definition.edges.find(({ id }) => id === finding.edge);
                  const target = edge === undefined ? undefined : definition.nodes.find(({ id }) => id === edge.to);
                  return (
                    <li key={`${finding.node} ${finding.edge} ${finding.at} ${finding.code} ${finding.message}`}>
                      <button type="button" onClick={() => select(new Set(finding.edge != null ? [finding.edge] : finding.node !== null ? [finding.node] : []))}>
                        <span className={styles.dot} data-level={finding.level} />
                        <span>{node !== undefined && <strong>{words.name(node) || words.kind(node)}{target !== undefined && ` → ${words.name(target) || words.kind(target)}`}</strong>} {finding.message}</span>
                      </button>
                    </li>
                  );
                })}
              </ul>
            )}
          >
            <Button type="text" size="small" danger={errors > 0} icon={<Icon name={errors > 0 ? 'info' : 'checkCircle'} />}>{errors > 0 ? say('check.errors', { count: errors }) : findings.length > 0 ? say('check.warnings', { count: findings.length }) : say('check.fine')}</Button>
          </Popover>
        </div>
        <div className={styles.canvas}>
          <FlowCanvas
            definition={definition} label={say('canvas.label')} selected={selected} onSelect={setSelected} marks={marks} wrongEdges={wrongEdges} editing={editing} minimap={wide}
            fitKey={`${flowId} ${arranged}`} focus={focus} onName={nameIt} onKeyDown={pressOnCanvas}
          >
            {definition.nodes.length === 0 && (
              <div className={styles.empty}>
                <strong>{say('canvas.empty')}</strong>
                <p>{say('canvas.emptyHint')}</p>
                <Button type="primary" onClick={() => { change((before) => starter(before, say('starter.start'), say('starter.end'))); setArranged((before) => before + 1); }}>{say('canvas.begin')}</Button>
              </div>
            )}
          </FlowCanvas>
        </div>
        {general.length > 0 && <p className={styles.general} role="status">{general[0]!.message}</p>}
      </div>
      <aside ref={side} className={styles.side} aria-label={say('properties.label')} onKeyDown={pressBeside}>
        <Properties flowId={flowId} definition={definition} selected={selected} findings={findings} words={words} onChange={change} onSelect={select} onRemove={removeSelected} />
      </aside>
      {wanted !== null && <AddMenu place={wanted.place} onChoose={chooseWanted} onClose={closeMenu} />}
    </div>
  );
}

/** Puts the focus on a step that is about to be drawn. */
function focusNode(id: string, tries = 10): void {
  requestAnimationFrame(() => {
    const node = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`);
    if (node !== null) node.focus();
    else if (tries > 0) focusNode(id, tries - 1);
  });
}

/** The least there is: a start and an end. */
function starter(definition: FlowDraftInHand['definition'], start: string, end: string): FlowDraftInHand['definition'] {
  const first = freshId(definition, 'start');
  const last = freshId(definition, 'end');
  return {
    ...definition,
    nodes: [{ id: first, kind: 'start', name: { zh: start, en: 'Start' }, box: { x: 320, y: 40 } }, { id: last, kind: 'end', name: { zh: end, en: 'End' }, box: { x: 320, y: 240 } }],
    edges: [{ id: freshId(definition, 'edge'), from: first, to: last }],
  };
}

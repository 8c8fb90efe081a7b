import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Background, BackgroundVariant, MiniMap, Position, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, type Connection, type EdgeChange, type FinalConnectionState, type NodeChange } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { FlowDefinition, Point } from '../../../../rules/workflow/definition.ts';
import { boxOf, timerSize } from '../../../../rules/workflow/bpmn/sizes.ts';
import { hostOf, mayConnect, timersOf } from '../designer/edit-flow.ts';
import { backwardArrows, grid } from '../designer/layout.ts';
import { isGateway, type PaletteItem } from '../designer/node-kinds.ts';
import { useWide } from '../../parts/wide.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { useFlowWords } from '../flow-words.ts';
import { ArrowHeads, FlowEdgeView, type CanvasEdge } from './flow-edge.tsx';
import { FlowNodeView, type CanvasNode, type NodeMark } from './flow-node.tsx';
import { paletteItemFrom } from './palette-drag.ts';
import { ZoomBar } from './zoom-bar.tsx';
import styles from './canvas.module.css';

const nodeTypes = { flow: FlowNodeView };
const edgeTypes = { flow: FlowEdgeView };
const nothing: ReadonlySet<string> = new Set();
/** Of the overview, in pixels; what it draws goes by it. */
const mapSize = { width: 168, height: 112 };

/** What may be done on a canvas that is edited. */
export interface CanvasEditing {
  onMove: (places: ReadonlyMap<string, Point>) => void;
  onConnect: (from: string, to: string) => void;
  onReconnect: (edge: string, from: string, to: string) => void;
  /** Something was dropped: into an arrow, or at a place. */
  onDropItem: (item: PaletteItem, where: { edge: string } | { at: Point }) => void;
  /** Somebody wants to put something into an arrow, behind a node, or at the end of an arrow that was let go over nothing. */
  onWant: (where: { edge: string } | { after: string } | { from: string; at: Point }, place: { x: number; y: number }) => void;
}

/** About how wide a name beside a gateway is, in pixels; it is cut off at some point. */
const textWidth = (text: string): number => Math.min(160, [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 13 : 7), 0));

type Props = {
  definition: FlowDefinition;
  label: string;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
  marks?: ReadonlyMap<string, NodeMark>;
  /** Edges that were taken, that are wrong, and how they differ from another version. */
  taken?: ReadonlySet<string>;
  wrongEdges?: ReadonlySet<string>;
  edgeChanges?: ReadonlyMap<string, 'added' | 'removed' | 'changed'>;
  editing?: CanvasEditing;
  minimap?: boolean;
  /** Changes whenever everything should be brought into sight. */
  fitKey?: string | number;
  /** The node that is to be brought into sight. */
  focus?: string | null;
  /** A node was pressed twice: it is to be named. */
  onName?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children?: ReactNode;
};

/** The canvas (流程画布): draws a flow; where it may be edited, everything can be dragged, drawn and dropped. */
export function FlowCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner({ definition, label, selected = nothing, onSelect, marks, taken = nothing, wrongEdges = nothing, edgeChanges, editing, minimap = true, fitKey, focus, onName, onKeyDown, children }: Props) {
  const { t: say } = useFlowTexts();
  const words = useFlowWords(definition);
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const frame = useRef<HTMLDivElement>(null);
  const [moving, setMoving] = useState<ReadonlyMap<string, Point> | null>(null);
  const [dropEdge, setDropEdge] = useState<string | null>(null);
  const editable = editing !== undefined;
  // On a phone it would hide what it shows.
  const hasMap = useWide(1024) && minimap && definition.nodes.length > 3;
  const latest = useRef({ editing, definition });
  useEffect(() => {
    latest.current = { editing, definition };
  });

  const want = useCallback((where: { edge: string } | { after: string }, element: HTMLElement) => {
    const box = element.getBoundingClientRect();
    latest.current.editing?.onWant(where, { x: box.left + box.width / 2, y: box.bottom });
  }, []);
  const onAppend = useCallback((id: string, element: HTMLElement) => want({ after: id }, element), [want]);
  const onInsert = useCallback((id: string, element: HTMLElement) => want({ edge: id }, element), [want]);
  const onChoose = useCallback((id: string) => onSelect?.(new Set([id])), [onSelect]);

  const nodes = useMemo((): CanvasNode[] => {
    const hasOut = new Set(definition.edges.map(({ from }) => from));
    return definition.nodes.flatMap((node): CanvasNode[] => {
      const box = boxOf(node);
      if (box === null) return [];
      const position = moving?.get(node.id) ?? { x: box.x, y: box.y };
      const { width, height } = box;
      const handle = { width: 10, height: 10, x: width / 2 - 5 };
      return [{
        id: node.id, type: 'flow', position, width, height, measured: { width, height }, selected: selected.has(node.id), draggable: editable, connectable: editable, deletable: false,
        handles: [
          { id: 'in', type: 'target', position: Position.Top, ...handle, y: -5 },
          { id: 'out', type: 'source', position: Position.Bottom, ...handle, y: height - 5 },
          ...timersOf(node).map((timer, index) => ({ id: timer.id, type: 'source' as const, position: Position.Bottom, width: 10, height: 10, x: width - 10 - index * 44 - timerSize / 2 - 5, y: height + timerSize / 2 - 5 })),
        ],
        ariaLabel: `${words.kind(node)} ${words.name(node)}. ${words.summary(node)}`,
        data: {
          node, name: words.name(node) || (isGateway(node.kind) ? '' : words.kind(node)), kindName: words.kind(node), summary: words.summary(node), chips: words.chips(node), mark: marks?.get(node.id) ?? {}, editable, isLast: !hasOut.has(node.id),
          timerNames: timersOf(node).map(words.timer), onAppend, appendLabel: say('canvas.append', { name: words.name(node) }),
        },
      }];
    });
  }, [definition, moving, selected, marks, editable, words, onAppend, say]);

  const edges = useMemo((): CanvasEdge[] => {
    const boxes = new Map(nodes.map((node) => [node.id, { x: node.position.x, y: node.position.y, width: node.width!, height: node.height! }]));
    const backward = backwardArrows(nodes.map((node) => ({ id: node.id, width: 0, height: 0 })), definition.edges.map((edge) => ({ id: edge.id, from: hostOf(definition, edge.from)?.id ?? '', to: edge.to })));
    const order = [...backward];
    // What is written beside a gateway is in the way as well.
    const nameRoom = new Map(nodes.filter(({ data }) => isGateway(data.node.kind)).map(({ id, data }) => [id, textWidth(data.name)]));
    const into = Map.groupBy(definition.edges, ({ to }) => to);
    return definition.edges.flatMap((edge): CanvasEdge[] => {
      const host = hostOf(definition, edge.from);
      const [source, target] = [host === undefined ? undefined : boxes.get(host.id), boxes.get(edge.to)];
      if (host === undefined || source === undefined || target === undefined) return [];
      const others = [...boxes].flatMap(([id, box]) => (id === host.id || id === edge.to ? [] : [{ ...box, width: box.width + (nameRoom.get(id) ?? 0) }]));
      const change = edgeChanges?.get(edge.id);
      return [{
        id: edge.id, type: 'flow', source: host.id, target: edge.to, sourceHandle: host.id === edge.from ? 'out' : edge.from, targetHandle: 'in', selected: selected.has(edge.id), deletable: false, reconnectable: editable, focusable: false, ariaLabel: say('canvas.edge', { from: words.name(host), to: words.name(definition.nodes.find(({ id }) => id === edge.to)!) }),
        data: { label: words.edge(edge), isDefault: edge.isDefault === true, wrong: wrongEdges.has(edge.id), taken: taken.has(edge.id), ...(change === undefined ? {} : { change }), source, target, others, nudge: Math.max(0, order.indexOf(edge.id)), joined: (into.get(edge.to)?.length ?? 0) > 1, dropping: dropEdge === edge.id, ...(editable ? { onInsert } : {}), ...(onSelect === undefined ? {} : { onChoose }), insertLabel: say('canvas.insert') },
      }];
    });
  }, [definition, nodes, selected, words, wrongEdges, taken, edgeChanges, dropEdge, editable, onInsert, onChoose, onSelect, say]);

  function changeNodes(changes: NodeChange<CanvasNode>[]): void {
    const places = new Map(moving ?? []);
    let isDone = false;
    let isMoved = false;
    let chosen: Set<string> | null = null;
    for (const change of changes) {
      if (change.type === 'position' && change.position !== undefined) {
        places.set(change.id, change.position);
        isMoved = true;
        if (change.dragging !== true) isDone = true;
      } else if (change.type === 'position' && change.dragging === false) {
        isDone = true;
      } else if (change.type === 'select') {
        chosen ??= new Set(selected);
        if (change.selected) chosen.add(change.id);
        else chosen.delete(change.id);
      }
    }
    if (chosen !== null) select(chosen);
    if (!isMoved && !isDone) return;
    if (isDone && places.size > 0) {
      editing?.onMove(places);
      setMoving(null);
    } else if (isMoved) {
      setMoving(places);
    }
  }

  const choosing = useRef<ReadonlySet<string>>(selected);
  useEffect(() => {
    choosing.current = selected;
  });
  // Nodes and edges tell of the same click one after the other.
  function select(ids: ReadonlySet<string>): void {
    choosing.current = ids;
    onSelect?.(ids);
  }
  function changeEdges(changes: EdgeChange<CanvasEdge>[]): void {
    const chosen = new Set(choosing.current);
    for (const change of changes) {
      if (change.type !== 'select') continue;
      if (change.selected) chosen.add(change.id);
      else chosen.delete(change.id);
    }
    select(chosen);
  }

  const sourceOf = ({ source, sourceHandle }: { source: string; sourceHandle: string | null }): string => (sourceHandle === null || sourceHandle === 'out' ? source : sourceHandle);
  function connectEnd(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
    if (state.isValid === true || state.fromNode === null || state.toNode !== null || state.fromHandle?.type !== 'source') return;
    const at = 'changedTouches' in event ? event.changedTouches[0]! : event;
    const point = flow.screenToFlowPosition({ x: at.clientX, y: at.clientY });
    editing?.onWant({ from: sourceOf({ source: state.fromNode.id, sourceHandle: state.fromHandle.id ?? null }), at: point }, { x: at.clientX, y: at.clientY });
  }

  useEffect(() => {
    const element = frame.current;
    if (element === null || !editable) return undefined;
    // What is let go near the middle of an arrow goes into it.
    const edgeNear = (x: number, y: number): string | null => {
      let best: { id: string; far: number } | null = null;
      for (const place of element.querySelectorAll<HTMLElement>('[data-edge]')) {
        const box = place.getBoundingClientRect();
        const far = Math.max(Math.abs(box.left + box.width / 2 - x) / Math.max(box.width / 2 + 34, 60), Math.abs(box.top + box.height / 2 - y) / 34);
        if (far < 1 && (best === null || far < best.far)) best = { id: place.dataset['edge'] ?? '', far };
      }
      return best?.id ?? null;
    };
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => paletteItemFrom(source.data) !== null,
      onDrag: ({ location }) => setDropEdge(edgeNear(location.current.input.clientX, location.current.input.clientY)),
      onDragLeave: () => setDropEdge(null),
      onDrop: ({ source, location }) => {
        setDropEdge(null);
        const item = paletteItemFrom(source.data);
        if (item === null) return;
        const { clientX, clientY } = location.current.input;
        const edge = item === 'start' ? null : edgeNear(clientX, clientY);
        latest.current.editing?.onDropItem(item, edge === null ? { at: flow.screenToFlowPosition({ x: clientX, y: clientY }) } : { edge });
      },
    });
  }, [editable, flow]);

  const fit = useCallback(() => void flow.fitView({ padding: 0.12, maxZoom: 1, duration: 0 }), [flow]);
  const shown = useRef<typeof fitKey>(undefined);
  useEffect(() => {
    if (shown.current === fitKey) return undefined;
    shown.current = fitKey;
    const frameRequest = requestAnimationFrame(fit);
    return () => cancelAnimationFrame(frameRequest);
  }, [fitKey, fit]);
  useEffect(() => {
    const node = focus == null ? undefined : definition.nodes.find(({ id }) => id === focus);
    const box = node === undefined ? null : boxOf(node);
    const view = frame.current?.getBoundingClientRect();
    if (box === null || view === undefined) return;
    const zoom = flow.getZoom();
    const upperLeft = flow.flowToScreenPosition({ x: box.x, y: box.y });
    const [right, bottom] = [upperLeft.x + box.width * zoom, upperLeft.y + box.height * zoom];
    const isCovered = hasMap && right > view.right - mapSize.width - 24 && bottom > view.bottom - mapSize.height - 24;
    const isInSight = upperLeft.x > view.left && upperLeft.y > view.top && right < view.right && bottom < view.bottom && !isCovered;
    if (!isInSight) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.max(zoom, 0.6), duration: 0 });
    // Only a new focus moves the canvas, not each change of the flow.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [focus, flow]);

  return (
    <div ref={frame} className={styles.frame} data-editable={editable || undefined} role="presentation" onKeyDown={onKeyDown}>
      <ArrowHeads />
      <ReactFlow<CanvasNode, CanvasEdge>
        nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
        onNodesChange={changeNodes} onEdgesChange={changeEdges}
        onConnect={(connection: Connection) => editing?.onConnect(sourceOf(connection), connection.target)}
        onReconnect={(edge, connection) => editing?.onReconnect(edge.id, sourceOf(connection), connection.target)}
        onConnectEnd={connectEnd}
        onNodeDoubleClick={onName}
        isValidConnection={(connection) => mayConnect(definition, sourceOf({ source: connection.source, sourceHandle: connection.sourceHandle ?? null }), connection.target)}
        nodesDraggable={editable} nodesConnectable={editable} elementsSelectable={onSelect !== undefined} nodesFocusable edgesFocusable={false}
        snapToGrid snapGrid={[grid, grid]} connectionRadius={32} minZoom={0.15} maxZoom={1.75}
        selectionMode={SelectionMode.Partial} selectionKeyCode="Shift" multiSelectionKeyCode={['Meta', 'Control', 'Shift']} deleteKeyCode={null} panActivationKeyCode={null}
        zoomOnDoubleClick={false} panOnScroll fitView fitViewOptions={{ padding: 0.12, maxZoom: 1 }} proOptions={{ hideAttribution: true }}
        aria-label={label}
        ariaLabelConfig={{
          'node.a11yDescription.default': say('canvas.nodeHelp'), 'node.a11yDescription.keyboardDisabled': say('canvas.nodeHelp'), 'edge.a11yDescription.default': '',
          'node.a11yDescription.ariaLiveMessage': ({ x, y }) => say('canvas.moved', { x: Math.round(x), y: Math.round(y) }),
          'minimap.ariaLabel': say('canvas.minimap'), 'handle.ariaLabel': say('canvas.handle'),
        }}
      >
        <Background variant={BackgroundVariant.Dots} gap={grid * 3} size={1.5} className={styles.dots} />
        {hasMap && <MiniMap<CanvasNode> className={styles.minimap} style={mapSize} pannable zoomable position="bottom-right" nodeClassName={(node) => styles[`mini-${node.data.mark.errors ? 'wrong' : node.data.mark.tokens ? 'standing' : 'plain'}`] ?? ''} nodeBorderRadius={8} />}
        <ZoomBar onFit={fit} />
        {children}
      </ReactFlow>
    </div>
  );
}

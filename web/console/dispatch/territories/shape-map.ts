import * as leaflet from 'leaflet';
import 'leaflet/dist/leaflet.css';
import type { MapTiles } from '../../../../contract/map.ts';
import type { Ring, Shape } from '../../../../rules/places/territory.ts';
import { putBase } from '../board/map/base.ts';
import { fromTiles, onTiles } from '../board/map/coordinates.ts';

export interface ShapeModel {
  /** Those that are looked at, not edited. */
  areas: readonly { id: string; name: string; color: string; shape: Shape; chosen: boolean }[];
  /** The one that is edited, and which of its rings takes clicks. */
  draft: { color: string; shape: Shape; at: { polygon: number; ring: number } } | null;
}

export interface ShapeCallbacks {
  onChoose: (id: string) => void;
  onRing: (ring: Ring) => void;
  words: { corner: (number: number) => string; between: () => string };
}

export interface ShapeMap {
  update: (model: ShapeModel) => void;
  fit: (shape: Shape | null) => void;
  close: () => void;
}

const middle: [number, number] = [30.2741, 120.1551];
const rounded = (value: number): number => Number(value.toFixed(6));

/**
 * Opens the map of areas in an element (服务区域地图): one may be edited, its corners dragged, added by a click and taken out by Delete. Bounds are WGS-84;
 * on GCJ-02 tiles they are drawn shifted, and what is clicked is shifted back.
 */
export function openShapeMap(element: HTMLElement, tiles: MapTiles | null, { onChoose, onRing, words }: ShapeCallbacks): ShapeMap {
  const map = leaflet.map(element, { attributionControl: tiles !== null, zoomSnap: 0.5, maxZoom: tiles?.maxZoom ?? 18, minZoom: 3, fadeAnimation: false, zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches, doubleClickZoom: false });
  map.setView(middle, 11);
  leaflet.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
  putBase(map, tiles);
  const system = tiles?.system ?? 'WGS84';
  const at = ([lng, lat]: readonly [number, number]): [number, number] => onTiles({ lat, lng }, system);
  const onMap = (ring: Ring): [number, number][] => ring.map(at);
  const cornerAt = (position: leaflet.LatLng): readonly [number, number] => {
    const { lat, lng } = fromTiles(position, system);
    return [rounded(lng), rounded(lat)];
  };
  const areas = leaflet.layerGroup().addTo(map);
  const drawn = leaflet.layerGroup().addTo(map);
  let model: ShapeModel = { areas: [], draft: null };
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(`--area-${name}`).trim();
  const ringOf = ({ shape, at: { polygon, ring } }: NonNullable<ShapeModel['draft']>): Ring => shape[polygon]?.[ring] ?? [];

  function draw(): void {
    areas.clearLayers();
    for (const area of model.areas) {
      const layer = leaflet.polygon(area.shape.map((polygon) => polygon.map(onMap)), { color: colour(area.color), weight: area.chosen ? 3 : 1.5, fillOpacity: area.chosen ? 0.22 : 0.1, opacity: model.draft === null ? 1 : 0.5, interactive: model.draft === null });
      const label = document.createElement('span');
      label.textContent = area.name;
      layer.bindTooltip(label, { sticky: true });
      layer.on('click', () => onChoose(area.id));
      areas.addLayer(layer);
    }
    drawDraft();
  }

  function drawDraft(): void {
    const focused = document.activeElement instanceof HTMLElement && element.contains(document.activeElement) ? document.activeElement.title : null;
    drawn.clearLayers();
    const { draft } = model;
    if (draft === null) return;
    const shade = colour(draft.color);
    drawn.addLayer(leaflet.polygon(draft.shape.map((polygon) => polygon.map(onMap)), { color: shade, weight: 2.5, fillOpacity: 0.18, interactive: false }));
    const ring = ringOf(draft);
    const replace = (index: number, taken: number, ...positions: leaflet.LatLng[]): void => onRing([...ring.slice(0, index), ...positions.map(cornerAt), ...ring.slice(index + taken)]);
    ring.forEach((place, index) => {
      const [lat, lng] = at(place);
      const title = words.corner(index + 1);
      const corner = leaflet.marker([lat, lng], { draggable: true, keyboard: true, title, alt: title, zIndexOffset: 200, icon: leaflet.divIcon({ html: `<span class="area-corner" style="--area:${shade}"></span>`, className: '', iconSize: [20, 20] }) });
      corner.on('dragend', () => replace(index, 1, corner.getLatLng()));
      corner.on('contextmenu', () => replace(index, 1));
      corner.on('keydown', ({ originalEvent: event }: leaflet.LeafletKeyboardEvent) => {
        if (event.key !== 'Delete' && event.key !== 'Backspace') return;
        event.preventDefault();
        replace(index, 1);
      });
      drawn.addLayer(corner);
      if (ring.length < 3) return;
      const next = at(ring[(index + 1) % ring.length]!);
      const between = leaflet.marker([(lat + next[0]) / 2, (lng + next[1]) / 2], { draggable: true, keyboard: false, title: words.between(), icon: leaflet.divIcon({ html: `<span class="area-between" style="--area:${shade}"></span>`, className: '', iconSize: [14, 14] }) });
      between.on('click dragend', () => replace(index + 1, 0, between.getLatLng()));
      drawn.addLayer(between);
    });
    if (focused !== null) element.querySelector<HTMLElement>(`[title="${CSS.escape(focused)}"]`)?.focus();
  }

  map.on('click', ({ latlng }) => {
    if (model.draft !== null) onRing([...ringOf(model.draft), cornerAt(latlng)]);
  });
  return {
    update(next) {
      model = next;
      draw();
    },
    fit(shape) {
      const points = (shape === null ? model.areas.map((area) => area.shape) : [shape]).flatMap((one) => one.flatMap((polygon) => polygon.flatMap(onMap)));
      if (points.length > 0) map.fitBounds(leaflet.latLngBounds(points), { padding: [30, 30], maxZoom: 15, animate: false });
    },
    close: () => void map.remove(),
  };
}
